// Rotation of a signing key, and the keys that products have of their own.
import { type Context, inTransaction } from "../context.ts";
import { requireRecentOwner } from "../authorization.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { startNextKey } from "./announce.ts";
import { lockKeys } from "./lock_keys.ts";
import { ensureDefaultKey, type SigningKeyRow } from "./signing_key.ts";

/**
 * Gives a product a signing key, the announced one or a new one, which replaces the default one. What that one signed for the product stays valid, and
 * it is published with the product's keys as long.
 *
 * @throws DomainError `FORBIDDEN`, `REAUTHENTICATION_REQUIRED`, `NOT_FOUND` when there is no such product, `CONFLICT`
 *   when it has a key of its own
 */
export async function createSigningKey(
  ctx: Context,
  { productId }: { productId: number },
): Promise<SigningKeyRow> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const product = await lockKeys(ctx, productId);
    if (await hasCurrentKey(ctx, productId)) {
      refuse("CONFLICT", { reason: "already_exists", subject: "signing_key" });
    }
    const created = await startNextKey(ctx, productId);
    await recordEvent(ctx, {
      type: "signing_key.created",
      subjectId: created.id,
      after: { kid: created.kid, product },
    });
    return created;
  });
}

/**
 * Replaces a signing key by the announced one, or a new one. Every process signs with it within a second. The old one is retired: its private
 * key is deleted, and its public key stays published until everything it signed has expired.
 *
 * @param input.productId null: the default key
 * @throws DomainError `FORBIDDEN`, `REAUTHENTICATION_REQUIRED`, `NOT_FOUND` when there is no such product, `CONFLICT`
 *   when it has no key of its own
 */
export async function rotateSigningKey(
  ctx: Context,
  { productId }: { productId: number | null } = { productId: null },
): Promise<SigningKeyRow> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const product = await lockKeys(ctx, productId);
    if (productId === null) await ensureDefaultKey(ctx);
    const retired = await retireCurrentKey(ctx, productId);
    const current = await startNextKey(ctx, productId);
    await recordEvent(ctx, {
      type: "signing_key.rotated",
      subjectId: current.id,
      before: { kid: retired.kid, product },
      after: { kid: current.kid, product },
    });
    return current;
  });
}

/**
 * Retires the signing key of a product, for which the default one signs from then on. Its public key stays published until
 * everything it signed has expired.
 *
 * @throws DomainError as `rotateSigningKey`
 */
export async function retireSigningKey(
  ctx: Context,
  { productId }: { productId: number },
): Promise<SigningKeyRow> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const product = await lockKeys(ctx, productId);
    const retired = await retireCurrentKey(ctx, productId);
    await recordEvent(ctx, {
      type: "signing_key.retired",
      subjectId: retired.id,
      before: { kid: retired.kid, product },
    });
    return retired;
  });
}

async function hasCurrentKey(ctx: Context, productId: number): Promise<boolean> {
  const keys = await ctx.db`
    select
    from signing_keys
    where product_id = ${productId} and retired_at is null and not is_announced`;
  return keys.length > 0;
}

async function retireCurrentKey(ctx: Context, productId: number | null): Promise<SigningKeyRow> {
  const [retired] = await ctx.db<SigningKeyRow[]>`
    update signing_keys
    set retired_at = ${ctx.now}, private_key = null
    where product_id is not distinct from ${productId}::bigint and retired_at is null and not is_announced
    returning *`;
  return retired ?? refuse("CONFLICT", { reason: "no_signing_key", subject: "product" });
}
