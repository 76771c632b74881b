// Signed validations: what the server says of a license, in a form that no other server can give.
import { encodeBytes, sha256 } from "./encoding.ts";
import { InvalidTextError } from "./errors.ts";
import {
  type Check,
  day,
  type Entitlements,
  object,
  orNull,
  requireClaims,
  text,
  time,
  whole,
} from "./file_claims.ts";
import { type PublicKey, verifyJws, type VerifySignature } from "./jws.ts";

/** The claims of a signed validation. Days are those of UTC, `YYYY-MM-DD`. */
export interface ValidationClaims {
  /** The server's time; seconds since 1970. */
  iat: number;
  product: string | null;
  license: number | null;
  valid: boolean;
  code: string;
  valid_until: string | null;
  grace_ends: string | null;
  entitlements: Entitlements;
  max_users: number | null;
}

/** What the app sent, with which the claims are compared. */
export interface SentValidation {
  /** Null: the validation was saved, and its nonce was compared before. */
  nonce: string | null;
  licenseKey: string;
  fingerprint: string;
  product: string;
}

/** The claims of the answer to a call. @throws InvalidTextError for one that is forged, edited or of another call */
export async function readValidation(
  signature: string,
  sent: SentValidation,
  keys: readonly PublicKey[],
  verify?: VerifySignature,
): Promise<ValidationClaims> {
  const claims = await verifyJws(signature, "license-validation+jwt", keys, verify);
  requireClaims(claims, checks);
  if (sent.nonce !== null && claims.nonce !== sent.nonce) {
    throw new InvalidTextError("other_nonce", "The answer is to another call.");
  }
  if (claims.key_hash !== await digest(sent.licenseKey)) {
    throw new InvalidTextError("other_key", "The answer is about another license key.");
  }
  if (claims.machine !== await digest(sent.fingerprint)) {
    throw new InvalidTextError("other_machine", "The answer is about another device.");
  }
  // An API key for all products does not tell the product of a license that was not found.
  const isUnknown = claims.product === null && claims.license === null;
  if (claims.product !== sent.product && !isUnknown) {
    throw new InvalidTextError("other_product", "The answer is about another product.");
  }
  return claims as unknown as ValidationClaims;
}

const checks: Record<string, Check> = {
  iss: text,
  iat: time,
  nonce: text,
  product: orNull(text),
  license: orNull(whole),
  key_hash: orNull(text),
  machine: orNull(text),
  valid: (value) => typeof value === "boolean",
  code: text,
  valid_until: day,
  grace_ends: day,
  entitlements: object,
  max_users: orNull(whole),
};

async function digest(text: string): Promise<string> {
  return encodeBytes(await sha256(text));
}
