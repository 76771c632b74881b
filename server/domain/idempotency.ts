// Idempotency keys: requests with the same key take effect once and get the same answer, also when they arrive at the
// same time. See the IETF draft "The Idempotency-Key HTTP Header Field".
import { Buffer } from "node:buffer";
import { type Context, inTransaction } from "./context.ts";
import { DomainError, refuse } from "./errors.ts";

/** How long an answer can be replayed; milliseconds. */
const RETENTION = 24 * 3_600_000;

/** The cipher's purpose for saved answers. They are encrypted: some hold a secret that is shown only once. */
export const ANSWER_PURPOSE = "saved answers";

export interface SavedAnswer {
  status: number;
  /** The answer's body, encrypted by the caller of `answerOnce`. */
  body: Uint8Array;
}

export interface IdempotentRequest {
  caller: string;
  key: string;
  /** SHA-256 of method, path and body. */
  hash: Uint8Array;
}

/** A row of `idempotency_keys`. */
export interface IdempotencyKeyRow {
  caller: string;
  key: string;
  request: Uint8Array;
  status: number | null;
  answer: Uint8Array | null;
  createdAt: Date;
}

/**
 * Runs `work`, or returns the saved answer when the same request was answered within the last 24 hours. Work and answer
 * are one transaction. A domain error is saved like any answer, after the changes of `work` are rolled back. An error
 * of the request, such as a rate limit, is not: the client retries with the same key.
 *
 * @param describeError converts an error to the answer that is saved
 * @throws DomainError `IDEMPOTENCY_KEY_REUSED` when the key was used with another request
 */
export function answerOnce(
  ctx: Context,
  request: IdempotentRequest,
  work: (ctx: Context) => Promise<SavedAnswer>,
  describeError: (error: DomainError) => SavedAnswer,
): Promise<{ answer: SavedAnswer; replayed: boolean }> {
  return inTransaction(ctx, async (ctx) => {
    const oldest = new Date(ctx.now.getTime() - RETENTION);
    // A second request with the same key waits here for the first one's commit or rollback.
    const [claimed] = await ctx.db<{ key: string }[]>`
      insert into idempotency_keys (caller, key, request, created_at)
      values (${request.caller}, ${request.key}, ${request.hash}, ${ctx.now})
      on conflict on constraint idempotency_keys_pkey do update
      set request = excluded.request, status = null, answer = null, created_at = excluded.created_at
      where idempotency_keys.created_at < ${oldest}
      returning key`;
    if (!claimed) return { answer: await readAnswer(ctx, request), replayed: true };
    const answer = await inTransaction(ctx, work).catch((error) => {
      // Work that was not begun is no answer: the client retries with the same key.
      if (error instanceof DomainError && !["OVERLOADED", "RATE_LIMITED"].includes(error.code)) {
        return describeError(error);
      }
      throw error;
    });
    await ctx.db`
      update idempotency_keys
      set status = ${answer.status}, answer = ${answer.body}
      where caller = ${request.caller} and key = ${request.key}`;
    return { answer, replayed: false };
  });
}

async function readAnswer(ctx: Context, request: IdempotentRequest): Promise<SavedAnswer> {
  const [row] = await ctx.db<IdempotencyKeyRow[]>`
    select *
    from idempotency_keys
    where caller = ${request.caller} and key = ${request.key}`;
  if (Buffer.compare(row.request, request.hash) !== 0) refuse("IDEMPOTENCY_KEY_REUSED");
  return { status: row.status!, body: row.answer! };
}

/**
 * Deletes answers that are older than 24 hours.
 *
 * @returns the number of deleted rows
 */
export async function deleteExpiredAnswers(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from idempotency_keys
    where created_at < ${new Date(ctx.now.getTime() - RETENTION)}`;
  return deleted.count;
}
