// Rotation of a signing key, and the keys that products have of their own.
import { type Context, inTransaction } from "../context.ts";
import { requireRecentOwner } from "../authorization.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { ensureDefaultKey, insertSigningKey, type SigningKeyRow } from "./signing_key.ts";

/**
 * Creates a signing key for a product, which replaces the default one. What that one signed for the product stays valid, and
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
    const created = await insertSigningKey(ctx, productId);
    if (!created) refuse("CONFLICT", { reason: "already_exists", subject: "signing_key" });
    await recordEvent(ctx, {
      type: "signing_key.created",
      subjectId: created.id,
      after: { kid: created.kid, product },
    });
    return created;
  });
}

/**
 * Replaces a signing key. Every process signs with the new key within a second. The old one is retired: its private
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
    const current = await insertSigningKey(ctx, productId);
    if (!current) throw new Error("Another key became the signing key during the rotation.");
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

/**
 * Changes of keys at the same time take turns: an update would not see the key that another one has just inserted.
 *
 * @returns the product's code; null for the default key
 */
async function lockKeys(ctx: Context, productId: number | null): Promise<string | null> {
  const [product] = productId === null ? [] : await ctx.db<{ code: string }[]>`
    select code
    from products
    where id = ${productId} and deleted_at is null
    for share`;
  if (productId !== null && !product) refuse("NOT_FOUND", { subject: "product", field: "productId" });
  await ctx.db`lock table signing_keys in share row exclusive mode`;
  return product?.code ?? null;
}

async function retireCurrentKey(ctx: Context, productId: number | null): Promise<SigningKeyRow> {
  const [retired] = await ctx.db<SigningKeyRow[]>`
    update signing_keys
    set retired_at = ${ctx.now}, private_key = null
    where product_id is not distinct from ${productId}::bigint and retired_at is null
    returning *`;
  return retired ?? refuse("CONFLICT", { reason: "no_signing_key", subject: "product" });
}
