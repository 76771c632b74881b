// The global search over customers, licenses, devices and leads. Substring matches come first, then texts with one
// wrong character; trigram similarity is used when these are few. Both use indexes and read a bounded number of rows.
import { readSearchedTexts } from "../activations/search_texts.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { maybeHasKey } from "../licenses/key.ts";
import { MIN_CONTAINED } from "../list_conditions.ts";
import type { SearchType } from "./inputs.ts";
import { type MatchedMetadata, matchedMetadataOf } from "./matched_metadata.ts";
import { isMisspelt } from "./near.ts";
import { isSimilar, rankOf, similarityFor } from "./rank.ts";
import { type Candidate, type Match, MAX_CANDIDATES, type SearchSource, searchSources } from "./sources.ts";

export interface SearchHit {
  type: SearchType;
  id: number;
  title: string;
  subtitle: string;
  /** Relevance from 0 to 1; 1 is an exact match. */
  rank: number;
  /** The license of a device. */
  licenseId: number | null;
  /** What was found, where neither title nor subtitle have the text. */
  matchedMetadata: MatchedMetadata | null;
}

/** Searches by text, the best first. `total` counts the ranked candidates, not all matches. */
export async function searchEverything(
  ctx: Context,
  query: { q: string; type: SearchType | null; limit: number },
): Promise<{ hits: SearchHit[]; total: number }> {
  requireRole(ctx, "viewer");
  const q = await findKeyInFull(ctx, query.q) ?? query.q.trim();
  if (q === "") return { hits: [], total: 0 };
  const sources = searchSources.filter(({ type }) => query.type === null || type === query.type);
  const searchIn = async (ctx: Context, sources: SearchSource[], match: Match) =>
    (await Promise.all(sources.map((source) => rankCandidates(ctx, source, q, match)))).flat();
  const hits = await inTransaction(ctx, async (ctx) => {
    const devices = sources.some(({ type }) => type === "device") ? await readSearchedTexts(ctx) : undefined;
    const match: Match = { text: q, how: "contains", devices };
    const exact = await searchIn(ctx, sources, match);
    // Too little text is similar to nearly everything.
    if (q.length < MIN_CONTAINED || exact.length >= query.limit || exact.some(({ rank }) => rank === 1)) {
      return exact;
    }
    const words = sources.filter(({ findsSimilar }) => findsSimilar);
    const similar = (await searchIn(ctx, sources, { ...match, how: "near" }))
      .filter((hit) =>
        isSimilar(hit) || isMisspelt(q, hit.title) || isMisspelt(q, hit.subtitle) ||
        words.every(({ type }) => type !== hit.type)
      );
    if (exact.length + similar.length < query.limit) {
      // The planner takes "<%" to be as cheap as a comparison of numbers, and would compute it for each row of a table.
      await ctx.db`
        select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
          set_config('pg_trgm.word_similarity_threshold', ${String(similarityFor(q))}, true)`;
      similar.push(...await searchIn(ctx, words, { ...match, how: "similar" }));
    }
    // The first of those that were found in two ways.
    const byId = Map.groupBy([...exact, ...similar], ({ type, id }) => `${type}:${id}`);
    return [...byId.values()].map(([hit]) => hit);
  });
  hits.sort((a, b) => b.rank - a.rank || a.title.length - b.title.length || a.id - b.id);
  return { hits: hits.slice(0, query.limit), total: hits.length };
}

/** The key of a license as it was issued, when the text is that key in some other spelling; null for other text. */
async function findKeyInFull(ctx: Context, text: string): Promise<string | null> {
  const [license] = await ctx.db<{ key: string }[]>`
    select key
    from licenses
    where ${maybeHasKey(ctx, text)} and deleted_at is null
    limit 1`;
  return license?.key ?? null;
}

async function rankCandidates(
  ctx: Context,
  source: SearchSource,
  q: string,
  match: Match,
): Promise<SearchHit[]> {
  const rows = await ctx.db<(Candidate & { rank: number })[]>`
    select candidates.*, ${rankOf(ctx, q)} as rank
    from (${source.rows(ctx, source.candidateIds(ctx, match))}) as candidates
    order by rank desc
    limit ${MAX_CANDIDATES}`;
  return rows.map((row) => {
    const subtitle = source.subtitle(row);
    return {
      type: source.type,
      id: row.id,
      title: row.title,
      subtitle,
      rank: row.rank,
      licenseId: row.licenseId,
      matchedMetadata: matchedMetadataOf(q, row.metadata, [row.title, row.also, subtitle]),
    };
  });
}
