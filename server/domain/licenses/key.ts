// License keys: generating and parsing them. Generated keys are 16 characters of Crockford's base 32
// (https://www.crockford.com/base32.html) in four groups; the last one is a check character. Imported keys have any form.
import { createHash } from "node:crypto";
import type { Fragment } from "../../../db/connect.ts";
import { alphabet, readDigits, symbols } from "../base32.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { cleanKey, MAX_PASTED_LENGTH } from "./pasted_key.ts";

/**
 * The checksum is a shortened Reed-Solomon code with one check symbol: the key, taken as a polynomial over GF(32), has
 * this value at the field's generator. All weights differ, so every single wrong character and every swap of two
 * characters is detected. The value makes TEST-TEST-TEST-TEST, the example of the API document, a well-formed key.
 */
const CHECKSUM = 15;

/** Multiplies by the generator of GF(32), x^5 + x^2 + 1. */
function timesGenerator(value: number): number {
  const doubled = value << 1;
  return doubled & 32 ? doubled ^ 0b100101 : doubled;
}

function checksumOf(key: string): number {
  let value = 0;
  for (const character of key) value = timesGenerator(value) ^ symbols.get(character)!;
  return value;
}

/** A parsed key. */
export interface LicenseKey {
  /**
   * Equal for keys that count as the same in any case: upper case without blanks; in the form of generated keys and of
   * UUIDs without dashes, in the former O as 0, I and L as 1.
   */
  canonical: string;
  /**
   * The key in its own case, when it has both and is neither a generated key nor a UUID, such as base64. A license that
   * was imported with such a key is found by exactly this; other licenses are found by `canonical`.
   */
  exact: string | null;
  /** Whether it has the form of a generated key but a wrong check character: mistyped, or imported. */
  checksumMismatch: boolean;
}

/** Generates a key from a cryptographic source, "7GZ4-K0QX-…". */
export function generateKey(): string {
  return keyOf(crypto.getRandomValues(new Uint8Array(15)));
}

/** The key of 15 random bytes, of which it has the low five bits. */
export function keyOf(random: Uint8Array): string {
  const body = Array.from(random, (byte) => alphabet[byte & 31]).join("");
  const key = body + alphabet[timesGenerator(checksumOf(body)) ^ CHECKSUM];
  return key.replace(/.{4}(?=.)/g, "$&-");
}

/**
 * Parses a key as people and programs write it; see `cleanKey` for what is forgiven.
 *
 * @throws DomainError `INVALID_LICENSE` (`format_invalid`) when no license can have this key
 */
export function parseKey(text: string): LicenseKey {
  if (text.length > MAX_PASTED_LENGTH || !text.isWellFormed()) refuseFormat();
  const cleaned = cleanKey(text);
  const key = cleaned.replace(/ /g, "");
  if (cleaned.length < 6 || cleaned.length > 255 || /\p{Cc}/u.test(key)) refuseFormat();
  const upper = key.toUpperCase();
  const undashed = upper.replace(/^URN:UUID:\{?/, "").replace(/-/g, "");
  if (/^[0-9A-F]{32}$/.test(undashed)) return { canonical: undashed, exact: null, checksumMismatch: false };
  const exact = /\p{Ll}/u.test(key) && /\p{Lu}/u.test(key) ? key : null;
  const compact = readDigits(undashed);
  if (!/^[0-9A-Z]{16}$/.test(compact)) return { canonical: upper, exact, checksumMismatch: false };
  // U is the only other letter that base 32 lacks.
  const checksumMismatch = compact.includes("U") || checksumOf(compact) !== CHECKSUM;
  return { canonical: compact, exact: checksumMismatch ? exact : null, checksumMismatch };
}

/** The digest that a license with this key is stored with: the SHA-256 of the key in its own case, if that matters. */
export function keyDigest(key: LicenseKey): Uint8Array {
  return digestOf(key.exact ?? key.canonical);
}

/** The digests of the licenses that a key may mean, the likelier one first. How many depends on the key alone. */
export function candidateDigests(key: LicenseKey): Uint8Array[] {
  return key.exact === null ? [digestOf(key.canonical)] : [digestOf(key.exact), digestOf(key.canonical)];
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

/**
 * The condition that selects a key's license: the one imported with exactly this key, else the one whose key equals it
 * in any case. Look-ups are by digest, so that their duration reveals nothing about how much of a guessed key is right.
 *
 * @param column the column `licenses.key_digest`
 */
export function hasKey(ctx: Pick<Context, "db">, column: Fragment, key: LicenseKey): Fragment {
  const [first, second] = candidateDigests(key);
  if (!second) return ctx.db`${column} = ${first}`;
  return ctx.db`${column} = (
    select key_digest
    from licenses
    where key_digest in (${first}, ${second})
    order by key_digest = ${first} desc
    limit 1
  )`;
}

/** The condition that selects the licenses that search text names by a complete key, however it is written. */
export function maybeHasKey(ctx: Pick<Context, "db">, text: string): Fragment {
  try {
    return ctx.db`key_digest in ${ctx.db(candidateDigests(parseKey(text)))}`;
  } catch {
    // The text is no key.
    return ctx.db`false`;
  }
}

function refuseFormat(): never {
  refuse("INVALID_LICENSE", { field: "licenseKey", reason: "format_invalid" });
}

/**
 * Parses a key that may exist: a checksum mismatch is refused without a query, unless imported keys are accepted.
 *
 * @throws DomainError `INVALID_LICENSE` (`format_invalid`)
 */
export function requireKey(ctx: Pick<Context, "settings">, text: string): LicenseKey {
  const key = parseKey(text);
  if (key.checksumMismatch && !ctx.settings.acceptImportedKeys) refuseFormat();
  return key;
}

/** Refuses a key that no license has; a checksum mismatch as malformed. */
export function refuseUnknownKey(key: LicenseKey): never {
  if (key.checksumMismatch) refuseFormat();
  refuse("INVALID_LICENSE", { field: "licenseKey", reason: "not_found" });
}
