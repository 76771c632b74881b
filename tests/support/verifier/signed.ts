// The signed statements of docs/offline.md, as an app reads them with jose: texts, JSON, keys and signatures.
import { compactVerify, importJWK } from "jose";

/** Why something is refused, by the words of docs/offline.md. */
export class Refused extends Error {
  constructor(readonly state: string, readonly reason: string) {
    super(`${state}: ${reason}`);
  }
}

/** A key as the app has it compiled in. */
export interface Key {
  kid: string;
  x: string;
}

// deno-lint-ignore no-explicit-any
export type Json = any;

export const MAX_LENGTH = 65_536;
const MAX_DEPTH = 32;
const LAST_SECOND = 253_402_300_799;
/** The y coordinates of points of small order, without the sign bit, in hexadecimal. */
const SMALL_ORDER = new Set([
  "00".repeat(32),
  "01" + "00".repeat(31),
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ec" + "ff".repeat(30) + "7f",
  "ed" + "ff".repeat(30) + "7f",
  "ee" + "ff".repeat(30) + "7f",
]);

export function require(condition: unknown, reason: string, state = "invalid"): asserts condition {
  if (!condition) throw new Refused(state, reason);
}

export function decode(text: unknown): Uint8Array {
  require(typeof text === "string" && /^[A-Za-z0-9_-]*$/.test(text), "malformed");
  require(text.length % 4 !== 1, "malformed");
  const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
  require(encode(bytes) === text, "malformed");
  return bytes;
}

export function encode(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("invalid", "malformed");
  }
}

/** An object of JSON in base64url. */
export function objectOf(part: string): Json {
  const text = textOf(decode(part));
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("invalid", "malformed");
  }
  require(isObject(value) && isFlat(value, MAX_DEPTH), "malformed");
  return value;
}

export const isObject = (value: Json): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isText = (value: Json): boolean => typeof value === "string";
export const isInteger = (value: Json): boolean => Number.isSafeInteger(value) && value >= 0;
export const isTime = (value: Json): boolean => isInteger(value) && value <= LAST_SECOND;
export const isDay = (value: Json): boolean => isText(value) && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value);
export const orNull = (is: (value: Json) => boolean) => (value: Json) => value === null || is(value);
/** An object with these members; it may have others. */
export const hasMembers = (members: Record<string, (value: Json) => boolean>) => (value: Json): boolean =>
  isObject(value) &&
  Object.entries(members).every(([name, is]) => Object.hasOwn(value, name) && is(value[name]));

function isFlat(value: Json, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isFlat(member, depth - 1));
}

/** The claims of a compact JWS of a type, once its signature is verified with one of the keys. */
export async function verified(jws: string, typ: string, keys: Key[]): Promise<Json> {
  const parts = jws.length <= MAX_LENGTH ? jws.split(".") : [];
  require(parts.length === 3, "malformed");
  const header = objectOf(parts[0]);
  const claims = objectOf(parts[1]);
  decode(parts[2]);
  require(!Object.hasOwn(header, "crit"), "malformed");
  require(header.typ === typ, "wrong_type");
  require(header.alg === "Ed25519" || header.alg === "EdDSA", "wrong_algorithm");
  const key = keys.find(({ kid }) => kid === header.kid);
  require(key && isUsable(key), "unknown_key");
  const imported = await importJWK({ kty: "OKP", crv: "Ed25519", x: key.x }, header.alg);
  try {
    await compactVerify(jws, imported, { algorithms: [header.alg] });
  } catch {
    throw new Refused("invalid", "wrong_signature");
  }
  return claims;
}

function isUsable({ x }: Key): boolean {
  const bytes = decode(x).slice();
  if (bytes.length !== 32) return false;
  bytes[31] &= 0x7f;
  return !SMALL_ORDER.has(bytes.toHex());
}
