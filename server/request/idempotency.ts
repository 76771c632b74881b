// The header `Idempotency-Key` on any call that changes something: the same request under the same key is done once,
// and answered with the saved answer after that.
import { createHash } from "node:crypto";
import { writeHeartbeats } from "../domain/activations/heartbeat.ts";
import type { Context, HeartbeatWriter } from "../domain/context.ts";
import { answerOnce, type SavedAnswer } from "../domain/idempotency.ts";
import type { Answer, Call, Endpoint } from "./endpoint.ts";
import { refuseInput } from "./request_error.ts";

/** What saved answers are sealed for: some hold a secret that is shown only once. */
const PURPOSE = "saved answers";
const decoder = new TextDecoder();

/**
 * Handles a call under its key.
 *
 * @throws DomainError `INVALID_REQUEST` for a key that is none, `IDEMPOTENCY_KEY_REUSED` for one used with another request
 */
export async function idempotently(
  endpoint: Endpoint,
  call: Call<unknown, unknown, unknown>,
  asked: { key: string; path: string; text: string },
  answer: (ctx: Context) => Promise<Answer>,
): Promise<Answer> {
  if (!/^[\x20-\x7e]{1,255}$/.test(asked.key)) {
    refuseInput({
      field: "Idempotency-Key",
      reason: "not_allowed",
      message: "Idempotency-Key must have 1 to 255 visible characters.",
    });
  }
  const save = ({ status, body }: Answer): SavedAnswer => ({
    status,
    body: call.ctx.cipher.encrypt(PURPOSE, JSON.stringify(body)),
  });
  const request = createHash("sha256").update(`${endpoint.method} ${asked.path}\n${asked.text}`).digest();
  const { answer: saved, replayed } = await answerOnce(
    call.ctx,
    { caller: callerOf(endpoint, call), key: asked.key, hash: request },
    async (ctx) => save(await answer({ ...ctx, heartbeats: signsWithin(ctx) })),
    (error) => save(endpoint.dialect.errorResponse(error)),
  );
  return {
    status: saved.status,
    body: JSON.parse(decoder.decode(call.ctx.cipher.decrypt(PURPOSE, saved.body))),
    headers: replayed ? { "idempotent-replayed": "true" } : {},
  };
}

/**
 * Signs of life as part of the transaction. Gathered ones go through another connection, and twenty requests that hold
 * one and wait for one would wait for ever.
 */
function signsWithin(ctx: Context): HeartbeatWriter {
  return {
    write: (sign) => writeHeartbeats(ctx.db, [sign]),
    writeLater: (sign) => ctx.heartbeats.writeLater(sign),
    countRefused: (refused) => ctx.heartbeats.countRefused(refused),
    recordVerified: (at) => ctx.heartbeats.recordVerified(at),
  };
}

function callerOf(endpoint: Endpoint, { ctx, body, ip }: Call<unknown, unknown, unknown>): string {
  const { actor } = ctx;
  if ("id" in actor) return `${actor.kind}:${actor.id}`;
  return endpoint.caller?.(body) ?? `address:${ip}`;
}
