// Status lists (IETF draft-ietf-oauth-status-list): one bit for each license file, set while the file is revoked. They are made
// of what the licenses and activations are, so that a restored database has the right ones.
import { deflateSync } from "node:zlib";
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { tagOfAll } from "../events/catalogue/cache_tags.ts";
import { usableOn } from "../policy/conditions.ts";
import { type Claims, signClaims } from "../signing/jws.ts";
import { LIST_SIZE, readListName } from "./status_index.ts";

/** The type of the JWS. */
const TYPE = "statuslist+jwt";
/** How long a list is served before the next one is made; milliseconds. */
export const REFRESH = 30_000;
/** How long a list may be used, for networks that get it by file; seconds. */
const LIFETIME = 14 * 86_400;

/** What a list says. Times are seconds since 1970. */
export interface StatusListClaims {
  /** Where it is published. */
  url: string;
  issuedAt: number;
  expiresAt: number;
  /** Seconds until there may be a new one. */
  ttl: number;
  /** A bit for each index, compressed, in base64url. */
  bits: string;
}

/** A list as it is published. */
export interface StatusList {
  jws: string;
}

/**
 * The signed list of a name, at most half a minute old.
 *
 * @param input.url where the list is published
 * @param nameClaims writes the claims under the names of the wire
 * @throws DomainError `NOT_FOUND` when there is no such list
 */
export async function getStatusList(
  ctx: Context,
  { list, url }: { list: string; url: string },
  nameClaims: (claims: StatusListClaims) => Claims,
): Promise<StatusList> {
  const name = readListName(list);
  if (!name) refuse("NOT_FOUND", { subject: "status_list" });
  const madeAt = Math.floor(ctx.now.getTime() / REFRESH) * REFRESH;
  const key = `status list ${list} ${madeAt}`;
  const found = await once(ctx.cache, key, () => load(ctx, key, { ...name, url }, nameClaims));
  return found ?? refuse("NOT_FOUND", { subject: "status_list" });
}

/** Lists that are being made, by the cache of the process. */
const inProgress = new WeakMap<object, Map<string, Promise<StatusList | null>>>();

/** A full list takes a third of a second, so those who ask for it at the same time get the same one. */
async function once(
  cache: object,
  key: string,
  make: () => Promise<StatusList | null>,
): Promise<StatusList | null> {
  const lists = inProgress.get(cache) ?? new Map<string, Promise<StatusList | null>>();
  inProgress.set(cache, lists);
  const known = lists.get(key);
  if (known) return await known;
  const made = make().finally(() => lists.delete(key));
  lists.set(key, made);
  return await made;
}

async function load(
  ctx: Context,
  key: string,
  { url, ...name }: { url: string; productId: number; firstId: number },
  nameClaims: (claims: StatusListClaims) => Claims,
): Promise<StatusList | null> {
  return await ctx.cache.getOrLoad(key, async () => {
    const revoked = await listRevoked(ctx, name);
    if (!revoked) return null;
    const issuedAt = Math.floor(ctx.now.getTime() / 1000);
    const jws = await signClaims(ctx, {
      productId: name.productId,
      type: TYPE,
      claims: nameClaims({
        url,
        issuedAt,
        expiresAt: issuedAt + LIFETIME,
        ttl: REFRESH / 1000,
        bits: compress(revoked),
      }),
      expiresAt: (issuedAt + LIFETIME) * 1000,
    });
    return { value: { jws }, invalidationTag: tagOfAll("signing_key") };
  });
}

/** The revoked indices of a list; null when no file is in it. */
async function listRevoked(
  ctx: Context,
  { productId, firstId }: { productId: number; firstId: number },
): Promise<number[] | null> {
  const [{ isThere }] = await ctx.db<{ isThere: boolean }[]>`
    select exists (
      select
      from license_statuses
      where id >= ${firstId} and id < ${firstId + LIST_SIZE} and product_id = ${productId}
    ) as is_there`;
  if (!isThere) return null;
  const rows = await ctx.db<{ index: number }[]>`
    select (s.id - ${firstId}::bigint)::integer as index
    from license_statuses s
    join licenses l on l.id = s.license_id
    join activations a on a.id = s.activation_id
    where s.id >= ${firstId} and s.id < ${firstId + LIST_SIZE} and s.product_id = ${productId}
      and s.expires_at > ${ctx.now}
      and (
        s.revoked_at is not null or not a.is_active or a.activated_at > s.created_at
        or not ${usableOn(ctx, "l", dayOf(ctx.now), { isEntitled: ctx.db`true` })}
      )`;
  return rows.map(({ index }) => index);
}

/** Bits in bytes, the first in the lowest bit, as zlib (RFC 1950) in base64url. */
function compress(revoked: number[]): string {
  const bytes = new Uint8Array(LIST_SIZE / 8);
  for (const index of revoked) bytes[index >> 3] |= 1 << (index & 7);
  return new Uint8Array(deflateSync(bytes, { level: 9 })).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}
