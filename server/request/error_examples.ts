// An error of each code with facts as they occur, from which the API description makes its examples of refused requests.
import { DomainError, type ErrorCode } from "../domain/errors.ts";
import type { ApiErrorCode } from "./error_messages.ts";
import { type ApiError, RequestError, type RequestErrorCode } from "./request_error.ts";

type ErrorOf<Code extends ApiErrorCode> =
  | (Code extends ErrorCode ? DomainError<Code> : never)
  | (Code extends RequestErrorCode ? RequestError<Code> : never);

/** One error of each code; several of a code whose facts decide on the status. */
const examples: { [Code in ApiErrorCode]: () => ErrorOf<Code>[] } = {
  INVALID_REQUEST: () => [
    new RequestError("INVALID_REQUEST", {
      problems: [{ field: "name", reason: "required", message: "name must not be empty." }],
    }),
  ],
  INVALID_LICENSE: () => [
    new DomainError("INVALID_LICENSE", { field: "licenseKey", reason: "not_found" }),
    new DomainError("INVALID_LICENSE", { field: "licenseKey", reason: "format_invalid" }),
  ],
  LICENSE_INACTIVE: () => [new DomainError("LICENSE_INACTIVE")],
  LICENSE_NOT_YET_VALID: () => [new DomainError("LICENSE_NOT_YET_VALID", { validFrom: "2026-01-01" })],
  LICENSE_EXPIRED: () => [new DomainError("LICENSE_EXPIRED", { validUntil: "2025-12-31" })],
  VERSION_NOT_ENTITLED: () => [
    new DomainError("VERSION_NOT_ENTITLED", { versions: ">=2.0.0 <3.0.0", updatesUntil: "2025-12-31" }),
  ],
  NOT_ACTIVATED: () => [
    new DomainError("NOT_ACTIVATED"),
    new DomainError("NOT_ACTIVATED", { reason: "not_found" }),
  ],
  ACTIVATION_INACTIVE: () => [new DomainError("ACTIVATION_INACTIVE")],
  OFFLINE_NOT_ALLOWED: () => [new DomainError("OFFLINE_NOT_ALLOWED")],
  REMOVAL_CODE_INVALID: () => [new DomainError("REMOVAL_CODE_INVALID")],
  REMOVAL_CODE_OUTDATED: () => [new DomainError("REMOVAL_CODE_OUTDATED")],
  OFFLINE_REQUEST_INVALID: () => [new DomainError("OFFLINE_REQUEST_INVALID", { reason: "incomplete" })],
  ACTIVATION_LIMIT_REACHED: () => [
    new DomainError("ACTIVATION_LIMIT_REACHED", { maxActivations: 5, currentActivations: 5 }),
  ],
  TRIAL_ALREADY_USED: () => [
    new DomainError("TRIAL_ALREADY_USED", { per: "customer" }),
    new DomainError("TRIAL_ALREADY_USED", { per: "machine" }),
  ],
  NEW_MACHINES_LIMIT_REACHED: () => [
    new DomainError("NEW_MACHINES_LIMIT_REACHED", {
      maxNewMachines: 3,
      availableAt: new Date("2026-02-14T10:30:00Z"),
    }),
  ],
  MACHINE_ALREADY_ACTIVATED: () => [new DomainError("MACHINE_ALREADY_ACTIVATED", { within: "product" })],
  SESSION_LIMIT_REACHED: () => [
    new DomainError("SESSION_LIMIT_REACHED", { maxUsers: 10, activeSessions: 10 }),
  ],
  TICKET_NOT_FOUND: () => [new DomainError("TICKET_NOT_FOUND")],
  SESSION_NOT_FOUND: () => [new DomainError("SESSION_NOT_FOUND")],
  METER_NOT_FOUND: () => [new DomainError("METER_NOT_FOUND", { meter: "export", meters: ["exports"] })],
  USAGE_LIMIT_REACHED: () => [
    new DomainError("USAGE_LIMIT_REACHED", {
      meter: "exports",
      limit: 1000,
      used: 1000,
      reserved: 0,
      periodEnds: new Date("2026-02-01T00:00:00Z"),
    }),
  ],
  RESERVATION_NOT_FOUND: () => [new DomainError("RESERVATION_NOT_FOUND")],
  RESERVATION_ENDED: () => [new DomainError("RESERVATION_ENDED", { reason: "lapsed" })],
  NO_RELEASE: () => [new DomainError("NO_RELEASE")],
  PRODUCT_REQUIRED: () => [
    new DomainError("PRODUCT_REQUIRED", { field: "product", products: ["studio", "viewer"] }),
  ],
  NOT_FOUND: () => [new DomainError("NOT_FOUND", { subject: "license" })],
  METHOD_NOT_ALLOWED: () => [new RequestError("METHOD_NOT_ALLOWED")],
  CONFLICT: () => [
    new DomainError("CONFLICT", { reason: "already_exists", subject: "product", field: "code" }),
  ],
  REVISION_OUTDATED: () => [
    new DomainError("REVISION_OUTDATED", {
      subject: "customer",
      revision: "v4Xk2tq0ZJpYw3nDkU8b1A",
      current: { name: "ACME Corp", email: "office@acme.com" },
    }),
  ],
  RESOURCES_ALLOCATED: () => [
    new DomainError("RESOURCES_ALLOCATED", {
      field: "resourceIds",
      resourceIds: [7],
      identifiers: ["server-07"],
    }),
  ],
  API_KEY_REQUIRED: () => [new RequestError("API_KEY_REQUIRED")],
  API_KEY_INVALID: () => [new DomainError("API_KEY_INVALID")],
  METRICS_TOKEN_REQUIRED: () => [new RequestError("METRICS_TOKEN_REQUIRED")],
  FORBIDDEN: () => [new DomainError("FORBIDDEN", { requiredRole: "manager" })],
  SIGN_IN_REQUIRED: () => [new DomainError("SIGN_IN_REQUIRED", { reason: "ended" })],
  SIGN_IN_FAILED: () => [new DomainError("SIGN_IN_FAILED")],
  SECOND_FACTOR_REQUIRED: () => [new DomainError("SECOND_FACTOR_REQUIRED", { field: "code" })],
  SECOND_FACTOR_MISSING: () => [new DomainError("SECOND_FACTOR_MISSING")],
  REAUTHENTICATION_REQUIRED: () => [new DomainError("REAUTHENTICATION_REQUIRED")],
  CROSS_SITE: () => [new RequestError("CROSS_SITE")],
  PASSKEY_INVALID: () => [new DomainError("PASSKEY_INVALID")],
  INVITATION_INVALID: () => [new DomainError("INVITATION_INVALID", { reason: "expired" })],
  SETUP_INVALID: () => [new DomainError("SETUP_INVALID", { reason: "expired" })],
  PASSWORD_LINK_INVALID: () => [new DomainError("PASSWORD_LINK_INVALID")],
  IDENTITY_REFUSED: () => [new DomainError("IDENTITY_REFUSED", { reason: "no_role" })],
  IDENTITY_PROVIDER_REQUIRED: () => [new DomainError("IDENTITY_PROVIDER_REQUIRED")],
  IDENTITY_PROVIDER_UNAVAILABLE: () => [new RequestError("IDENTITY_PROVIDER_UNAVAILABLE", { retryAfter: 5 })],
  LAST_OWNER: () => [new DomainError("LAST_OWNER")],
  CREDENTIALS_INVALID: () => [new DomainError("CREDENTIALS_INVALID", {})],
  MAGIC_LINK_INVALID: () => [new DomainError("MAGIC_LINK_INVALID")],
  SESSION_TOKEN_REQUIRED: () => [new DomainError("SESSION_TOKEN_REQUIRED")],
  SESSION_TOKEN_INVALID: () => [new DomainError("SESSION_TOKEN_INVALID", { reason: "ended" })],
  SESSION_EXPIRED: () => [new DomainError("SESSION_EXPIRED")],
  NO_ENTITLEMENT: () => [new DomainError("NO_ENTITLEMENT")],
  DEVICE_NOT_FOUND: () => [new DomainError("DEVICE_NOT_FOUND")],
  IDEMPOTENCY_KEY_REUSED: () => [new DomainError("IDEMPOTENCY_KEY_REUSED")],
  PAYLOAD_TOO_LARGE: () => [new RequestError("PAYLOAD_TOO_LARGE", { maxBytes: 2 ** 20 })],
  CONTENT_ENCODING_UNSUPPORTED: () => [new RequestError("CONTENT_ENCODING_UNSUPPORTED")],
  CLIENT_CLOSED_REQUEST: () => [new RequestError("CLIENT_CLOSED_REQUEST")],
  RATE_LIMITED: () => [new RequestError("RATE_LIMITED", { retryAfter: 12 })],
  TOO_MANY_STREAMS: () => [new RequestError("TOO_MANY_STREAMS", { retryAfter: 60 })],
  OVERLOADED: () => [new DomainError("OVERLOADED", { retryAfter: 1 })],
  UNAVAILABLE: () => [new RequestError("UNAVAILABLE")],
  INTERNAL: () => [new RequestError("INTERNAL", { requestId: "4f0c2a9e" })],
};

/** Errors of a code, one for each status that it has. */
export function exampleErrorsOf(code: ApiErrorCode): ApiError[] {
  // The table's entry is a union of functions, one for each code.
  return examples[code]() as ApiError[];
}
