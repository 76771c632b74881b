// Which parts of a text the trigram indexes of activation_texts are asked for. An index reads the entries of every trigram of
// a text, and those that most machines share, as in "desktop" or ".example.com", are millions; one or two short rare parts
// find few rows, which are then compared with the whole text.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { allOf, containsPattern, MIN_CONTAINED, textMatches } from "../list_conditions.ts";

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
const COST_OF_ROW = 200;
/** PostgreSQL plans the search for a text that a larger share of the rows has. */
const MAX_SHARE = 0.01;
/** Longer parts are hardly rarer. */
const MAX_LENGTH = 8;
/** So many characters have a rare part, if the text has one; each costs a look at the whole sample. */
const MAX_READ = 48;

/** Selects the values that PostgreSQL keeps of a column of `activation_texts` to estimate by: an even sample, as JSON. */
export function sampleOf(ctx: Pick<Context, "db">, column: SearchedColumn): Fragment {
  return ctx.db`
    select to_json(histogram_bounds::text::text[])
    from pg_stats
    where schemaname = current_schema() and tablename = 'activation_texts' and attname = ${
    columnNames[column]
  }`;
}

/** The condition that a column of `activation_texts` contains a text, without regard to case; short ones as `textMatches`. */
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
 * @param pieces the texts in the pattern, of which the column contains each, in their order
 */
export function patternMatches(
  ctx: Pick<Context, "db">,
  column: Fragment,
  pattern: string,
  pieces: string[],
  sample: string[],
): Fragment {
  const parts = rarePartsOf(pieces, sample) ?? pieces;
  const ofParts = allOf(
    ctx,
    parts.map((part) => ctx.db`joined(${column}) like '%' || joined(${part}::text) || '%'`),
  );
  // The last condition is written so that no index is asked for it.
  return ctx.db`(${ofParts} and lower(${column}) like lower(${pattern}::text))`;
}

/** Whether the sample shows that more rows have a text than would be selected by their ids. */
export function isFrequent(text: string, sample: string[]): boolean {
  const part = text.toLowerCase();
  return sample.filter((value) => value.toLowerCase().includes(part)).length >
    Math.max(sample.length * 0.02, 2);
}

/** A part of a text, and what it costs to look for it, by shares of all rows. */
interface Part {
  text: string;
  /** The entries of its trigrams. */
  entries: number;
  /** The rows that have all of them. */
  share: number;
  /** Where it is: the number of the run of characters, and its first and last character. */
  run: number;
  from: number;
  to: number;
}

/**
 * The part of one of the texts that costs least to find, or the two parts that cost less together; null when the sample tells
 * nothing, or when they are frequent.
 */
export function rarePartsOf(pieces: string[], sample: string[]): string[] | null {
  if (sample.length === 0) return null;
  const joined = sample.map(asJoined);
  const parts = listParts(pieces, joined);
  let best: { parts: Part[]; cost: number; share: number } | null = null;
  const consider = (parts: Part[], share: number) => {
    const cost = parts.reduce((sum, { entries }) => sum + entries, 0) + COST_OF_ROW * share;
    if (!best || cost < best.cost) best = { parts, cost, share };
  };
  for (const part of parts) consider([part], part.share);
  const one = (best as { parts: Part[] } | null)?.parts[0];
  for (const part of parts) {
    // Characters of both would not make it rarer.
    if (!one || part.run === one.run && part.from <= one.to && one.from <= part.to) continue;
    const both = joined.filter((value) => value.includes(one.text) && value.includes(part.text));
    consider([one, part], both.length > 0 ? both.length / joined.length : one.share * part.share);
  }
  const found = best as { parts: Part[]; share: number } | null;
  return found && found.share <= MAX_SHARE ? found.parts.map(({ text }) => text) : null;
}

/** All parts of texts that an index finds, with what they cost. */
function listParts(pieces: string[], sample: string[]): Part[] {
  const shares = new Map<string, number>();
  const shareOf = (text: string) => {
    let share = shares.get(text);
    if (share === undefined) {
      share = sample.filter((value) => value.includes(text)).length / sample.length;
      shares.set(text, share);
    }
    return share;
  };
  // What does not occur in the sample may still occur.
  const least = 0.5 / sample.length;
  return pieces.flatMap(listRuns).flatMap((run, number) =>
    Array.from({ length: run.length - 2 }, (_, from) => {
      const parts: Part[] = [];
      let [entries, product] = [0, 1];
      for (let to = from + 2; to < Math.min(run.length, from + MAX_LENGTH); to++) {
        const trigram = Math.max(shareOf(run.slice(to - 2, to + 1)), least);
        entries += trigram;
        product *= trigram;
        const text = run.slice(from, to + 1);
        parts.push({ text, entries, share: Math.max(product, shareOf(text)), run: number, from, to });
      }
      return parts;
    }).flat()
  );
}

/** A text as the SQL function `joined` has it. */
function asJoined(text: string): string {
  return text.toLowerCase().replaceAll("-", "q");
}

/** The letters, digits and hyphens of ASCII that follow each other in a text: trigrams reach over no other character. */
function listRuns(text: string): string[] {
  return text.match(/[a-z0-9-]{3,}/gi)?.map((run) => asJoined(run.slice(0, MAX_READ))) ?? [];
}
