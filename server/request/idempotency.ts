// The header `Idempotency-Key` on any call that changes something: the same request under the same key takes effect
// once, and is answered with the saved answer after that.
import { createHash } from "node:crypto";
import { writeHeartbeats } from "../domain/activations/heartbeat_writes.ts";
import type { Context, HeartbeatWriter } from "../domain/context.ts";
import { ANSWER_PURPOSE, answerOnce, type SavedAnswer } from "../domain/idempotency.ts";
import { createWorkQueue } from "../domain/work_queue.ts";
import type { Answer, Call, Endpoint } from "./endpoint.ts";
import { pathOf } from "./paths.ts";
import { runInDatabaseTime } from "./patience.ts";
import { refuseInput } from "./request_error.ts";

/**
 * Transactions that hold a connection for the whole of a call, also while a password is hashed in it or the same key waits
 * for its first request. Half of the pool is left to everything else.
 */
const transactions = createWorkQueue("idempotent", {
  concurrency: 10,
  maxWaiting: 200,
  duration: 20,
});

const decoder = new TextDecoder();

/**
 * Answers a call under its key.
 *
 * @throws RequestError INVALID_REQUEST for a malformed key, DomainError IDEMPOTENCY_KEY_REUSED for one used with another request
 */
export async function answerOncePerKey(
  endpoint: Endpoint,
  call: Call<unknown, unknown, unknown>,
  { key, text }: { key: string; text: string },
  work: (ctx: Context) => Promise<Answer>,
): Promise<Answer> {
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    refuseInput({
      field: "Idempotency-Key",
      reason: "not_allowed",
      message: "Idempotency-Key must have 1 to 255 visible characters.",
    });
  }
  const save = ({ status, body }: Answer): SavedAnswer => ({
    status,
    body: call.ctx.cipher.encrypt(ANSWER_PURPOSE, JSON.stringify(body)),
  });
  const condition = call.revision === undefined ? "" : `\nIf-Match: ${call.revision.join()}`;
  const hash = createHash("sha256")
    .update(`${endpoint.method} ${pathOf(call.request.raw)}${condition}\n${text}`)
    .digest();
  const { answer: saved, replayed } = await runInDatabaseTime(
    transactions,
    call.request,
    () =>
      answerOnce(
        call.ctx,
        { caller: callerOf(endpoint, call), key, hash },
        async (ctx) => save(await work({ ...ctx, heartbeats: heartbeatsWithin(ctx) })),
        (error) => save(endpoint.dialect.errorResponse(error)),
      ),
  );
  return {
    status: saved.status,
    body: JSON.parse(decoder.decode(call.ctx.cipher.decrypt(ANSWER_PURPOSE, saved.body))),
    headers: replayed ? { "idempotent-replayed": "true" } : {},
  };
}

/**
 * Heartbeats written in the transaction itself. Batched ones need another connection, and requests that hold one each
 * and wait for one more would exhaust the pool and deadlock.
 */
function heartbeatsWithin(ctx: Context): HeartbeatWriter {
  return {
    write: (heartbeat) => writeHeartbeats(ctx.db, [heartbeat]),
    writeLater: (heartbeat) => ctx.heartbeats.writeLater(heartbeat),
    countRefused: (refused) => ctx.heartbeats.countRefused(refused),
    recordVerified: (at) => ctx.heartbeats.recordVerified(at),
  };
}

function callerOf(endpoint: Endpoint, { ctx, body, request }: Call<unknown, unknown, unknown>): string {
  const { actor } = ctx;
  if ("id" in actor) return `${actor.kind}:${actor.id}`;
  return endpoint.caller?.(body) ?? `address:${request.address}`;
}
