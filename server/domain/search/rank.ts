// How well a text that is searched for fits a candidate with a title and, under the name `also`, further text.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";

/** `pg_trgm.word_similarity_threshold`: words that are less similar do not match. */
export const MIN_SIMILARITY = 0.45;

/** The expression of the relevance, from 0 to 1; 1 is an exact match. */
export function rankOf(ctx: Context, q: string): Fragment {
  return ctx.db`
    greatest(
      case
        when lower(title) = lower(${q}) or lower(also) = lower(${q}) then 1
        when starts_with(lower(title), lower(${q})) then 0.95
        when strpos(lower(title), lower(${q})) > 0 then 0.9
        when strpos(lower(also), lower(${q})) > 0 then 0.85
        else 0
      end,
      0.8 * word_similarity(${q}, title), 0.75 * word_similarity(${q}, coalesce(also, ''))
    )::float8`;
}
