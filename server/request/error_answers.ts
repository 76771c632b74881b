// What is answered when something was thrown: an error with a code in the form of its dialect, a database that cannot be
// reached as 503, and anything else, which is a bug, as 500.
import { isInvalidValue, isUnavailable } from "../../db/connect.ts";
import { DomainError } from "../domain/errors.ts";
import type { Answer, Dialect } from "./endpoint.ts";
import type { ApiErrorCode } from "./error_messages.ts";
import { describeError } from "./log.ts";
import type { RequestContext } from "./request_context.ts";
import { RequestError } from "./request_error.ts";

/** What an error is answered with. */
export type ErrorForm = Pick<Dialect, "errorResponse">;

/**
 * The answer to something thrown.
 *
 * @param route for the log
 */
export function answerError(error: unknown, request: RequestContext, form: ErrorForm, route: string): Answer {
  request.errorCode = codeOf(error);
  if (error instanceof DomainError || error instanceof RequestError) {
    request.noteRetryAfter(error);
    return form.errorResponse(error);
  }
  const { log } = request.services;
  if (isUnavailable(error)) {
    log.warn("database unavailable", { request_id: request.id, ...describeError(error), stack: undefined });
    const answer = form.errorResponse(new RequestError("UNAVAILABLE"));
    return { ...answer, headers: { ...answer.headers, "retry-after": "1" } };
  }
  log.error("bug", { request_id: request.id, route, ...describeError(error) });
  // A schema let a value through that the database cannot take. It is a bug all the same, but the client's input is wrong.
  if (isInvalidValue(error)) return form.errorResponse(invalidValue());
  return form.errorResponse(new RequestError("INTERNAL", { requestId: request.id }));
}

function codeOf(error: unknown): ApiErrorCode {
  if (error instanceof DomainError || error instanceof RequestError) return error.code;
  return isUnavailable(error) ? "UNAVAILABLE" : isInvalidValue(error) ? "INVALID_REQUEST" : "INTERNAL";
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
