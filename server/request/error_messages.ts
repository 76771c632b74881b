// What each error code is in the documented error form: its HTTP status and its English sentence.
import { LAST_DAY } from "../domain/calendar.ts";
import type { ErrorFacts, InvalidRequest } from "../domain/errors.ts";
import { describeConflict } from "./conflict_messages.ts";
import { describeFileProblem } from "./file_messages.ts";
import type { RequestErrorFacts } from "./request_error.ts";
import { snakeCase } from "./names.ts";
import { missing, nounOf } from "./nouns.ts";
import { identityRefusals, invitations, setups } from "./sign_in_messages.ts";
import { describeTemplateProblem } from "./template_messages.ts";

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
  LICENSE_EXPIRED: { status: 403, message: "This license has expired. Renew to continue." },
  NOT_ACTIVATED: {
    status: 403,
    statusOf: ({ reason }) => reason === "not_found" ? 404 : 403,
    message: "This license is not activated on this device. Activate it first.",
  },
  ACTIVATION_INACTIVE: {
    status: 403,
    message: "This device was deactivated. Activate the license on it again.",
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
  PAYLOAD_TOO_LARGE: { status: 413, message: "Request body too large." },
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
  UNAVAILABLE: { status: 503, message: "The database is unavailable. Retry with the same Idempotency-Key." },
  INTERNAL: { status: 500, message: "Internal server error. If it persists, report the request id." },
};

export const errorCodes = Object.keys(meanings) as ApiErrorCode[];

function describeInvalid(facts: AllFacts["INVALID_REQUEST"]): string {
  if ("problems" in facts) return facts.problems.map(({ message }) => message).join(" ");
  return invalid[facts.reason]({ ...facts, field: snakeCase(facts.field ?? "") });
}

const invalid: Record<InvalidRequest["reason"], (facts: InvalidRequest & { field: string }) => string> = {
  address_not_allowed: ({ field }) =>
    `${field} must not lead to a private address. WEBHOOK_ALLOWED_ADDRESSES can allow it.`,
  before_valid_from: ({ field }) => `${field} must not be before valid_from.`,
  common_password: () => "This password is too common. Choose another one; three or four words work well.",
  contradicts: ({ field, other }) => `${field} contradicts ${snakeCase(other!)}. Change one of them.`,
  credentials_in_url: ({ field }) =>
    `${field} must not contain a user or password. Put credentials into a header.`,
  empty: ({ field }) => `${field} needs at least one entry.`,
  ends_too_late: () =>
    `A license would expire after ${LAST_DAY}. Choose a shorter duration, or no expiration date.`,
  more_than_reserved: ({ field, maximum }) => `${field} must be at most ${maximum}, which are reserved.`,
  in_the_past: ({ field }) => `${field} must be in the future. Leave it out for now.`,
  no_machine_trial: () =>
    "The product has no plan whose trials start once per device. Set trial_per of a trial plan.",
  no_name_column: ({ known = [] }) => `The table needs a column "Name". Known columns: ${known.join(", ")}.`,
  no_such_heading: ({ value }) => `The table has no column "${value}".`,
  not_a_header_name: () => "A header's name has 1 to 64 letters, digits and -.",
  not_a_header_value: ({ value, maximum }) =>
    `The value of ${value} must be at most ${maximum} characters of plain ASCII.`,
  not_a_plan_of_this_product: ({ field }) => `${field} must be a plan of the license's product.`,
  not_a_release_version: ({ field }) =>
    `${field} must follow Semantic Versioning, such as 1.2.3 or 2.0.0-beta.1; four numbers (10.15.7.1) and dates (2026.11.3) are accepted as well.`,
  not_a_template: describeTemplateProblem,
  not_a_url: ({ field }) => `${field} must be a URL such as https://example.com/webhooks.`,
  not_a_version: ({ field }) => `${field} must be a version that begins with a number, such as 1.2.3.`,
  not_allowed: ({ field, expectation }) =>
    field === "cursor"
      ? "cursor belongs to another list or order. Start with the first page."
      : `This value is not allowed${expectation ? `: ${expectation}` : ""}.`,
  not_found: ({ subject, field }) => `No ${subject ? nounOf(subject) : field} with this ID.`,
  not_of_this_lead: ({ field }) => `${field} must be a contact of this lead.`,
  one_of: ({ field, known = [] }) => `${field} must be one of: ${known.join(", ")}.`,
  password_of_account: () =>
    "This password is based on your name, email or the product's name. Choose one that is harder to guess.",
  placeholder: ({ field }) =>
    `${field} is a placeholder that many devices report, not a fingerprint. Compute it from other properties.`,
  required: ({ field }) => `${field} must not be empty.`,
  reserved_header: ({ value }) => `${value} is set by the server itself. Leave it out.`,
  too_large: ({ field, maximum }) => `The ${field} must have at most ${maximum} characters.`,
  too_long: ({ field, maximum }) => `${field} must have at most ${maximum} characters.`,
  too_many: ({ field, maximum }) => `${field} must have at most ${maximum} entries.`,
  too_small: ({ field, minimum }) => `The ${field} must have at least ${minimum} characters.`,
  twice: ({ value }) => `Only one column can be mapped to "${value}".`,
  unknown_column: ({ subject, value, known = [] }) =>
    `${subject === "customer" ? "Customers" : "Leads"} have no column "${value}". Known columns: ${
      known.join(", ")
    }.`,
  unknown_event: ({ field, value }) => `${field} has an unknown event ${value}.`,
  unreadable: describeFileProblem,
};
