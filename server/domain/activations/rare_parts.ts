// Which part of a text the trigram indexes of activation_texts are asked for. An index reads the entries of every trigram of
// a text, and those that most machines share, as in "desktop" or ".example.com", are millions; a short rare part finds few
// rows, which are then compared with the whole text.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { containsPattern, MIN_CONTAINED, textMatches } from "../list_conditions.ts";

/** Some names and fingerprints of machines; none before PostgreSQL has analysed the table. */
export interface TextSample {
  machineName: string[];
  hardwareId: string[];
}

/** The columns of a text that is searched, as in the sample. */
export type SearchedColumn = keyof TextSample;
/** Their names in the database. */
export const columnNames = { machineName: "machine_name", hardwareId: "hardware_id" } as const;

/** Fetching a row costs as much as reading so many entries of an index. */
const COST_OF_ROW = 800;
/** PostgreSQL plans the search for a text that a larger share of the rows has. */
const MAX_SHARE = 0.01;

/** Selects the values that PostgreSQL keeps of a column of `activation_texts` to estimate by: an even sample, as JSON. */
export function sampleOf(ctx: Pick<Context, "db">, column: SearchedColumn): Fragment {
  return ctx.db`
    select to_json(histogram_bounds::text::text[])
    from pg_stats
    where schemaname = current_schema() and tablename = 'activation_texts' and attname = ${
    columnNames[column]
  }`;
}

/** The condition that a column of `activation_texts` contains a text, as `textMatches`. */
export function textContains(
  ctx: Pick<Context, "db">,
  column: Fragment,
  text: string,
  sample: string[],
): Fragment {
  return text.length < MIN_CONTAINED
    ? textMatches(ctx, column, text)
    : patternMatches(ctx, column, containsPattern(text), [text], sample);
}

/**
 * The condition that a column of `activation_texts` matches a pattern, without regard to case.
 *
 * @param pieces the texts in the pattern, of which the column contains each
 */
export function patternMatches(
  ctx: Pick<Context, "db">,
  column: Fragment,
  pattern: string,
  pieces: string[],
  sample: string[],
): Fragment {
  const part = rarePartOf(pieces, sample);
  if (part === null || containsPattern(part) === pattern) return ctx.db`${column} ilike ${pattern}`;
  // The second condition is written so that no index is asked for it.
  return ctx.db`(${column} ilike ${containsPattern(part)} and lower(${column}) like lower(${pattern}::text))`;
}

/** Whether the sample shows that more rows have a text than would be selected by their ids. */
export function isFrequent(text: string, sample: string[]): boolean {
  const part = text.toLowerCase();
  return sample.filter((value) => value.toLowerCase().includes(part)).length >
    Math.max(sample.length * 0.02, 2);
}

/** The part of one of the texts that costs least to find; null when the sample tells nothing, or when it is frequent. */
export function rarePartOf(pieces: string[], sample: string[]): string | null {
  if (sample.length === 0) return null;
  const values = sample.map((value) => value.toLowerCase());
  const shareOf = (part: string) => values.filter((value) => value.includes(part)).length / values.length;
  let best: { part: string; cost: number; share: number } | null = null;
  for (const run of pieces.flatMap(listRuns)) {
    const trigrams = Array.from(
      { length: run.length - 2 },
      // What does not occur in the sample may still occur.
      (_, n) => Math.max(shareOf(run.slice(n, n + 3).toLowerCase()), 0.5 / values.length),
    );
    for (let from = 0; from < trigrams.length; from++) {
      let entries = 0;
      let product = 1;
      for (let to = from; to < trigrams.length; to++) {
        entries += trigrams[to];
        product *= trigrams[to];
        const part = run.slice(from, to + 3);
        const share = Math.max(product, shareOf(part.toLowerCase()));
        const cost = entries + COST_OF_ROW * share;
        if (!best || cost < best.cost) best = { part, cost, share };
      }
    }
  }
  return best && best.share <= MAX_SHARE ? best.part : null;
}

/**
 * Letters and digits that follow each other in a text, of ASCII, whose lower case depends on no other character, with the
 * character before them: trigrams reach over no other character.
 */
function listRuns(text: string): string[] {
  return text.match(/(?<![\x21-\x7e])[a-z0-9]{3,}|[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e][a-z0-9]{2,}/gi) ??
    [];
}
