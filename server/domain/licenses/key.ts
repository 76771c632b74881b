// License keys: how ours are made, and how any key is read. Ours are 16 characters of Crockford's base 32
// (https://www.crockford.com/base32.html) in four groups; the last is a check character.
import { createHash } from "node:crypto";
import { refuse } from "../errors.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const symbols = new Map([...alphabet].map((character, value) => [character, value]));

/**
 * The check is a shortened Reed-Solomon code with one check symbol: the key, read as a polynomial over GF(32), has
 * this value at the field's generator. All weights differ, so every single wrong character and every two swapped ones
 * are noticed. The value is the one that makes the document's TEST-TEST-TEST-TEST a well-formed key.
 */
const evaluation = 15;

/** Multiplies by the generator of GF(32), x^5 + x^2 + 1. */
function timesGenerator(value: number): number {
  const doubled = value << 1;
  return doubled & 32 ? doubled ^ 0b100101 : doubled;
}

function evaluate(key: string): number {
  let value = 0;
  for (const character of key) value = timesGenerator(value) ^ symbols.get(character)!;
  return value;
}

/** A key as it is looked up. */
export interface LicenseKey {
  /** What equal keys have in common: upper case, and in keys of our form no dashes, O as 0, I and L as 1. */
  canonical: string;
  /** Whether it has our form and its check character is wrong: a slip, or a key from elsewhere that looks like ours. */
  checksumMismatch: boolean;
}

/** A new key of our form from a cryptographic source, "7GZ4-K0QX-…". */
export function generateKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(15));
  const body = Array.from(random, (byte) => alphabet[byte & 31]).join("");
  const key = body + alphabet[timesGenerator(evaluate(body)) ^ evaluation];
  return key.replace(/.{4}(?=.)/g, "$&-");
}

/**
 * Reads a key as a person or program may have written it.
 *
 * @throws DomainError `INVALID_LICENSE` (400, `format_invalid`) when no license can have this key
 */
export function readKey(text: string): LicenseKey {
  if (text.length > 255) refuseFormat();
  const trimmed = text.trim().toUpperCase();
  // deno-lint-ignore no-control-regex
  const unprintable = /[\x00-\x1f\x7f]/.test(trimmed) || !trimmed.isWellFormed();
  if (trimmed.length < 6 || unprintable) refuseFormat();
  const compact = trimmed.replace(/[-\s]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (!/^[0-9A-Z]{16}$/.test(compact)) return { canonical: trimmed, checksumMismatch: false };
  // The one letter that is left, U, is in no key of ours.
  return { canonical: compact, checksumMismatch: compact.includes("U") || evaluate(compact) !== evaluation };
}

/** What a key is found by in the table: the SHA-256 of its canonical form. */
export function keyDigest(key: LicenseKey): Uint8Array {
  return createHash("sha256").update(key.canonical).digest();
}

function refuseFormat(): never {
  refuse("INVALID_LICENSE", { field: "licenseKey", reason: "format_invalid" });
}

/** Refuses a key that no license has; a slip is told as one. */
export function refuseKey(key: LicenseKey): never {
  if (key.checksumMismatch) refuseFormat();
  refuse("INVALID_LICENSE", { field: "licenseKey", reason: "not_found" });
}
