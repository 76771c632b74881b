// Whether there is a newer release of the app.
import type { Api } from "./api.ts";

export interface Update {
  available: boolean;
  /** Null: no release is published. */
  latestVersion: string | null;
  downloadUrl: string | null;
  releaseNotes: string | null;
  isMandatory: boolean;
}

/** @throws LatchkeyError */
export async function checkForUpdate(api: Api, licenseKey: string, version: string): Promise<Update> {
  const answer = await api.post("/api/version/check", { current_version: version, license_key: licenseKey }, {
    changes: false,
  });
  const textOf = (name: string) => typeof answer[name] === "string" ? answer[name] as string : null;
  return {
    available: answer.update_available === true,
    latestVersion: textOf("latest_version"),
    downloadUrl: textOf("download_url"),
    releaseNotes: textOf("release_notes"),
    isMandatory: answer.is_mandatory === true,
  };
}
