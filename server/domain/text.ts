// Text from outside. PostgreSQL stores neither NUL nor half of a surrogate pair, so no adapter lets them through to a
// verb; what is only displayed is cleaned instead. Imports nothing, because the panel's forms use it as well.

/** Whether text can be stored: it has no NUL and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Whether text is storable and has no control characters and no line breaks, those of Unicode included. */
export function isOneLine(text: string): boolean {
  return text.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(text);
}

/** Whether text is storable and has no control characters but tabs and line breaks. */
export function isMultiline(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return text.isWellFormed() && !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text);
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/**
 * The beginning of a text, of at most so many UTF-16 units. What a reader takes for one character is not cut (grapheme
 * clusters, Unicode Standard Annex #29), unless it is longer than that; a surrogate pair never is.
 */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // A little more than fits, so that the last cluster is seen whole or left out.
  let end = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, maxLength + 64))) {
    if (index + segment.length > maxLength) break;
    end = index + segment.length;
  }
  if (end > 0) return text.slice(0, end);
  const isPairCut = /[\ud800-\udbff]/.test(text[maxLength - 1] ?? "");
  return text.slice(0, isPairCut ? maxLength - 1 : maxLength);
}

/**
 * Controls, halves of surrogate pairs, and format characters but the joiners and tags that emoji and scripts such as
 * Persian need. Among them are those that turn the direction of the text after them (Unicode Technical Report #36).
 */
const unshowable = /[\p{Cc}\p{Cs}\u2028\u2029]|(?![\u200c\u200d\u{e0020}-\u{e007f}])\p{Cf}/gu;

/**
 * Text that is only displayed, such as a machine's name: one line of at most so many UTF-16 units. Runs of white space
 * and line breaks become a blank; controls, halves of surrogate pairs and what changes the direction of text are removed.
 * Text of nothing that can be seen is empty.
 */
export function cleanLine(text: string, maxLength: number): string {
  // Only the beginning of a long text is cleaned: of a megabyte of controls nothing would be shown.
  const cleaned = text.slice(0, maxLength * 16).replace(unshowable, (found) => /\s/.test(found) ? " " : "")
    .replace(/\s+/g, " ").trim();
  const line = truncate(cleaned, maxLength).trimEnd();
  return withoutInvisible(line) === "" ? "" : line;
}

/** Text without the characters that are not visible: format characters, variation selectors, controls and the like. */
export function withoutInvisible(text: string): string {
  return text.replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Cs}]/gu, "");
}

/**
 * A form of a text that is equal for texts which look alike: compatibility characters such as full-width letters are
 * folded (NFKC, Unicode Standard Annex #15), invisible characters removed, runs of white space are one blank, case is
 * ignored. To compare with, never to show.
 */
export function comparable(text: string): string {
  return withoutInvisible(text.replace(/\s+/g, " ").normalize("NFKC")).toLowerCase().normalize("NFKC").trim();
}

/** What in an input cannot be stored, and where it is. */
export interface Unstorable {
  path: string[];
  reason: "text" | "number" | "depth";
}

/** Levels of an input; deeper ones would exhaust the stack of whatever walks them. */
const MAX_LEVELS = 64;

/**
 * Finds text that cannot be stored, in values and in names of fields; numbers that are not finite, which JSON can write
 * ("1e400") and neither JavaScript nor PostgreSQL can hold; and nesting deeper than 64 levels.
 *
 * @returns null when there is none
 */
export function locateUnstorable(value: unknown, levels = MAX_LEVELS): Unstorable | null {
  switch (typeof value) {
    case "string":
      return isStorable(value) ? null : { path: [], reason: "text" };
    case "number":
      return Number.isFinite(value) ? null : { path: [], reason: "number" };
    case "object":
      if (levels === 0) return { path: [], reason: "depth" };
      for (const name in value) {
        if (!isStorable(name)) return { path: [], reason: "text" };
        const found = locateUnstorable((value as Record<string, unknown>)[name], levels - 1);
        if (found) return { ...found, path: [name, ...found.path] };
      }
  }
  return null;
}
