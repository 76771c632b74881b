// Wrong credentials are limited for each client network, whatever they were sent to: every error passes through here on
// its way to the client. A credential is checked before its failure is counted, so that right ones work beside the wrong
// ones of others behind the same address, and cost no visit to Redis. The tokens are 256 random bits or signed; what
// could be guessed in so few tries, passwords and codes, is limited by account as well, before it is checked.
import type { ApiErrorCode } from "./error_messages.ts";
import { type RequestContext, secondsUntil } from "./request_context.ts";
import { type ApiError, RequestError } from "./request_error.ts";

/** What a refusal says of the credential: `wrong` ones count. A rule test compares this with the codes that exist. */
export const credentialRefusals = {
  API_KEY_INVALID: "wrong",
  CREDENTIALS_INVALID: "wrong",
  INVITATION_INVALID: "wrong",
  MAGIC_LINK_INVALID: "wrong",
  PASSKEY_INVALID: "wrong",
  PASSWORD_LINK_INVALID: "wrong",
  REMOVAL_CODE_INVALID: "wrong",
  SESSION_EXPIRED: "wrong",
  SESSION_TOKEN_INVALID: "wrong",
  SETUP_INVALID: "wrong",
  SIGN_IN_FAILED: "wrong",
  METRICS_TOKEN_REQUIRED: "missing or wrong",
  SECOND_FACTOR_REQUIRED: "missing or wrong",
  SIGN_IN_REQUIRED: "missing or wrong",
  API_KEY_REQUIRED: "missing",
  SESSION_TOKEN_REQUIRED: "missing",
} as const satisfies Partial<Record<ApiErrorCode, "wrong" | "missing" | "missing or wrong">>;

/**
 * Counts an error against the limit on wrong credentials, if it is one.
 *
 * @returns the error to answer with: the given one, or `RATE_LIMITED`
 */
export async function countCredentialFailure<Thrown>(
  request: RequestContext,
  error: Thrown,
): Promise<Thrown | RequestError> {
  return isApiError(error) && isWrongCredential(request, error)
    ? await countWrongCredential(request) ?? error
    : error;
}

/**
 * Counts a wrong credential that is not answered with an error, such as a forged entitlement token or a page that says
 * so.
 *
 * @returns `RATE_LIMITED` beyond the limit
 */
export async function countWrongCredential(
  { services, address }: RequestContext,
): Promise<RequestError | null> {
  const { limiter, limits } = services;
  if (!limits.wrongCredentials) return null;
  const counted = await limiter.consume(limits.wrongCredentials, address);
  return counted.allowed ? null : new RequestError("RATE_LIMITED", { retryAfter: secondsUntil(counted) });
}

function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && "code" in error && String(error.code) in credentialRefusals;
}

function isWrongCredential({ raw }: RequestContext, error: ApiError): boolean {
  const reason = "reason" in error.facts ? error.facts.reason : undefined;
  // The credential of a session that has ended was right once, and is no guess.
  if (reason === "ended") return false;
  if (error.code === "SECOND_FACTOR_REQUIRED") return reason === "wrong";
  const kind = (credentialRefusals as Partial<Record<ApiErrorCode, string>>)[error.code];
  return kind === "missing or wrong"
    ? raw.headers.has("authorization") || raw.headers.has("cookie")
    : kind === "wrong";
}
