// The search by name and metadata over products, plans, releases, resources, users and webhooks. Users are found by
// an index; the other tables have thousands of rows and are read whole: first for text that contains what is looked for, then
// for similar words.
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import { includesRole, requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { containsPattern, MIN_CONTAINED } from "../list_conditions.ts";
import type { Metadata } from "../metadata.ts";
import { type MatchedMetadata, matchedMetadataOf } from "./matched_metadata.ts";
import type { NamedType, nameSearch } from "./inputs.ts";
import { MIN_SIMILARITY, rankOf } from "./rank.ts";

export interface NameHit {
  type: NamedType;
  id: number;
  title: string;
  subtitle: string;
  /** The product of a plan or release. */
  productId: number | null;
  /** False for allocated resources, disabled users and disabled webhooks. */
  isAvailable: boolean;
  /** Relevance from 0 to 1; 1 is an exact match. */
  rank: number;
  /** What was found, where neither title nor subtitle have the text. */
  matchedMetadata: MatchedMetadata | null;
}

const DEFAULT_LIMIT = 20;

/** For each type, all its rows; `also` is further text that is searched. */
const sources: Record<NamedType, (ctx: Context) => Fragment> = {
  product: (ctx) =>
    ctx.db`
      select 'product'::text as type, id, name as title, code as also, code as subtitle, id as product_id,
        true as is_available, metadata
      from products
      where deleted_at is null`,
  plan: (ctx) =>
    ctx.db`
      select 'plan'::text as type, n.id, n.name as title, n.code as also, p.name as subtitle, p.id as product_id,
        true as is_available, n.metadata
      from plans n
      join products p on p.id = n.product_id
      where n.deleted_at is null`,
  release: (ctx) =>
    ctx.db`
      select 'release'::text as type, r.id, p.name || ' ' || r.version as title, r.version as also,
        r.channel as subtitle, p.id as product_id, true as is_available, null::jsonb as metadata
      from releases r
      join products p on p.id = r.product_id
      where r.deleted_at is null`,
  resource: (ctx) =>
    ctx.db`
      select 'resource'::text as type, id, identifier as title, type as also,
        type || case when license_id is null then ' - available' else ' - allocated' end as subtitle,
        null::bigint as product_id, license_id is null as is_available, null::jsonb as metadata
      from resources
      where deleted_at is null`,
  user: (ctx) =>
    ctx.db`
      select 'user'::text as type, id, name as title, email as also, email as subtitle, null::bigint as product_id,
        disabled_at is null as is_available, metadata
      from users`,
  webhook: (ctx) =>
    ctx.db`
      select 'webhook'::text as type, id, coalesce(nullif(description, ''), url) as title, url as also,
        url as subtitle, null::bigint as product_id, is_active as is_available, null::jsonb as metadata
      from webhooks
      where deleted_at is null`,
};

/** Searches by name, the best first. Webhooks are found by owners only. */
export async function searchNames(ctx: Context, query: z.infer<typeof nameSearch>): Promise<NameHit[]> {
  requireRole(ctx, "viewer");
  const { actor } = ctx;
  const isOwner = actor.kind !== "administrator" || includesRole(actor.role, "owner");
  const q = query.q.trim();
  const types = (Object.keys(sources) as NamedType[])
    .filter((type) => (query.type ?? type) === type && (type !== "webhook" || isOwner));
  if (q === "" || types.length === 0) return [];
  const pattern = containsPattern(q);
  const read = async (ctx: Context, condition: Fragment): Promise<NameHit[]> => {
    const rows = await ctx.db<(NameHit & { also: string | null; metadata: Metadata | null })[]>`
      select type, id, title, also, subtitle, product_id, is_available, rank, metadata
      from (
        select named.*, ${rankOf(ctx, q)} as rank
        from (${allOfTypes(ctx, types)}) as named
        where ${condition}
      ) as ranked
      order by rank desc, length(title), type, id
      limit ${query.limit ?? DEFAULT_LIMIT}`;
    return rows.map(({ also, metadata, ...hit }) => ({
      ...hit,
      matchedMetadata: matchedMetadataOf(q, metadata, [hit.title, also, hit.subtitle]),
    }));
  };
  // For shorter texts the index is of no use.
  const hasValue = q.length < MIN_CONTAINED
    ? ctx.db``
    : ctx.db`or (metadata <> '{}' and metadata_text(metadata) ilike ${pattern})`;
  const hits = await read(ctx, ctx.db`title ilike ${pattern} or also ilike ${pattern} ${hasValue}`);
  // Too little text is similar to nearly everything.
  if (hits.length > 0 || q.length < MIN_CONTAINED) return hits;
  return await inTransaction(ctx, async (ctx) => {
    // The planner takes "<%" to be as cheap as a comparison of numbers, and would compute it for each row of a table.
    await ctx.db`
      select set_config('pg_trgm.word_similarity_threshold', ${String(MIN_SIMILARITY)}, true),
        set_config('enable_seqscan', 'off', true)`;
    return await read(ctx, ctx.db`${q} <% title or ${q} <% also`);
  });
}

function allOfTypes(ctx: Context, [first, ...others]: NamedType[]): Fragment {
  return others.reduce(
    (all, type) =>
      ctx.db`
        ${all}
        union all
        ${sources[type](ctx)}`,
    sources[first](ctx),
  );
}
