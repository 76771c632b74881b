// API keys of client apps and scripts. A key is shown once, when it is created; the database contains its hash.
import { randomBytes } from "node:crypto";
import type { Db } from "../../../db/connect.ts";
import { type Context, inTransaction, type LookupContext } from "../context.ts";
import { requireRecentOwner, requireRole } from "../authorization.ts";
import type { ApiKeyActor } from "../actor.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { recordEvent } from "../events/record.ts";
import { containsPattern } from "../list_conditions.ts";
import { listPage, type ListQuery, type Page } from "../lists.ts";
import { refuse } from "../errors.ts";
import { tokenHash } from "../random_token.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";

/** A row of `api_keys`. */
export interface ApiKeyRow {
  id: number;
  name: string;
  prefix: string;
  keyHash: Uint8Array;
  productId: number | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  bodiesUntil: Date | null;
}

/** The number of leading characters that lists show. */
const PREFIX_LENGTH = 12;

/**
 * Creates an API key: "lk_live_" and 256 random bits.
 *
 * @param input.key a fixed key, for demo data only
 * @returns the row, and the key, which cannot be read again
 */
export async function createApiKey(
  ctx: Context,
  input: { name: string; productId: number | null; key?: string },
): Promise<{ row: ApiKeyRow; key: string }> {
  requireRecentOwner(ctx);
  const key = input.key ?? `lk_live_${randomBytes(32).toString("base64url")}`;
  return await inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<ApiKeyRow[]>`
      insert into api_keys (name, prefix, key_hash, product_id, created_at)
      values (${input.name}, ${key.slice(0, PREFIX_LENGTH)}, ${
      tokenHash(key)
    }, ${input.productId}, ${ctx.now})
      returning *`;
    await recordEvent(ctx, {
      type: "api_key.created",
      subjectId: row.id,
      after: { name: row.name, prefix: row.prefix, productId: row.productId },
    });
    return { row, key };
  });
}

/**
 * Revokes an API key. Every server refuses it within a second.
 *
 * @throws DomainError `NOT_FOUND`, `REAUTHENTICATION_REQUIRED`
 */
export async function revokeApiKey(ctx: Context, id: number): Promise<void> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<ApiKeyRow[]>`
      update api_keys
      set revoked_at = coalesce(revoked_at, ${ctx.now})
      where id = ${id}
      returning *`;
    if (!row) refuse("NOT_FOUND", { subject: "api_key" });
    await recordEvent(ctx, { type: "api_key.revoked", subjectId: id, after: { name: row.name } });
  });
}

/**
 * Logs the bodies of a key's requests for some hours, for support. It ends without anyone's doing.
 *
 * @param input.hours 0 ends it now
 * @returns until when; null: they are not logged
 * @throws DomainError `FORBIDDEN`, `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`
 */
export async function logBodies(
  ctx: Context,
  { id, hours }: { id: number; hours: number },
): Promise<{ bodiesUntil: Date | null }> {
  requireRecentOwner(ctx);
  const bodiesUntil = hours > 0 ? new Date(ctx.now.getTime() + hours * 3_600_000) : null;
  return await inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<ApiKeyRow[]>`
      update api_keys
      set bodies_until = ${bodiesUntil}
      where id = ${id} and revoked_at is null
      returning *`;
    if (!row) refuse("NOT_FOUND", { subject: "api_key" });
    await recordEvent(ctx, {
      type: "api_key.body_logging_changed",
      subjectId: id,
      after: { name: row.name, until: bodiesUntil?.toISOString() ?? null },
    });
    return { bodiesUntil };
  });
}

/** An API key without its hash, with the name of its product. */
export type ListedApiKey = Omit<ApiKeyRow, "keyHash"> & { productName: string | null };

/** Lists active or revoked API keys, the newest first. */
export async function listApiKeys(
  ctx: Context,
  query: ListQuery & { revoked?: boolean },
): Promise<Page<ListedApiKey>> {
  requireRole(ctx, "owner");
  return await listPage<ListedApiKey>(ctx, query, {
    columns: ctx.db`
      k.id, k.name, k.prefix, k.product_id, k.created_at, k.last_used_at, k.revoked_at, k.bodies_until, p.name as product_name`,
    from: ctx.db`api_keys k left join products p on p.id = k.product_id`,
    where: [
      query.revoked ? ctx.db`k.revoked_at is not null` : ctx.db`k.revoked_at is null`,
      query.q
        ? ctx.db`(k.name ilike ${containsPattern(query.q)} or k.prefix ilike ${containsPattern(query.q)})`
        : null,
    ],
    sorts: { id: { by: "k.id", type: "bigint" } },
    defaultSort: "-id",
    id: "k.id",
  });
}

/**
 * The actor of an API key.
 *
 * @throws DomainError `API_KEY_INVALID`
 */
export function getApiKeyActor(ctx: LookupContext, key: string): MaybePromise<ApiKeyActor> {
  const found = ctx.cache.getOrLoad(`api key ${key}`, async () => {
    const [row] = await ctx.db<Pick<ApiKeyRow, "id" | "name" | "productId" | "bodiesUntil">[]>`
      select id, name, product_id, bodies_until
      from api_keys
      where key_hash = ${tokenHash(key)} and revoked_at is null`;
    if (!row) return null;
    return { value: { kind: "api_key", ...row } as const, invalidationTag: tagOf("api_key", row.id) };
  });
  return whenKnown(found, (found) => found ?? refuse("API_KEY_INVALID"));
}

/** Records the last use of keys; the time never moves backward. */
export async function recordKeyUses(db: Db, uses: { id: number; at: Date }[]): Promise<void> {
  const ids = uses.map(({ id }) => id);
  const times = uses.map(({ at }) => at.toISOString());
  await db`
    update api_keys
    set last_used_at = greatest(last_used_at, used.at)
    from (
      select id, max(at) as at
      from unnest(${ids}::bigint[], ${times}::timestamptz[]) as uses (id, at)
      group by id
    ) as used
    where api_keys.id = used.id`;
}

/** Corrects last uses from before the database's clock was put back: later ones would be ignored. */
export async function correctKeyUsesAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update api_keys
    set last_used_at = ${ctx.now}
    where last_used_at > ${ctx.now}`;
}
