// A request sent twice under one Idempotency-Key takes effect once, and both get the same answer, also when they
// arrive at the same moment. (The IETF draft "The Idempotency-Key HTTP Header Field" says what the header means.)
import { Buffer } from "node:buffer";
import { type Context, inTransaction } from "./context.ts";
import { DomainError, refuse } from "./errors.ts";

/** How long an answer is kept; milliseconds. */
const KEPT_FOR = 24 * 3_600_000;

export interface SavedAnswer {
  status: number;
  /** The answer's body, sealed by the caller of this room. */
  body: Uint8Array;
}

export interface IdempotentRequest {
  caller: string;
  key: string;
  /** SHA-256 over method, path and body. */
  request: Uint8Array;
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
 * Runs `work` unless the same request was answered within the last 24 hours; then the saved answer is returned. Work
 * and answer are one transaction. A refusal is an answer like any other, and undoes what the work had begun.
 *
 * @param describeRefusal the answer to a refusal, so that it can be saved
 * @throws Refusal `IDEMPOTENCY_KEY_REUSED` when the key was used with another request
 */
export function answerOnce(
  ctx: Context,
  asked: IdempotentRequest,
  work: (ctx: Context) => Promise<SavedAnswer>,
  describeRefusal: (refusal: DomainError) => SavedAnswer,
): Promise<{ answer: SavedAnswer; replayed: boolean }> {
  return inTransaction(ctx, async (ctx) => {
    const oldest = new Date(ctx.now.getTime() - KEPT_FOR);
    // A second request under the same key waits here until the first has committed or was undone.
    const [claimed] = await ctx.db<{ key: string }[]>`
      insert into idempotency_keys (caller, key, request, created_at)
      values (${asked.caller}, ${asked.key}, ${asked.request}, ${ctx.now})
      on conflict on constraint idempotency_keys_pkey do update
      set request = excluded.request, status = null, answer = null, created_at = excluded.created_at
      where idempotency_keys.created_at < ${oldest}
      returning key`;
    if (!claimed) return { answer: await readAnswer(ctx, asked), replayed: true };
    const answer = await inTransaction(ctx, work).catch((error) => {
      // Who was told to wait is to come back under the same key.
      if (error instanceof DomainError && error.code !== "RATE_LIMITED") return describeRefusal(error);
      throw error;
    });
    await ctx.db`
      update idempotency_keys
      set status = ${answer.status}, answer = ${answer.body}
      where caller = ${asked.caller} and key = ${asked.key}`;
    return { answer, replayed: false };
  });
}

async function readAnswer(ctx: Context, asked: IdempotentRequest): Promise<SavedAnswer> {
  const [row] = await ctx.db<IdempotencyKeyRow[]>`
    select *
    from idempotency_keys
    where caller = ${asked.caller} and key = ${asked.key}`;
  if (Buffer.compare(row.request, asked.request) !== 0) refuse("IDEMPOTENCY_KEY_REUSED");
  return { status: row.status!, body: row.answer! };
}

/**
 * Forgets answers older than a day.
 *
 * @returns how many
 */
export async function forgetAnswers(ctx: Context): Promise<number> {
  const forgotten = await ctx.db`
    delete from idempotency_keys
    where created_at < ${new Date(ctx.now.getTime() - KEPT_FOR)}`;
  return forgotten.count;
}
