// The signing keys (Ed25519, RFC 8037). Each product may have its own; the default ones sign for the others. One of each
// signs, another may be announced; retired ones stay published until everything they signed has expired, so that a rotation
// invalidates nothing.
import { createPrivateKey, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { endOf, LAST_DAY } from "../calendar.ts";
import type { Cipher, Context } from "../context.ts";
import { tagOfAll } from "../events/catalogue/cache_tags.ts";

/** A row of `signing_keys`. */
export interface SigningKeyRow {
  id: number;
  /** Null: a default key. */
  productId: number | null;
  kid: string;
  publicKey: JWK;
  privateKey: Uint8Array | null;
  createdAt: Date;
  /** It is published and signs after the next rotation. */
  isAnnounced: boolean;
  retiredAt: Date | null;
  signedUntil: Date;
}

/** The name of the algorithm in JOSE (RFC 9864), and the older one, which leaves the curve to the key (RFC 8037). */
export const algorithms = ["Ed25519", "EdDSA"] as const;
export type Algorithm = typeof algorithms[number];
/** The cipher's purpose for private keys. */
export const CIPHER_PURPOSE = "signing key";
const DAY = 86_400_000;

/** The key that signs for a product, as it is cached. */
export interface SigningKey {
  id: number;
  kid: string;
  privateKey: KeyObject;
  /** Encoded headers of what it signed, by algorithm and type. */
  headers: Map<string, string>;
  /** The product that a default key signs for; null when the product has its own, or nothing is signed for a product. */
  sharedWith: number | null;
  /** Milliseconds since 1970. Nothing signed for the product expires later. Updated in place while the key is cached. */
  signedUntil: number;
}

/**
 * The key that signs for a product: its own, or the default one. The first default key is generated on first use.
 *
 * @param productId null: the default key
 */
export async function getSigningKey(ctx: Context, productId: number | null): Promise<SigningKey> {
  const cached = await ctx.cache.getOrLoad(`signing key ${productId ?? "by default"}`, async () => {
    const current = await findCurrentKey(ctx, productId);
    const row = current ?? await generateFirstKey(ctx);
    const privateKey = openPrivateKey(ctx.cipher, row);
    const sharedWith = row.productId === productId ? null : productId;
    return {
      value: {
        id: row.id,
        kid: row.kid,
        privateKey,
        headers: new Map<string, string>(),
        sharedWith,
        signedUntil: row.signedUntil.getTime(),
      },
      invalidationTag: isLasting(ctx, current) ? tagOfAll("signing_key") : null,
    };
  });
  return cached!;
}

/** Whether a key was there before this transaction: one that it generated disappears with it when it is rolled back. */
function isLasting({ changedTags, now }: Context, current: Pick<SigningKeyRow, "createdAt"> | null): boolean {
  return current !== null && !(changedTags && current.createdAt.getTime() === now.getTime());
}

/** A private key that was encrypted with another ENCRYPTION_KEY. */
export class SigningKeyUnreadable extends Error {
  override readonly name = "SigningKeyUnreadable";
}

/** @throws SigningKeyUnreadable */
export function openPrivateKey(
  cipher: Cipher,
  { kid, privateKey }: Pick<SigningKeyRow, "kid" | "privateKey">,
): KeyObject {
  let key;
  try {
    key = JSON.parse(new TextDecoder().decode(cipher.decrypt(CIPHER_PURPOSE, privateKey!)));
  } catch (cause) {
    throw new SigningKeyUnreadable(`ENCRYPTION_KEY does not open the signing key ${kid}.`, { cause });
  }
  return createPrivateKey({ key, format: "jwk" });
}

/** Generates the first default key where there is none. Nothing is decrypted: keys that cannot be read are replaced too. */
export async function ensureDefaultKey(ctx: Context): Promise<void> {
  await ctx.cache.getOrLoad("default signing key", async () => {
    const current = await findCurrentKey(ctx, null);
    const { id } = current ?? await generateFirstKey(ctx);
    return { value: { id }, invalidationTag: isLasting(ctx, current) ? tagOfAll("signing_key") : null };
  });
}

/**
 * Keeps a key published until `expiresAt` at least. Writes about once a day.
 *
 * @param expiresAt milliseconds since 1970
 */
export async function publishUntil(ctx: Context, key: SigningKey, expiresAt: number): Promise<void> {
  if (expiresAt <= key.signedUntil) return;
  const signedUntil = Math.min(expiresAt + DAY, endOf(LAST_DAY).getTime());
  await ctx.db`
    with published as (
      update signing_keys
      set signed_until = greatest(signed_until, ${new Date(signedUntil)})
      where id = ${key.id}
    )
    insert into signing_key_products as known (key_id, product_id, signed_until)
    select ${key.id}, product_id, ${new Date(signedUntil)}
    from (values (${key.sharedWith}::bigint)) as shared (product_id)
    where product_id is not null
    on conflict (key_id, product_id) do update
    set signed_until = greatest(known.signed_until, excluded.signed_until)`;
  // What a transaction wrote may be rolled back.
  if (!ctx.changedTags) key.signedUntil = signedUntil;
}

/**
 * Generates a key and makes it the current one of a product, or the default one, or the announced one; null when there is one
 * already.
 */
export async function insertSigningKey(
  ctx: Context,
  productId: number | null,
  { isAnnounced }: { isAnnounced: boolean } = { isAnnounced: false },
): Promise<SigningKeyRow | null> {
  const { privateKey, publicKey } = await generateKeyPair("Ed25519", { extractable: true });
  const { kty, crv, x } = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint({ kty, crv, x });
  const encrypted = ctx.cipher.encrypt(CIPHER_PURPOSE, JSON.stringify(await exportJWK(privateKey)));
  const [row] = await ctx.db<SigningKeyRow[]>`
    insert into signing_keys (product_id, kid, public_key, private_key, created_at, is_announced, signed_until)
    values (
      ${productId}, ${kid}, ${
    ctx.db.json({ kty, crv, x })
  }, ${encrypted}, ${ctx.now}, ${isAnnounced}, ${ctx.now}
    )
    on conflict do nothing
    returning *`;
  return row ?? null;
}

/** The current key of a product, or the default one, with what was signed for the product as `signedUntil`. */
async function findCurrentKey(ctx: Context, productId: number | null): Promise<SigningKeyRow | null> {
  const [row] = await ctx.db<SigningKeyRow[]>`
    select
      k.id, k.product_id, k.kid, k.public_key, k.private_key, k.created_at, k.is_announced,
      k.retired_at,
      case when k.product_id is not distinct from ${productId}::bigint then k.signed_until
        else coalesce(s.signed_until, k.created_at) end as signed_until
    from signing_keys k
    left join signing_key_products s on s.key_id = k.id and s.product_id = ${productId}
    where k.retired_at is null and not k.is_announced and (k.product_id = ${productId} or k.product_id is null)
    order by k.product_id nulls last
    limit 1`;
  return row ?? null;
}

/** Several processes may need the first key at the same time; one of them inserts it, and the others read it. */
async function generateFirstKey(ctx: Context): Promise<SigningKeyRow> {
  return await insertSigningKey(ctx, null) ?? (await findCurrentKey(ctx, null))!;
}
