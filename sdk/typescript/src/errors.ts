// Errors that the library throws: what the server refused, and that it was not reached.

/** A refusal of the server, or a failure to reach it. */
export class LatchkeyError extends Error {
  /** The server's code, such as `ACTIVATION_LIMIT_REACHED`; `NETWORK_ERROR` and `UNTRUSTED_ANSWER` are the library's. */
  readonly code: string;
  /** Facts of the code: limits, counts, the field it is about. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The id by which the vendor finds the request in the server's log; null when it was not reached. */
  readonly requestId: string | null;
  /** The HTTP status; 0 when the server was not reached. */
  readonly status: number;
  /** Seconds after which to try again, as the server says; null when it does not. */
  readonly retryAfter: number | null;
  /** The signed refusal of a license key that no license has; null for others. */
  readonly signature: string | null;

  constructor(facts: {
    code: string;
    message: string;
    details?: Record<string, unknown>;
    requestId?: string | null;
    status?: number;
    retryAfter?: number | null;
    signature?: string | null;
    cause?: unknown;
  }) {
    super(facts.message, { cause: facts.cause });
    this.name = "LatchkeyError";
    this.code = facts.code;
    this.details = facts.details ?? {};
    this.requestId = facts.requestId ?? null;
    this.status = facts.status ?? 0;
    this.retryAfter = facts.retryAfter ?? null;
    this.signature = facts.signature ?? null;
  }
}

/** Why a text is not believed; the words are those of docs/offline.md. */
export type InvalidReason =
  | "malformed"
  | "wrong_type"
  | "wrong_algorithm"
  | "unknown_key"
  | "wrong_signature"
  | "other_nonce"
  | "other_key"
  | "other_machine"
  | "other_product";

/** What is wrong with a text that should be signed, or with a license file; the state of it is `invalid`. */
export class InvalidTextError extends Error {
  override readonly name: string = "InvalidTextError";
  readonly reason: InvalidReason;

  constructor(reason: InvalidReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** An encrypted file that this device cannot read; the state of it is `wrong_machine`. */
export class OtherDeviceError extends Error {
  override readonly name: string = "OtherDeviceError";
}
