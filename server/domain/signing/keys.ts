// The keys that sign entitlement tokens. One signs; those before it are published until the last token they signed
// has ended, so that rotating them makes nobody's token worthless.
import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from "jose";
import { tagOfAll } from "../events/catalogue/cache_tags.ts";
import { type Context, inTransaction, requireRecentAuthentication, requireRole } from "../context.ts";
import { recordEvent } from "../events/record.ts";

/** A row of `signing_keys`. */
export interface SigningKeyRow {
  id: number;
  kid: string;
  publicKey: JWK;
  privateKey: Uint8Array | null;
  createdAt: Date;
  retiredAt: Date | null;
  signedUntil: Date;
}

export const ALGORITHM = "EdDSA";
const PURPOSE = "signing key";
const DAY = 86_400_000;

/** The key that signs at present. */
export interface SigningKey {
  id: number;
  kid: string;
  key: CryptoKey;
  /** Moves while it is remembered: no token signed with the key lasts longer. */
  signedUntil: number;
}

/** The key that signs at present; the first is made when it is first needed. */
export async function getSigningKey(ctx: Context): Promise<SigningKey> {
  const found = await ctx.cache.getOrLoad("signing key", async () => {
    const current = await findCurrent(ctx);
    const row = current ?? await makeFirst(ctx);
    const jwk = JSON.parse(new TextDecoder().decode(ctx.cipher.decrypt(PURPOSE, row.privateKey!)));
    const key = await importJWK(jwk, ALGORITHM) as CryptoKey;
    return {
      value: { id: row.id, kid: row.kid, key, signedUntil: row.signedUntil.getTime() },
      // A key made in this very transaction may yet be undone with it.
      invalidationTag: current ? tagOfAll("signing_key") : null,
    };
  });
  return found!;
}

/** Sees to it that a key is published for as long as a token of it lasts. Written about once a day. */
export async function keepPublished(ctx: Context, key: SigningKey, tokenEnds: number): Promise<void> {
  if (tokenEnds <= key.signedUntil) return;
  const until = tokenEnds + DAY;
  await ctx.db`
    update signing_keys
    set signed_until = greatest(signed_until, ${new Date(until)})
    where id = ${key.id}`;
  key.signedUntil = until;
}

/** The keys by which tokens that have not ended can be checked, the one that signs first. */
export async function listSigningKeys(ctx: Context): Promise<SigningKeyRow[]> {
  await getSigningKey(ctx);
  return await ctx.db<SigningKeyRow[]>`
    select *
    from signing_keys
    where retired_at is null or signed_until > ${ctx.now}
    order by id desc`;
}

/** The public key of that id; null when there is none, or everything it signed has ended. */
export async function findPublicKey(ctx: Context, kid: string): Promise<CryptoKey | null> {
  const found = await ctx.cache.getOrLoad(`public key ${kid}`, async () => {
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
  return found;
}

/**
 * Makes a new key that signs from now on, on every server within a second. The one before it signs no more, and
 * verifies what it signed.
 */
export async function rotateSigningKey(ctx: Context): Promise<SigningKeyRow> {
  requireRole(ctx, "owner");
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    await getSigningKey(ctx);
    const [old] = await ctx.db<SigningKeyRow[]>`
      update signing_keys
      set retired_at = ${ctx.now}, private_key = null
      where retired_at is null
      returning *`;
    const key = await makeKey(ctx);
    await recordEvent(ctx, {
      type: "signing_key.rotated",
      subjectId: key!.id,
      before: { kid: old.kid },
      after: { kid: key!.kid },
    });
    return key!;
  });
}

async function findCurrent(ctx: Context): Promise<SigningKeyRow | null> {
  const [row] = await ctx.db<SigningKeyRow[]>`
    select *
    from signing_keys
    where retired_at is null`;
  return row ?? null;
}

/** Several servers may need a first key at once; one of them makes it. */
async function makeFirst(ctx: Context): Promise<SigningKeyRow> {
  return await makeKey(ctx) ?? (await findCurrent(ctx))!;
}

async function makeKey(ctx: Context): Promise<SigningKeyRow | null> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { crv: "Ed25519", extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const published = { ...jwk, kid, alg: ALGORITHM, use: "sig" };
  const sealed = ctx.cipher.encrypt(PURPOSE, JSON.stringify(await exportJWK(privateKey)));
  const [row] = await ctx.db<SigningKeyRow[]>`
    insert into signing_keys (kid, public_key, private_key, created_at, signed_until)
    values (${kid}, ${ctx.db.json(published as never)}, ${sealed}, ${ctx.now}, ${ctx.now})
    on conflict ((true)) where retired_at is null do nothing
    returning *`;
  return row ?? null;
}
