// License keys: what is typed or pasted, as it is sent to the server, and whether it can be a key at all.
import { cleanKey, MAX_PASTED_LENGTH } from "./pasted_key.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** The value of each well-formed key at the generator of GF(32), as a polynomial. */
const CHECKSUM = 15;

/** A key as it was typed. */
export interface TypedKey {
  /** Without what pasting added; this is sent. */
  text: string;
  /** Equal for keys that count as the same in any case. */
  canonical: string;
  /** Whether it has the form of a generated key but a wrong check character: mistyped, or imported by the vendor. */
  checksumMismatch: boolean;
}

/** Reads a key that was typed or pasted; null when it can be none. */
export function readLicenseKey(typed: string): TypedKey | null {
  if (typed.length > MAX_PASTED_LENGTH || hasLoneSurrogate(typed)) return null;
  const text = cleanKey(typed);
  const key = text.replace(/ /g, "");
  if (text.length < 6 || text.length > 255 || /\p{Cc}/u.test(key)) return null;
  const upper = key.toUpperCase();
  const undashed = upper.replace(/^URN:UUID:\{?/, "").replace(/-/g, "");
  if (/^[0-9A-F]{32}$/.test(undashed)) return { text, canonical: undashed, checksumMismatch: false };
  const compact = undashed.replace(/O/g, "0").replace(/[IL]/g, "1");
  if (!/^[0-9A-Z]{16}$/.test(compact)) return { text, canonical: upper, checksumMismatch: false };
  // U is the only other letter that base 32 lacks.
  const checksumMismatch = compact.includes("U") || checksumOf(compact) !== CHECKSUM;
  return { text, canonical: compact, checksumMismatch };
}

/** A key as it is sent to the server, which decides whether it is one. */
export function sentKey(typed: string): string {
  return readLicenseKey(String(typed))?.text ?? String(typed);
}

/** The same as `isWellFormed`, which older browsers lack. */
function hasLoneSurrogate(text: string): boolean {
  return /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function checksumOf(key: string): number {
  let value = 0;
  for (const character of key) {
    const doubled = value << 1;
    value = (doubled & 32 ? doubled ^ 0b100101 : doubled) ^ alphabet.indexOf(character);
  }
  return value;
}
