// What the conformance program writes: the members of statuses, errors and updates, in snake_case as in all languages.

/** A status. */
export function statusForm(status) {
  return {
    status: {
      state: status.state,
      usable: status.usable,
      reason: status.reason,
      code: status.code,
      entitlements: status.entitlements,
      max_users: status.maxUsers,
      license_ends: status.licenseEnds,
      grace_ends: status.graceEnds,
      file_ends: status.fileEnds,
      checked_at: status.checkedAt,
      file: status.file,
      error: status.error && errorForm(status.error),
      storage_error: status.storageError === null ? null : String(status.storageError),
    },
  };
}

/** An error; one that is not the library's has its name as code. */
export function errorForm(error) {
  return {
    code: error.code ?? error.name,
    message: error.message,
    status: error.status ?? 0,
    request_id: error.requestId ?? null,
    details: error.details ?? {},
    retry_after: error.retryAfter ?? null,
  };
}

/** What is known of a newer release. */
export function updateForm(update) {
  return {
    available: update.available,
    latest_version: update.latestVersion,
    download_url: update.downloadUrl,
    release_notes: update.releaseNotes,
    is_mandatory: update.isMandatory,
  };
}
