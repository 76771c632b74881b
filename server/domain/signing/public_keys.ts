// The published keys (JWKS, RFC 7517): those that verify a signature which has not expired.
import { type CryptoKey, importJWK } from "jose";
import type { Context } from "../context.ts";
import { tagOfAll } from "../events/catalogue/cache_tags.ts";
import { ensureDefaultKey, type SigningKeyRow } from "./signing_key.ts";

/** A published key, with the code of its product. */
export type PublishedKey = Omit<SigningKeyRow, "privateKey"> & { productCode: string | null };

/** A public key as it is published: its id, and its coordinate in base64url. */
export interface PublicKey {
  kid: string;
  x: string;
}

/** All published keys, the default ones first, and of each product the current signing key first, then the announced one. */
export async function listSigningKeys(ctx: Context): Promise<PublishedKey[]> {
  await ensureDefaultKey(ctx);
  return await ctx.db<PublishedKey[]>`
    select
      k.id, k.product_id, k.kid, k.public_key, k.created_at, k.is_announced, k.retired_at,
      k.signed_until, p.code as product_code
    from signing_keys k
    left join products p on p.id = k.product_id
    where k.retired_at is null or k.signed_until > ${ctx.now}
    order by p.code nulls first, k.retired_at is not null, k.is_announced, k.id desc`;
}

/**
 * The keys that verify what is signed for a product, its current signing key first: its own, the announced one too, and default keys as long as
 * something that they signed for it has not expired, or it has no key of its own.
 *
 * @param productCode null: the default keys
 * @returns null when there is no such product; a deleted one has its keys
 */
export async function findPublicKeys(
  ctx: Context,
  productCode: string | null,
): Promise<PublicKey[] | null> {
  await ensureDefaultKey(ctx);
  if (productCode === null) {
    const rows = await ctx.db<Pick<SigningKeyRow, "kid" | "publicKey">[]>`
      select kid, public_key
      from signing_keys
      where product_id is null and (retired_at is null or signed_until > ${ctx.now})
      order by retired_at is not null, is_announced, id desc`;
    return rows.map(published);
  }
  const [product] = await ctx.db<{ id: number }[]>`
    select id
    from products
    where code = ${productCode}`;
  if (!product) return null;
  const rows = await ctx.db<Pick<SigningKeyRow, "kid" | "publicKey">[]>`
    select k.kid, k.public_key
    from signing_keys k
    left join signing_key_products s on s.key_id = k.id and s.product_id = ${product.id}
    where
      k.product_id = ${product.id} and (k.retired_at is null or k.signed_until > ${ctx.now})
      or k.product_id is null and (
        s.signed_until > ${ctx.now}
        or k.retired_at is null and not exists (
          select
          from signing_keys own
          where own.product_id = ${product.id} and own.retired_at is null and not own.is_announced
        )
      )
    order by k.retired_at is not null, k.is_announced, k.product_id is null, k.id desc`;
  return rows.map(published);
}

function published({ kid, publicKey }: Pick<SigningKeyRow, "kid" | "publicKey">): PublicKey {
  return { kid, x: publicKey.x! };
}

/** The public key with a key id, published or not; null when there is none. */
export async function findPublicKey(ctx: Context, kid: string): Promise<CryptoKey | null> {
  return await ctx.cache.getOrLoad(`public key ${kid}`, async () => {
    const [row] = await ctx.db<SigningKeyRow[]>`
      select *
      from signing_keys
      where kid = ${kid}`;
    if (!row) return null;
    return {
      value: await importJWK(row.publicKey, "Ed25519") as CryptoKey,
      invalidationTag: tagOfAll("signing_key"),
    };
  });
}
