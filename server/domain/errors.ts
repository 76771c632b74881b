// The one catalogue of what can be refused. A refusal is thrown, has a stable code, and says what to do next; each
// dialect puts it into its own words. Anything else that is thrown is a bug.

const catalogue = {
  INVALID_REQUEST: [400, "The request is not valid. Correct the named field and send it again."],
  INVALID_LICENSE: [404, "The provided license key is invalid"],
  LICENSE_INACTIVE: [403, "This license is switched off. Contact the vendor."],
  LICENSE_NOT_YET_VALID: [403, "This license is not valid yet. Try again on its first day."],
  LICENSE_EXPIRED: [403, "This license has expired. Renew it to go on."],
  NOT_ACTIVATED: [403, "This license is not activated on this machine. Activate it first."],
  ACTIVATION_INACTIVE: [403, "This machine was deactivated. Activate the license on it again."],
  ACTIVATION_LIMIT_REACHED: [
    403,
    "All activations of this license are in use. Deactivate another machine or raise the limit.",
  ],
  SESSION_LIMIT_REACHED: [409, "All seats of this license are in use. End another session and try again."],
  SESSION_NOT_FOUND: [404, "There is no such session, or it has ended. Start a new one."],
  NO_RELEASE: [404, "No release has been published yet."],
  PRODUCT_REQUIRED: [400, "There is more than one product. Say which one with ?product=CODE."],
  NOT_FOUND: [404, "There is nothing here. Check the address."],
  METHOD_NOT_ALLOWED: [405, "This address does not take that method. The Allow header says which it takes."],
  CONFLICT: [409, "This conflicts with something that exists already."],
  RESOURCES_TAKEN: [409, "Other licenses have some of these resources. Nothing was allocated."],
  API_KEY_REQUIRED: [401, "An API key is required. Send it in the X-API-Key header."],
  API_KEY_INVALID: [401, "This API key is unknown or was revoked. Ask the vendor for a new one."],
  METRICS_TOKEN_REQUIRED: [401, "Send the METRICS_TOKEN of the configuration as a bearer token."],
  FORBIDDEN: [403, "You may not do this. Ask an owner."],
  SIGN_IN_REQUIRED: [401, "Sign in first, or send an administrator's token: Authorization: Bearer …"],
  SIGN_IN_FAILED: [401, "Email or password is wrong."],
  SECOND_FACTOR_REQUIRED: [
    401,
    "Send the code of your authenticator app, or a recovery code, that was not used yet.",
  ],
  SECOND_FACTOR_MISSING: [403, "An owner requires a second factor. Switch one on for your account first."],
  REAUTHENTICATION_REQUIRED: [403, "Show that it is you: send your password again, then repeat this."],
  CROSS_SITE: [403, "This came from another site. Sign in here, or use a token instead of the cookie."],
  PASSKEY_INVALID: [401, "This passkey was not accepted. Try again, or sign in with your password."],
  INVITATION_INVALID: [404, "This invitation is not open any more. Ask an owner for a new one."],
  LAST_OWNER: [409, "This is the last owner. Make somebody else an owner first."],
  CREDENTIALS_INVALID: [401, "Invalid email or password"],
  MAGIC_LINK_INVALID: [401, "Invalid or expired magic link token"],
  SESSION_TOKEN_REQUIRED: [401, "Session token required"],
  SESSION_TOKEN_INVALID: [401, "Invalid or expired token"],
  SESSION_OVER: [401, "Invalid or expired token"],
  NO_ENTITLEMENT: [404, "No active entitlement found"],
  DEVICE_NOT_FOUND: [404, "Device not found"],
  IDEMPOTENCY_KEY_REUSED: [
    422,
    "This Idempotency-Key was used with another request. Use a new key for a new request.",
  ],
  PAYLOAD_TOO_LARGE: [413, "The body is too large."],
  RATE_LIMITED: [429, "Too many requests. Wait as long as Retry-After says."],
  UNAVAILABLE: [503, "The server cannot reach its database. Try again in a moment."],
  INTERNAL: [500, "Something went wrong on our side. If it goes on, report the request id."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof catalogue;

/** Public facts that go with a refusal, under the names they have on the wire. */
export type ErrorFacts = Record<string, string | number | boolean | null | string[] | number[]>;

/** What a code means: its usual HTTP status and its sentence. */
export function meaning(code: ErrorCode): { status: number; message: string } {
  const [status, message] = catalogue[code];
  return { status, message };
}

export const errorCodes = Object.keys(catalogue) as ErrorCode[];

/** A refusal on its way to whoever asked. */
export class DomainError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    readonly facts?: ErrorFacts,
    options?: { message?: string; status?: number },
  ) {
    super(options?.message ?? meaning(code).message);
    this.name = "Refusal";
    this.status = options?.status ?? meaning(code).status;
  }
}

/** Throws the refusal of that code. */
export function refuse(
  code: ErrorCode,
  details?: ErrorFacts,
  options?: { message?: string; status?: number },
): never {
  throw new DomainError(code, details, options);
}
