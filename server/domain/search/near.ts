// Patterns that find texts which differ from what is looked for in few characters, by the index of trigrams.
import { containsPattern, MIN_CONTAINED, prefixPattern } from "../list_conditions.ts";

/**
 * Patterns that find a text with one wrong, missing or additional character: two of its three parts are right. Similarity
 * reads the trigrams that many rows have in common, "desktop" or those of hexadecimal numbers for machines, and computes what
 * is costly for each of these rows.
 */
export function nearPatterns(text: string): { pattern: string; pieces: string[] }[] {
  const third = Math.ceil(text.length / 3);
  // Shorter parts have no trigram.
  if (text.length < 2 * MIN_CONTAINED) return [];
  const first = text.slice(0, third);
  const last = text.slice(2 * third);
  return [
    ...[text.slice(0, 2 * third), text.slice(third)].map((part) => ({
      pattern: containsPattern(part),
      pieces: [part],
    })),
    ...(third < MIN_CONTAINED
      ? []
      : [{ pattern: containsPattern(first) + prefixPattern(last), pieces: [first, last] }]),
  ];
}

/** Of shorter texts, one wrong character leaves too little. */
const MIN_MISSPELT = 4;
/** Longer texts are sentences and addresses, which are not searched for every wrong character. */
const MAX_MISSPELT = 15;

/** What is left and right of each character of a text that may be wrong. */
function withoutOne(text: string): { left: string; right: string }[] {
  if (text.length < MIN_MISSPELT || text.length > MAX_MISSPELT) return [];
  return Array.from(
    { length: text.length },
    (_, n) => ({ left: text.slice(0, n), right: text.slice(n + 1) }),
  );
}

/**
 * Patterns that find a text with one wrong character. Each has three characters in a row, or two at the beginning of a word:
 * others have no trigram.
 */
export function misspeltPatterns(text: string): string[] {
  return withoutOne(text).flatMap(({ left, right }) => {
    const [contained, first] = [containsPattern(left), prefixPattern(left)].map((pattern) =>
      pattern.slice(0, -1)
    );
    const rest = `_${prefixPattern(right)}`;
    if (Math.max(left.length, right.length) >= MIN_CONTAINED) return [contained + rest];
    return left.length === MIN_CONTAINED - 1 ? [first + rest, `% ${first}${rest}`] : [];
  });
}

/** Whether a value contains a text with one wrong character at most. */
export function isMisspelt(text: string, value: string): boolean {
  const parts = withoutOne(text).map(({ left, right }) => `${RegExp.escape(left)}.${RegExp.escape(right)}`);
  return parts.length > 0 && new RegExp(parts.join("|"), "is").test(value);
}
