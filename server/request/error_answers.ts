// What is answered when something was thrown: an error with a code in the form of its dialect, a database that cannot be
// reached as 503, and anything else, which is a bug, as 500. Whatever is thrown after the client left is of no interest.
import { isInvalidValue } from "../../db/connect.ts";
import { DomainError } from "../domain/errors.ts";
import { countCredentialFailure } from "./credential_failures.ts";
import type { Answer, Dialect } from "./endpoint.ts";
import type { ApiErrorCode } from "./error_messages.ts";
import { describeError } from "./log.ts";
import type { RequestContext } from "./request_context.ts";
import { isRequestError, RequestError } from "./request_error.ts";
import { unavailabilityOf } from "./unavailable.ts";

/** What an error is answered with. */
export type ErrorForm = Pick<Dialect, "errorResponse">;

/**
 * The answer to something thrown. Wrong credentials are counted on the way.
 *
 * @param route for the log
 */
export async function answerError(
  thrown: unknown,
  request: RequestContext,
  form: ErrorForm,
  route: string,
): Promise<Answer> {
  const error = await countCredentialFailure(request, thrown);
  if (await hasClientLeft(error, request)) return clientLeft(request);
  request.errorCode = codeOf(error);
  if (error instanceof DomainError || error instanceof RequestError) {
    request.noteRetryAfter(error);
    const answer = form.errorResponse(error);
    // RFC 9110, section 15.5.16.
    return error.code === "CONTENT_ENCODING_UNSUPPORTED"
      ? { ...answer, headers: { ...answer.headers, "accept-encoding": "identity" } }
      : answer;
  }
  const { log } = request.services;
  const unavailable = unavailabilityOf(error);
  if (unavailable) {
    const isKey = unavailable.facts.reason === "signing_key";
    log[isKey ? "error" : "warn"](isKey ? "signing key unreadable" : "database unavailable", {
      request_id: request.id,
      ...describeError(error),
      stack: undefined,
    });
    request.noteRetryAfter(unavailable);
    return form.errorResponse(unavailable);
  }
  log.error("bug", { request_id: request.id, route, ...describeError(error) });
  // A schema let a value through that the database cannot take. It is a bug all the same, but the client's input is wrong.
  if (isInvalidValue(error)) return form.errorResponse(invalidValue());
  return form.errorResponse(new RequestError("INTERNAL", { requestId: request.id }));
}

/** Records that no client waits for the answer any more. */
export function clientLeft(request: RequestContext): Answer {
  request.errorCode = "CLIENT_CLOSED_REQUEST";
  return { status: 499, body: null };
}

/** Whether the client closed the connection, which makes reading its body fail, and everything that used the body. */
async function hasClientLeft(error: unknown, { raw }: RequestContext): Promise<boolean> {
  const { signal } = raw;
  // What the listener `deno` fails with while it reads a body; it does not abort the signal then.
  if (isRequestError(error, "CLIENT_CLOSED_REQUEST") || error instanceof Deno.errors.Http) return true;
  const isExpected = error instanceof DomainError || error instanceof RequestError ||
    unavailabilityOf(error) !== null;
  if (!isExpected && !signal.aborted) await abortWithin(signal, NOTICED_WITHIN);
  return signal.aborted;
}

/** How long after the end of a body the listener may report that the connection is closed; milliseconds. */
const NOTICED_WITHIN = 50;

function abortWithin(signal: AbortSignal, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function codeOf(error: unknown): ApiErrorCode {
  if (error instanceof DomainError || error instanceof RequestError) return error.code;
  return unavailabilityOf(error) ? "UNAVAILABLE" : isInvalidValue(error) ? "INVALID_REQUEST" : "INTERNAL";
}

/** What is answered for a value that only the database refused. */
export function invalidValue(): RequestError {
  return new RequestError("INVALID_REQUEST", {
    problems: [{
      field: "input",
      reason: "not_allowed",
      message: "A text, number or date of the request is not allowed. Correct it and send the request again.",
    }],
  });
}
