// License keys: generating and parsing them. Generated keys are 16 characters of Crockford's base 32
// (https://www.crockford.com/base32.html) in four groups; the last one is a check character. Imported keys have any form.
import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const symbols = new Map([...alphabet].map((character, value) => [character, value]));

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
  /** Equal for equal keys: upper case, and in the form of generated keys without dashes, O as 0, I and L as 1. */
  canonical: string;
  /** Whether it has the form of a generated key but a wrong check character: mistyped, or imported. */
  checksumMismatch: boolean;
}

/** Generates a key from a cryptographic source, "7GZ4-K0QX-…". */
export function generateKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(15));
  const body = Array.from(random, (byte) => alphabet[byte & 31]).join("");
  const key = body + alphabet[timesGenerator(checksumOf(body)) ^ CHECKSUM];
  return key.replace(/.{4}(?=.)/g, "$&-");
}

/**
 * Parses a key as people and programs write it.
 *
 * @throws DomainError `INVALID_LICENSE` (`format_invalid`) when no license can have this key
 */
export function parseKey(text: string): LicenseKey {
  if (text.length > 255) refuseFormat();
  const trimmed = text.trim().toUpperCase();
  // deno-lint-ignore no-control-regex
  const unprintable = /[\x00-\x1f\x7f]/.test(trimmed) || !trimmed.isWellFormed();
  if (trimmed.length < 6 || unprintable) refuseFormat();
  const compact = trimmed.replace(/[-\s]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (!/^[0-9A-Z]{16}$/.test(compact)) return { canonical: trimmed, checksumMismatch: false };
  // U is the only other letter that base 32 lacks.
  return { canonical: compact, checksumMismatch: compact.includes("U") || checksumOf(compact) !== CHECKSUM };
}

/** The SHA-256 of the canonical key, by which it is looked up. */
export function keyDigest(key: LicenseKey): Uint8Array {
  return createHash("sha256").update(key.canonical).digest();
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
