// What a license file says: its claims, checked for their types.
import type { DeviceClaims } from "./device.ts";
import { decodeBytes } from "./encoding.ts";
import { InvalidTextError } from "./errors.ts";
import type { Claims } from "./jws.ts";

/** Entitlements by their names: true, a number or a text. */
export type Entitlements = Record<string, true | number | string>;

/** The claims of a license file. Times are seconds since 1970, days are those of UTC, `YYYY-MM-DD`. */
export interface FileClaims {
  iss: string;
  iat: number;
  nbf: number;
  exp: number;
  jti: string;
  /** Greater than that of each earlier file of the activation. */
  seq: number;
  product: string;
  license: number;
  activation: number;
  /** On the day of issue. */
  state: string;
  /** Last day, inclusive; null: never expires. */
  license_ends: string | null;
  grace_ends: string | null;
  after_expiry: "refuse" | "entitled_versions" | "allow";
  /** Last day whose releases are included. */
  updates_until: string | null;
  versions: string | null;
  max_users: number;
  entitlements: Entitlements;
  metadata: Record<string, string | number | boolean>;
  customer: { name: string; company: string | null };
  machine: DeviceClaims;
  status: { uri: string; idx: number };
  /** The key of the removal code: 32 bytes in base64url. */
  removal: string;
}

/** Whether the value of a claim is of its type. */
export type Check = (value: unknown) => boolean;

export const text: Check = (value) => typeof value === "string";
export const whole: Check = (value) => Number.isSafeInteger(value) && value as number >= 0;
/** Until the end of 9999. */
export const time: Check = (value) => whole(value) && value as number <= 253_402_300_799;
/** A day, or null. */
export const day: Check = (value) =>
  value === null || typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
export const object: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const orNull = (check: Check): Check => (value) => value === null || check(value);
const oneOf = (...values: string[]): Check => (value) => values.includes(value as string);
export const objectOf = (members: Record<string, Check>): Check => (value) =>
  object(value) && Object.entries(members).every(([name, check]) => hasClaim(value as Claims, name, check));
const hasClaim = (claims: Claims, name: string, check: Check) =>
  Object.hasOwn(claims, name) && check(claims[name]);

const checks: Record<keyof FileClaims, Check> = {
  iss: text,
  iat: time,
  nbf: time,
  exp: time,
  jti: text,
  seq: whole,
  product: text,
  license: whole,
  activation: whole,
  state: text,
  license_ends: day,
  grace_ends: day,
  after_expiry: oneOf("refuse", "entitled_versions", "allow"),
  updates_until: day,
  versions: orNull(text),
  max_users: whole,
  entitlements: object,
  metadata: object,
  customer: objectOf({ name: text, company: orNull(text) }),
  machine: objectOf({
    match: oneOf("exact", "any", "two", "most", "all"),
    salt: text,
    fingerprint: text,
    components: (value) => object(value) && Object.values(value as object).every(text),
  }),
  status: objectOf({ uri: text, idx: whole }),
  removal: (value) => text(value) && decodeBytes(value as string).length === 32,
};

/** The claims of a file; claims that are not known are ignored. @throws InvalidTextError */
export function checkFileClaims(claims: Claims): FileClaims {
  requireClaims(claims, checks);
  return claims as unknown as FileClaims;
}

/** @throws InvalidTextError when a claim is missing or of another type */
export function requireClaims(claims: Claims, checks: Record<string, Check>): void {
  for (const [name, check] of Object.entries(checks)) {
    if (!hasClaim(claims, name, check)) {
      throw new InvalidTextError("malformed", `The claim ${name} is missing or wrong.`);
    }
  }
}
