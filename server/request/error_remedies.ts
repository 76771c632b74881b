// The catalogue of errors for people: for each code when it is returned and what to do about it. The API reference shows it
// beside the code's status, message and example. A code without an entry does not compile.
import type { ApiErrorCode } from "./error_messages.ts";

export interface ErrorRemedy {
  /** When the code is returned, in a sentence. */
  cause: string;
  /** What the caller does about it. */
  remedy: string;
}

export const remedies: Record<ApiErrorCode, ErrorRemedy> = {
  INVALID_REQUEST: {
    cause: "A field of the body, the query or the path is missing or has a value that is not accepted.",
    remedy:
      "Correct the field that `details.field` names and send the request again. Repeating it unchanged fails again.",
  },
  INVALID_LICENSE: {
    cause:
      "The text is no license key (400, `format_invalid`), or no license has this key (404, `not_found`).",
    remedy:
      "With `format_invalid` ask the user to check the key for a typing error. With `not_found` the license was deleted, belongs to another server, or to another product than the API key is for: ask the vendor.",
  },
  LICENSE_INACTIVE: {
    cause: "The license is disabled.",
    remedy: "Tell the user to contact the vendor. An administrator can enable the license in the panel.",
  },
  LICENSE_NOT_YET_VALID: {
    cause: "The license starts on a later day.",
    remedy: "Try again on the day in `details.valid_from`, or have its start date moved.",
  },
  LICENSE_EXPIRED: {
    cause: "The last day of the license, and its grace period if it has one, are over.",
    remedy:
      "Ask the user to renew. An administrator can extend the license; devices stay activated. With `version_unknown` send `app_version`: versions that were released before the end stay valid.",
  },
  VERSION_NOT_ENTITLED: {
    cause:
      "The version in `app_version` is outside the range in `details.versions`, or was released after the day in `details.updates_until`, the last one whose releases are included.",
    remedy:
      "Install a version that the license includes; update checks offer the newest one. Or have the license renewed.",
  },
  NOT_ACTIVATED: {
    cause: "The license is not activated on this device; 404 where there is nothing to deactivate.",
    remedy: "Activate the license on the device first, with the same fingerprint.",
  },
  ACTIVATION_INACTIVE: {
    cause:
      "The device was activated once and has been deactivated, or its lease ended and there is no room for it.",
    remedy:
      "Activate the license on the device again. If the license is full, deactivate another device first.",
  },
  OFFLINE_NOT_ALLOWED: {
    cause: "The term `offline_days` of the license is 0, so it has no license files.",
    remedy: "Validate the license online, or have `offline_days` set on the license or its plan.",
  },
  REMOVAL_CODE_INVALID: {
    cause: "The text is no removal code, has a typing error, or was shown by an app of another server.",
    remedy:
      "Compare it with the code that the app shows, character by character. Or deactivate the device in the panel, if its app uses the license no more.",
  },
  REMOVAL_CODE_OUTDATED: {
    cause: "The code was entered before, and the device was activated again since then.",
    remedy: "Remove the license in the app again, and enter the code that it shows then.",
  },
  OFFLINE_REQUEST_INVALID: {
    cause:
      "The text is no request for a license file, or was cut or changed on its way: `details.reason` says which.",
    remedy:
      "With `incomplete` and `not_found` copy the request from the app again, all of it. With `license_file` the text is one, which the app takes. With `several` enter one request at a time. With `field`, `too_long` and `unreadable` the app makes wrong requests: tell its vendor.",
  },
  ACTIVATION_LIMIT_REACHED: {
    cause: "As many devices as the license allows are activated, and this is another one.",
    remedy:
      "Deactivate a device that is no longer used, or have the activation limit raised. Devices that are activated already are not affected.",
  },
  TRIAL_ALREADY_USED: {
    cause:
      "The plan gives each user, customer or device one trial of the product, and this one had it: `details.per` says which (403 for a device, 409 for a user or customer).",
    remedy:
      "In an app (403), offer to buy a license. For a customer or user (409), issue a license of a paid plan, extend the trial they had, or give the new license the term `trial_per: none`.",
  },
  NEW_MACHINES_LIMIT_REACHED: {
    cause: "As many devices as the license allows within 30 days were activated on it for the first time.",
    remedy:
      "Activate a device that was activated before, wait until `details.available_at`, or have the limit of new devices raised.",
  },
  MACHINE_ALREADY_ACTIVATED: {
    cause:
      "The device is active on another license of the same plan, product or customer (`details.within`), where a device may be active once.",
    remedy:
      "Deactivate the device on the other license, then activate it here. Administrators see that license in `details.license_id`.",
  },
  SESSION_LIMIT_REACHED: {
    cause: "Every seat of the license is taken: as many copies of the app run as it allows.",
    remedy: "End a session, or wait until one without a heartbeat times out, and start again.",
  },
  SESSION_NOT_FOUND: {
    cause: "The session ended, timed out without a heartbeat, or never existed.",
    remedy: "Start a new session.",
  },
  METER_NOT_FOUND: {
    cause: "The license has no meter of this name.",
    remedy: "Use one of the names in `details.meters`, or add the meter to the plan and its licenses.",
  },
  USAGE_LIMIT_REACHED: {
    cause: "The units that were asked for exceed what is left in the period. Nothing was counted.",
    remedy:
      "Ask for fewer units, wait until `details.period_ends`, or have the limit or its overage raised. Reserved units come back when they are released or lapse.",
  },
  RESERVATION_NOT_FOUND: {
    cause: "No reservation has this id, or it ended more than a day ago.",
    remedy: "Check the id, and commit a reservation before its `expires_at`.",
  },
  RESERVATION_ENDED: {
    cause: "The reservation was committed or released, or it lapsed: `details.reason` says which.",
    remedy:
      "With `committed` the units are counted, and nothing is left to do. With `lapsed` reserve or increment again; choose a longer `ttl` for long work.",
  },
  TICKET_NOT_FOUND: {
    cause:
      "The ticket was not used for 30 seconds, was given back, was removed by an administrator, or is of another device.",
    remedy: "Call `session/queue` without it, which joins the queue at its end.",
  },
  NO_RELEASE: {
    cause: "The product has no published release.",
    remedy: "Publish a release; until then the app has no update to offer.",
  },
  PRODUCT_REQUIRED: {
    cause: "The call is about one product, the server has several, and the request names none.",
    remedy: "Add `?product=` with one of the codes in `details.products`.",
  },
  NOT_FOUND: {
    cause: "Nothing has this id or address. It may have been deleted.",
    remedy: "Check the id and the path. Deleted objects can be restored for 30 days.",
  },
  METHOD_NOT_ALLOWED: {
    cause: "The path exists, but not with this method.",
    remedy: "Use one of the methods in the `Allow` header.",
  },
  CONFLICT: {
    cause: "The change contradicts the present state: the name is taken, or something depends on the object.",
    remedy: "Read `details.reason`, load the object again, and decide whether the change is still needed.",
  },
  REVISION_OUTDATED: {
    cause: "The request names a revision in `If-Match`, and the object was changed since it was read.",
    remedy:
      "Compare your changes with `details.current`, and send what is still right with the ETag of `details.revision`. Nothing was changed.",
  },
  RESOURCES_ALLOCATED: {
    cause: "Some of the resources are allocated to other licenses. Nothing was allocated.",
    remedy: "Leave out or release the resources in `details.resource_ids`, then allocate again.",
  },
  API_KEY_REQUIRED: {
    cause: "The call needs an API key and none was sent.",
    remedy: "Send the key in the `X-API-Key` header. Owners create keys in the panel.",
  },
  API_KEY_INVALID: {
    cause: "The API key is unknown or was revoked.",
    remedy: "Check the key for missing characters, or create a new one and replace it in the app.",
  },
  METRICS_TOKEN_REQUIRED: {
    cause: "The server was configured to protect its metrics.",
    remedy: "Send the value of `METRICS_TOKEN` as a bearer token.",
  },
  FORBIDDEN: {
    cause: "The administrator's role does not allow the action.",
    remedy: "Ask an owner to do it, or to give you the role in `details.required_role`.",
  },
  SIGN_IN_REQUIRED: {
    cause: "No administrator's token was sent, or its session has ended.",
    remedy:
      "Sign in with `POST /api/admin/login`, or create an access token in the panel, and send it as a bearer token.",
  },
  SIGN_IN_FAILED: {
    cause: "The email address or the password of an administrator is wrong.",
    remedy: "Check both. After several wrong attempts the next one has to wait: see `RATE_LIMITED`.",
  },
  SECOND_FACTOR_REQUIRED: {
    cause: "The password is right, and the account has two-factor authentication.",
    remedy:
      "Repeat the sign-in with `code`: six digits of the authenticator app that were not used yet, or a recovery code.",
  },
  SECOND_FACTOR_MISSING: {
    cause: "The server requires two-factor authentication, and this session was opened without it.",
    remedy: "Set it up for the account, or sign in again with the second factor.",
  },
  REAUTHENTICATION_REQUIRED: {
    cause:
      "Sensitive changes need a session that was authenticated within the last 15 minutes. Access tokens never are.",
    remedy: "Sign in with `POST /api/admin/login` and repeat the request with that token.",
  },
  CROSS_SITE: {
    cause: "A browser sent the request with a cookie from a page of another site.",
    remedy: "Call the API with a token in the `Authorization` header instead of the cookie.",
  },
  PASSKEY_INVALID: {
    cause: "The passkey's answer could not be verified, or the passkey was removed.",
    remedy: "Try again, or sign in with the password and add the passkey again.",
  },
  INVITATION_INVALID: {
    cause: "The invitation was accepted, revoked or replaced, or is older than seven days.",
    remedy: "Ask an owner for a new invitation.",
  },
  SETUP_INVALID: {
    cause: "The link to create the first owner has expired or was used.",
    remedy: "Print a new one with `deno task latchkey admin setup-link`, or sign in.",
  },
  PASSWORD_LINK_INVALID: {
    cause: "The link to reset a password was used, replaced, or is older than one hour.",
    remedy: "Request a new link.",
  },
  IDENTITY_REFUSED: {
    cause: "The identity provider's answer does not open an account here.",
    remedy:
      "Read `details.reason`; most often a role is missing there or an owner has to invite the address.",
  },
  IDENTITY_PROVIDER_REQUIRED: {
    cause: "The server accepts no passwords and passkeys, only the identity provider.",
    remedy: "Sign in with the identity provider. Scripts use an access token.",
  },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    cause: "The identity provider does not answer.",
    remedy: "Retry after the seconds in `Retry-After`, or sign in another way.",
  },
  LAST_OWNER: {
    cause: "The change would leave the server without an owner.",
    remedy: "Make another administrator an owner first.",
  },
  CREDENTIALS_INVALID: {
    cause: "The email address or the password of a user is wrong.",
    remedy: "Ask the user to try again, to reset the password, or to request a sign-in link.",
  },
  MAGIC_LINK_INVALID: {
    cause: "The sign-in link was used, replaced by a later one, or is older than one hour.",
    remedy: "Request a new link. Only the latest one works.",
  },
  SESSION_TOKEN_REQUIRED: {
    cause: "The call needs a user's session token and none was sent.",
    remedy: "Send `Authorization: Bearer` with the `session_token` of the sign-in.",
  },
  SESSION_TOKEN_INVALID: {
    cause: "The session token is unknown, was revoked or has expired.",
    remedy: "Refresh the token before its seven days are over; otherwise sign the user in again.",
  },
  SESSION_EXPIRED: {
    cause: "The session token has expired.",
    remedy: "Sign the user in again.",
  },
  NO_ENTITLEMENT: {
    cause: "The user has no license that is active today.",
    remedy: "Show the user how to buy or renew; an administrator can assign a license.",
  },
  DEVICE_NOT_FOUND: {
    cause: "The signed-in user has no device with this id.",
    remedy: "List the user's devices and use an id from there.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    cause: "The `Idempotency-Key` was sent within 24 hours with another request.",
    remedy: "Use a new key for every new request, and the same key only to repeat one.",
  },
  PAYLOAD_TOO_LARGE: {
    cause: "The body is larger than the call accepts: 1 MiB, imports 50 MiB.",
    remedy: "Send less at once, or split the file.",
  },
  CONTENT_ENCODING_UNSUPPORTED: {
    cause: "The body is compressed.",
    remedy: "Send it uncompressed, without the `Content-Encoding` header.",
  },
  CLIENT_CLOSED_REQUEST: {
    cause: "The client closed the connection before the answer. Only the log and the metrics have this code.",
    remedy: "Give the client a longer timeout if it happens often.",
  },
  RATE_LIMITED: {
    cause:
      "More requests came in the window than the limit allows, or too many attempts to sign in were wrong.",
    remedy: "Wait for the seconds in `Retry-After`, then go on more slowly.",
  },
  TOO_MANY_STREAMS: {
    cause: "One session of the panel has too many live connections.",
    remedy: "Close tabs of the panel.",
  },
  OVERLOADED: {
    cause: "More work is waiting than the server takes on.",
    remedy: "Retry after the seconds in `Retry-After`, with the same `Idempotency-Key`.",
  },
  UNAVAILABLE: {
    cause:
      "The database did not answer in time: the change may have been made or not. Or `ENCRYPTION_KEY` does not open the key that signs the answer.",
    remedy: "Retry with the same `Idempotency-Key`: a change that was made is not made twice.",
  },
  INTERNAL: {
    cause: "A bug in the server.",
    remedy:
      "Retry once. If it persists, report the `X-Request-Id` to the operator, whose log has the details.",
  },
};
