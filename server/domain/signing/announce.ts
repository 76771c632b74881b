// The key that signs after the next rotation. It is published before, so that a version of the app that has it compiled in can be
// in use by the time it signs.
import { requireRecentOwner } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { lockKeys } from "./lock_keys.ts";
import { insertSigningKey, type SigningKeyRow } from "./signing_key.ts";
import { isReadable } from "./unreadable_keys.ts";

/**
 * Creates and publishes the key that signs next for a product, after `rotateSigningKey`, or `createSigningKey` where the default
 * key signs for it today.
 *
 * @param input.productId null: the next default key
 * @throws DomainError `FORBIDDEN`, `REAUTHENTICATION_REQUIRED`, `NOT_FOUND` when there is no such product, `CONFLICT`
 *   when one is announced already
 */
export async function announceSigningKey(
  ctx: Context,
  { productId }: { productId: number | null } = { productId: null },
): Promise<SigningKeyRow> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const product = await lockKeys(ctx, productId);
    const announced = await insertSigningKey(ctx, productId, { isAnnounced: true });
    if (!announced) refuse("CONFLICT", { reason: "already_announced", subject: "signing_key" });
    await recordEvent(ctx, {
      type: "signing_key.announced",
      subjectId: announced.id,
      after: { kid: announced.kid, product },
    });
    return announced;
  });
}

/**
 * Makes the announced key of a product its current one, or a new one where none is announced. Call it while the keys are locked
 * and there is no current one. An announced key that ENCRYPTION_KEY does not open is replaced.
 */
export async function startNextKey(ctx: Context, productId: number | null): Promise<SigningKeyRow> {
  const [announced] = await ctx.db<SigningKeyRow[]>`
    select *
    from signing_keys
    where product_id is not distinct from ${productId}::bigint and is_announced`;
  if (announced && isReadable(ctx.cipher, announced)) {
    const [started] = await ctx.db<SigningKeyRow[]>`
      update signing_keys
      set is_announced = false
      where id = ${announced.id}
      returning *`;
    return started;
  }
  if (announced) {
    await ctx.db`
      delete from signing_keys
      where id = ${announced.id}`;
  }
  const created = await insertSigningKey(ctx, productId);
  if (!created) throw new Error("Another key became the signing key meanwhile.");
  return created;
}
