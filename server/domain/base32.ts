// Crockford's base 32 (https://www.crockford.com/base32.html): digits and letters that people read to each other.

/** Its characters by their values. */
export const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** The values of its characters. */
export const symbols: ReadonlyMap<string, number> = new Map(
  [...alphabet].map((character, value) => [character, value]),
);

/** Letters that are read as digits: O as 0, I and L as 1. The text is in upper case. */
export function readDigits(text: string): string {
  return text.replace(/O/g, "0").replace(/[IL]/g, "1");
}

/** A whole number in so many characters. */
export function writeNumber(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest >>= 5n) text = alphabet[Number(rest & 31n)] + text;
  return text;
}

/** The number of a text; null when it has another character. */
export function readNumber(text: string): bigint | null {
  let value = 0n;
  for (const character of text) {
    const digit = symbols.get(character);
    if (digit === undefined) return null;
    value = value << 5n | BigInt(digit);
  }
  return value;
}
