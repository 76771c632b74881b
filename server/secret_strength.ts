// Which secrets a production process accepts: long and varied ones that are not known to others. What is refused can be guessed:
// short values, repetitions, sequences, and values that are printed in documentation.

/** Characters of a secret that encrypts or signs, and of a token that only gives access to metrics. */
export const MIN_SECRET_LENGTH = 32;
export const MIN_TOKEN_LENGTH = 16;

/** Different characters that a random value of 16 or more has with near certainty, also of hexadecimal digits. */
const MIN_DISTINCT = 8;

/** Words of placeholders and examples. Random base64 contains none of them: each has at least six letters. */
const placeholder =
  /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this)|insert|password|passphrase|s[e3]cr[e3]t|example|default|encryption|latchkey|qwerty|letmein|placeholder|your[-_ ]?(key|token|value)|deadbeef|lorem ?ipsum/i;

/** Neighbours on a keyboard and in the alphabet, both ways. */
const rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const steps = new Set(
  rows.flatMap((row) => [...row].slice(1).flatMap((next, index) => [row[index] + next, next + row[index]])),
);

/**
 * Why a value is no secret: the rest of the sentence "NAME …"; null when nothing is wrong.
 *
 * @param published values that are known to everybody
 */
export function findSecretWeakness(
  value: string,
  minLength: number,
  published: readonly string[] = [],
): string | null {
  if (published.includes(value)) return "is the demo's, which is public";
  if (value.length < minLength) return `has ${value.length} characters, and needs at least ${minLength}`;
  if (placeholder.test(value)) return "is a placeholder or an example, which others know";
  const text = value.toLowerCase();
  if (new Set(text).size < MIN_DISTINCT) return `has fewer than ${MIN_DISTINCT} different characters`;
  if (shareOf(text, 2, isStep) > 0.6) return "is a sequence of neighbouring characters";
  const parts = partsOf(text, 4);
  if (new Set(parts).size < 0.6 * parts.length) return "repeats itself";
  return null;
}

/** Whether two characters follow each other by a rule. */
function isStep([first, second]: string): boolean {
  return first === second || steps.has(first + second);
}

function shareOf(text: string, length: number, test: (part: string) => boolean): number {
  const parts = partsOf(text, length);
  return parts.filter(test).length / parts.length;
}

/** Every part of so many characters. */
function partsOf(text: string, length: number): string[] {
  return Array.from({ length: text.length - length + 1 }, (_, index) => text.slice(index, index + length));
}
