// How well a text that is searched for fits a candidate with a title, under the name `also` further text, and metadata.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";

/** Words that are less similar do not match. */
export const MIN_SIMILARITY = 0.45;
/** A text that is as long shares this with words by chance: "example.com" is half of a machine's name and of an address. */
const LONG = 16;
/** Two wrong characters differ in so many trigrams. */
const TWO_MISTAKES = 7;

/** How similar words have to be to a text (`pg_trgm.word_similarity_threshold`); with two mistakes they always are. */
export function similarityFor(q: string): number {
  return q.length < LONG ? MIN_SIMILARITY : 1 - TWO_MISTAKES / (q.length + 1);
}

/** Part of the relevance of similar words. */
const WEIGHT_OF_SIMILARITY = 0.8;

/** Whether the relevance is that of a text with a similar word, at least. */
export function isSimilar({ rank }: { rank: number }): boolean {
  return rank >= WEIGHT_OF_SIMILARITY * MIN_SIMILARITY;
}

/** The expression of the relevance, from 0 to 1; 1 is an exact match. */
export function rankOf(ctx: Context, q: string): Fragment {
  return ctx.db`
    greatest(
      case
        when lower(title) = lower(${q}) or lower(also) = lower(${q}) then 1
        when starts_with(lower(title), lower(${q})) then 0.95
        when lower(${q}) = any(string_to_array(lower(metadata_text(metadata)), chr(10))) then 0.95
        when strpos(lower(title), lower(${q})) > 0 then 0.9
        when strpos(lower(also), lower(${q})) > 0 then 0.85
        when strpos(lower(metadata_text(metadata)), lower(${q})) > 0 then 0.8
        else 0
      end,
      ${WEIGHT_OF_SIMILARITY}::float8 * word_similarity(${q}, title), 0.75 * word_similarity(${q}, coalesce(also, ''))
    )::float8`;
}
