// What each error code is in the documented error form: its HTTP status and its English sentence.
import type { ErrorFacts } from "../domain/errors.ts";
import { describeConflict } from "./conflict_messages.ts";
import { describeInvalid } from "./invalid_messages.ts";
import type { RequestErrorFacts } from "./request_error.ts";
import { missing, nounOf } from "./nouns.ts";
import { offlineRequests } from "./offline_messages.ts";
import { identityRefusals, invitations, setups } from "./sign_in_messages.ts";

type AllFacts =
  & Omit<ErrorFacts, keyof RequestErrorFacts>
  & Omit<RequestErrorFacts, keyof ErrorFacts>
  & {
    [Code in keyof ErrorFacts & keyof RequestErrorFacts]: ErrorFacts[Code] | RequestErrorFacts[Code];
  };

/** Every code that is returned over HTTP. */
export type ApiErrorCode = keyof AllFacts;

export interface Meaning<Facts> {
  status: number;
  /** Another status that some facts have. */
  statusOf?(facts: Facts): number;
  /** The sentence of the code, and a more exact one for some facts. */
  message: string;
  messageOf?(facts: Facts): string;
}

export const meanings: { [Code in ApiErrorCode]: Meaning<AllFacts[Code]> } = {
  INVALID_REQUEST: {
    status: 400,
    message: "The request is not valid. Correct the named field and send it again.",
    messageOf: describeInvalid,
  },
  INVALID_LICENSE: {
    status: 404,
    // A text that no license key can have is a malformed request; a key that no license has is not found.
    statusOf: ({ reason }) => reason === "format_invalid" ? 400 : 404,
    message: "The provided license key is invalid",
  },
  LICENSE_INACTIVE: { status: 403, message: "This license has been disabled. Contact your vendor." },
  LICENSE_NOT_YET_VALID: {
    status: 403,
    message: "This license is not valid yet. Try again on its first day.",
  },
  LICENSE_EXPIRED: {
    status: 403,
    message: "This license has expired. Renew to continue.",
    messageOf: ({ reason }) =>
      reason === "version_unknown"
        ? "This license has expired. Versions that were released before its end stay valid: " +
          "send app_version with the version of such a release, or renew."
        : "This license has expired. Renew to continue.",
  },
  VERSION_NOT_ENTITLED: {
    status: 403,
    message:
      "This license does not include this version of the app. Install a version that it includes, or renew.",
  },
  NOT_ACTIVATED: {
    status: 403,
    statusOf: ({ reason }) => reason === "not_found" ? 404 : 403,
    message: "This license is not activated on this device. Activate it first.",
  },
  ACTIVATION_INACTIVE: {
    status: 403,
    message: "This device was deactivated. Activate the license on it again.",
  },
  OFFLINE_NOT_ALLOWED: {
    status: 403,
    message: "This license does not allow use without a connection. Stay connected, or contact your vendor.",
  },
  REMOVAL_CODE_INVALID: {
    status: 400,
    message: "This is not a removal code of a device. Compare it with the one that the app shows.",
  },
  REMOVAL_CODE_OUTDATED: {
    status: 409,
    message:
      "This removal code was used, or is older than the device's activation: the device was activated again since. Remove the license in the app, and enter the code that it shows then.",
  },
  OFFLINE_REQUEST_INVALID: {
    status: 400,
    message: offlineRequests.unreadable,
    messageOf: ({ reason, field }) =>
      reason === "field"
        ? `The field ${field} of the request is missing or not accepted. Update the app, or tell its vendor.`
        : offlineRequests[reason],
  },
  ACTIVATION_LIMIT_REACHED: {
    status: 403,
    message: "Activation limit reached. Deactivate another device or raise the limit.",
  },
  TRIAL_ALREADY_USED: {
    status: 409,
    // An app is refused for its machine as for an expired license.
    statusOf: ({ per }) => per === "machine" ? 403 : 409,
    message: "A trial of this product was used already. Buy a license to continue.",
    messageOf: ({ per }) =>
      per === "machine"
        ? "A trial of this product was used on this device already. Buy a license to continue."
        : `This ${per} had a trial of this product already. Choose another plan.`,
  },
  NEW_MACHINES_LIMIT_REACHED: {
    status: 403,
    message: "Too many new devices in 30 days. Use a device that was activated before, or try again later.",
  },
  MACHINE_ALREADY_ACTIVATED: {
    status: 403,
    message: "This device is active on another license already. Deactivate it there first.",
  },
  SESSION_LIMIT_REACHED: {
    status: 409,
    message: "Concurrent user limit reached. End another session and try again.",
  },
  SESSION_NOT_FOUND: { status: 404, message: "Session not found or ended. Start a new one." },
  METER_NOT_FOUND: {
    status: 404,
    message: "This license has no such meter.",
    messageOf: ({ meter, meters }) =>
      `This license has no meter "${meter}". ${
        meters.length > 0 ? `Its meters: ${meters.join(", ")}.` : "Add it to its plan or its terms."
      }`,
  },
  USAGE_LIMIT_REACHED: {
    status: 403,
    message: "Usage limit reached. Wait for the next period, or raise the limit.",
    messageOf: ({ meter, limit, used, reserved, periodEnds }) =>
      `Usage limit of "${meter}" reached: ${used} of ${limit} are used${
        reserved > 0 ? ` and ${reserved} reserved` : ""
      }. ${periodEnds ? "Wait for the next period, or raise the limit." : "Raise the limit."}`,
  },
  RESERVATION_NOT_FOUND: {
    status: 404,
    message: "Reservation not found. It may have ended more than a day ago; reserve again.",
  },
  RESERVATION_ENDED: {
    status: 409,
    message: "This reservation has ended. Reserve again.",
    messageOf: ({ reason }) =>
      reason === "lapsed"
        ? "This reservation lapsed and its units were given back. Reserve again."
        : `This reservation was ${reason} already.`,
  },
  TICKET_NOT_FOUND: {
    status: 404,
    message: "Ticket not found, expired or given back. Queue without it to join at the end.",
  },
  NO_RELEASE: { status: 404, message: "No release has been published yet." },
  PRODUCT_REQUIRED: { status: 400, message: "Multiple products exist; specify ?product=CODE." },
  NOT_FOUND: {
    status: 404,
    message: "Not found.",
    messageOf: (facts) => "subject" in facts && facts.subject ? missing(facts.subject) : "Not found.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: "Method not allowed. The Allow header lists the methods of this path.",
  },
  CONFLICT: {
    status: 409,
    message: "Conflict with an existing object.",
    messageOf: describeConflict,
  },
  // RFC 9110, section 15.5.13.
  REVISION_OUTDATED: {
    status: 412,
    message:
      "This was changed since you read it. Nothing was saved: compare with the current values in the details, then save again with their revision.",
    messageOf: ({ subject }) =>
      `This ${
        nounOf(subject)
      } was changed since you read it. Nothing was saved: compare with the current values in the details, then save again with their revision.`,
  },
  RESOURCES_ALLOCATED: {
    status: 409,
    message: "Some of these resources are allocated to other licenses. Nothing was changed.",
  },
  API_KEY_REQUIRED: { status: 401, message: "An API key is required. Send it in the X-API-Key header." },
  API_KEY_INVALID: {
    status: 401,
    message: "Unknown or revoked API key. Ask the vendor for a new one.",
  },
  METRICS_TOKEN_REQUIRED: {
    status: 401,
    message: "Send the METRICS_TOKEN of the configuration as a bearer token.",
  },
  FORBIDDEN: { status: 403, message: "You don't have permission to do this. Ask an owner." },
  SIGN_IN_REQUIRED: {
    status: 401,
    message: "Sign in first, or send an administrator's token: Authorization: Bearer …",
  },
  SIGN_IN_FAILED: { status: 401, message: "Incorrect email or password." },
  SECOND_FACTOR_REQUIRED: {
    status: 401,
    message:
      "Two-factor authentication required. Send an unused code from your authenticator app, or a recovery code.",
  },
  SECOND_FACTOR_MISSING: {
    status: 403,
    message: "Two-factor authentication is required. Set it up for your account first.",
    messageOf: ({ reason }) =>
      reason === "not_used"
        ? "Two-factor authentication is required. Confirm this session with your second factor, or sign in with it."
        : "Two-factor authentication is required. Set it up for your account first.",
  },
  REAUTHENTICATION_REQUIRED: {
    status: 403,
    message: "Re-authentication required. Confirm your password, then repeat the request.",
  },
  CROSS_SITE: {
    status: 403,
    message: "This request came from another site. Sign in here, or use a token instead of the cookie.",
  },
  PASSKEY_INVALID: {
    status: 401,
    message: "This passkey was not accepted. Try again, or sign in with your password.",
  },
  INVITATION_INVALID: {
    status: 404,
    message: "This invitation is no longer valid. Ask an owner for a new one.",
    messageOf: ({ reason }) => invitations[reason ?? "unknown"],
  },
  SETUP_INVALID: {
    status: 404,
    message: setups.unknown,
    messageOf: ({ reason }) => setups[reason],
  },
  PASSWORD_LINK_INVALID: {
    status: 404,
    message:
      "This link is no longer valid: it was used, expired after 1 hour, or was replaced by a newer one. Request a new link.",
  },
  IDENTITY_REFUSED: {
    status: 403,
    message: identityRefusals.unknown,
    messageOf: ({ reason }) => identityRefusals[reason],
  },
  IDENTITY_PROVIDER_REQUIRED: {
    status: 403,
    message: "Passwords and passkeys are not accepted. Sign in with the identity provider.",
  },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    message: "The identity provider is not responding. Try again in a moment, or sign in another way.",
  },
  LAST_OWNER: { status: 409, message: "This is the last owner. Make another administrator an owner first." },
  CREDENTIALS_INVALID: {
    status: 401,
    message: "Invalid email or password",
    messageOf: ({ field }) =>
      field === "currentPassword" ? "This is not your current password." : "Invalid email or password",
  },
  MAGIC_LINK_INVALID: { status: 401, message: "Invalid or expired magic link token" },
  SESSION_TOKEN_REQUIRED: { status: 401, message: "Session token required" },
  SESSION_TOKEN_INVALID: { status: 401, message: "Invalid or expired token" },
  SESSION_EXPIRED: { status: 401, message: "Invalid or expired token" },
  NO_ENTITLEMENT: { status: 404, message: "No active entitlement found" },
  DEVICE_NOT_FOUND: { status: 404, message: "Device not found" },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    message: "This Idempotency-Key was used with another request. Use a new key for a new request.",
  },
  PAYLOAD_TOO_LARGE: { status: 413, message: "Request body too large.", messageOf: describeSize },
  CONTENT_ENCODING_UNSUPPORTED: {
    status: 415,
    message: "The body must not be compressed. Send it without the header Content-Encoding.",
  },
  // The status that nginx logs for it.
  CLIENT_CLOSED_REQUEST: { status: 499, message: "The client closed the connection before the response." },
  RATE_LIMITED: { status: 429, message: "Too many requests. Retry after the seconds in Retry-After." },
  TOO_MANY_STREAMS: {
    status: 429,
    message: "This session has too many live connections open. Close some tabs, or try again later.",
  },
  OVERLOADED: {
    status: 503,
    message: "The server is busy with other requests. Retry after the seconds in Retry-After.",
  },
  UNAVAILABLE: {
    status: 503,
    message: "The database is unavailable. Retry with the same Idempotency-Key.",
    messageOf: ({ reason }) =>
      reason === "signing_key"
        ? "The server cannot read its signing key. Its operator has to check ENCRYPTION_KEY; retry later."
        : "The database is unavailable. Retry with the same Idempotency-Key.",
  },
  INTERNAL: { status: 500, message: "Internal server error. If it persists, report the request id." },
};

export const errorCodes = Object.keys(meanings) as ApiErrorCode[];

const MIB = 1024 * 1024;

/** Files that are uploaded have limits of their own, which the sentence names. */
function describeSize({ maxRows, maxBytes = 0 }: { maxRows?: number; maxBytes?: number }): string {
  if (maxRows) return `The table has more than ${maxRows.toLocaleString("en")} rows. Split it.`;
  if (maxBytes <= MIB) return "Request body too large.";
  return `The file has more than ${maxBytes / MIB} MiB. Split it, or save it without what is not imported.`;
}
