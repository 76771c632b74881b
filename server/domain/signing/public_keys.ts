// The published keys (JWKS, RFC 7517): those that verify a signature which has not expired.
import { type CryptoKey, importJWK } from "jose";
import type { Context } from "../context.ts";
import { tagOfAll } from "../events/catalogue/cache_tags.ts";
import { ALGORITHM, getSigningKey, type SigningKeyRow } from "./signing_key.ts";

/** The published keys, the current signing key first. */
export async function listSigningKeys(ctx: Context): Promise<SigningKeyRow[]> {
  await getSigningKey(ctx);
  return await ctx.db<SigningKeyRow[]>`
    select *
    from signing_keys
    where retired_at is null or signed_until > ${ctx.now}
    order by id desc`;
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
      value: await importJWK(row.publicKey, ALGORITHM) as CryptoKey,
      invalidationTag: tagOfAll("signing_key"),
    };
  });
}
