// Conditions of lists: joined ones and texts.
import type { Fragment } from "../../db/connect.ts";
import type { Context } from "./context.ts";

/** Joins conditions with "and"; null ones are left out. */
export function allOf(ctx: Pick<Context, "db">, conditions: (Fragment | null)[]): Fragment {
  return conditions.reduce<Fragment>(
    (all, condition) => condition ? ctx.db`${all} and ${condition}` : all,
    ctx.db`true`,
  );
}

/** A `like` pattern that matches the text anywhere; wildcards in the text are escaped. */
export function containsPattern(text: string): string {
  return `%${prefixPattern(text)}`;
}

/** A `like` pattern that matches the text at the beginning; wildcards in the text are escaped. */
export function prefixPattern(text: string): string {
  return `${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Text that is shorter has no trigram of its own, so that no index finds it inside of other text. */
export const MIN_CONTAINED = 3;

/**
 * The condition of a search in a large table: that a column contains the text; one or two characters at the beginning only.
 * Both have an index: trigrams, and `lower(column) text_pattern_ops`.
 */
export function textMatches(ctx: Pick<Context, "db">, column: Fragment, text: string): Fragment {
  return text.length < MIN_CONTAINED
    ? ctx.db`lower(${column}) like lower(${prefixPattern(text)}::text)`
    : ctx.db`${column} ilike ${containsPattern(text)}`;
}

/** The condition that one of two columns matches, see `textMatches`. */
export function eitherMatches(
  ctx: Pick<Context, "db">,
  columns: readonly [Fragment, Fragment],
  text: string,
): Fragment {
  const [one, other] = columns.map((column) => textMatches(ctx, column, text));
  return ctx.db`(${one} or ${other})`;
}
