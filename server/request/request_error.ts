// Errors of a request itself, before any verb of the domain is called: its form, its limits, its credentials.
import type { DomainError } from "../domain/errors.ts";

/** What is wrong with a part of a request. */
export interface Problem {
  /** As the request calls it. */
  field: string;
  reason: string;
  message: string;
  /** What is wrong with the request as a whole, for error forms that say so. */
  summary?: string;
}

type NoFacts = Record<never, never>;

/** The codes, each with its facts. */
export interface RequestErrorFacts {
  INVALID_REQUEST: { problems: Problem[] };
  PAYLOAD_TOO_LARGE: { maxBytes: number };
  CONTENT_ENCODING_UNSUPPORTED: NoFacts;
  /** Never read by a client: it has gone. For the log and the metrics. */
  CLIENT_CLOSED_REQUEST: NoFacts;
  NOT_FOUND: NoFacts;
  METHOD_NOT_ALLOWED: NoFacts;
  API_KEY_REQUIRED: NoFacts;
  METRICS_TOKEN_REQUIRED: NoFacts;
  CROSS_SITE: NoFacts;
  /** `retryAfter` in seconds. */
  RATE_LIMITED: { retryAfter: number };
  /** `retryAfter` in seconds. */
  TOO_MANY_STREAMS: { retryAfter: number };
  /** `retryAfter` in seconds. */
  IDENTITY_PROVIDER_UNAVAILABLE: { retryAfter: number };
  /** `signing_key`: ENCRYPTION_KEY does not open it; else the database is unavailable. */
  UNAVAILABLE: { reason?: "signing_key" };
  INTERNAL: { requestId?: string };
}

export type RequestErrorCode = keyof RequestErrorFacts;

type FactsArgument<Code extends RequestErrorCode> = NoFacts extends RequestErrorFacts[Code]
  ? [facts?: RequestErrorFacts[Code]]
  : [facts: RequestErrorFacts[Code]];

/** An error of a request. Its message is its code, for logs. */
export class RequestError<Code extends RequestErrorCode = RequestErrorCode> extends Error {
  override readonly name = "RequestError";
  readonly facts: RequestErrorFacts[Code];

  constructor(readonly code: Code, ...[facts]: FactsArgument<Code>) {
    super(code);
    this.facts = facts ?? {} as RequestErrorFacts[Code];
  }
}

/** An error with a code, returned to the client; any other exception is a bug. */
export type ApiError = DomainError | RequestError;

/** Whether something thrown is a request error of that code. */
export function isRequestError<Code extends RequestErrorCode>(
  error: unknown,
  code: Code,
): error is RequestError<Code> {
  return error instanceof RequestError && error.code === code;
}

/** @throws RequestError `INVALID_REQUEST` */
export function refuseInput(...problems: Problem[]): never {
  throw new RequestError("INVALID_REQUEST", { problems });
}
