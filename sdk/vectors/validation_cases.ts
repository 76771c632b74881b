// Signed validations: the answer to this call, replayed, edited, forged, or about something else.
import { createHash } from "node:crypto";
import { wireClaims } from "../../server/request/signed_answers.ts";
import type { ValidationClaims } from "../../server/domain/activations/signed_validation.ts";
import type { Case } from "./cases.ts";
import { FINGERPRINT, ISSUED, ISSUER, LICENSE_KEY, PRODUCT } from "./samples.ts";
import { encode, foreignKey, productKey, signed, signedWithHeader } from "./signer.ts";

/** What an app sent, and the signature that it got. */
export interface ValidationGiven {
  signature: string;
  keys: unknown[];
  nonce: string;
  license_key: string;
  fingerprint: string;
  product: string;
}

const TYPE = "license-validation+jwt";
export const NONCE = "AQEBAQEBAQEBAQEBAQEBAQ";

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");

/** The claims of a validation, under the names of the wire. */
export function validationClaims(replaced: Partial<ValidationClaims> = {}) {
  return wireClaims({
    issuer: ISSUER,
    issuedAt: ISSUED,
    nonce: NONCE,
    product: PRODUCT,
    licenseId: 12,
    keyHash: digest(LICENSE_KEY),
    machineHash: digest(FINGERPRINT),
    valid: true,
    code: "VALID",
    validUntil: null,
    graceEnds: null,
    entitlements: { export: true },
    maxUsers: 1,
    ...replaced,
  });
}

export async function validationCases(): Promise<Case<ValidationGiven, { code: string } | "invalid">[]> {
  const good = await signed(TYPE, validationClaims());
  const [head, payload, signature] = good.split(".");
  const header = { alg: "Ed25519", kid: productKey.publicKey.kid, typ: TYPE };
  const make = (name: string, reason: string, signature: string, code: string | null, given = {}) => ({
    name,
    reason,
    given: {
      signature,
      keys: [productKey.publicKey],
      nonce: NONCE,
      license_key: LICENSE_KEY,
      fingerprint: FINGERPRINT,
      product: PRODUCT,
      ...given,
    },
    expected: code === null ? "invalid" as const : { code },
  });
  const of = (replaced: Partial<ValidationClaims>) => signed(TYPE, validationClaims(replaced));
  const unknown = { product: null, licenseId: null, valid: false, code: "INVALID_LICENSE", maxUsers: null };
  return [
    make("good", "It answers this call.", good, "VALID"),
    make(
      "a refusal",
      "It is believed as well.",
      await of({ valid: false, code: "LICENSE_INACTIVE" }),
      "LICENSE_INACTIVE",
    ),
    make(
      "an unknown license",
      "An API key for all products does not tell the product.",
      await of(unknown),
      "INVALID_LICENSE",
    ),
    make(
      "an unknown license of the product",
      "The API key is for the product.",
      await of({ ...unknown, product: PRODUCT }),
      "INVALID_LICENSE",
    ),
    make("a replayed answer", "The nonce is that of an earlier call.", good, null, {
      nonce: "AgICAgICAgICAgICAgICAg",
    }),
    make("an answer about another license key", "The hash of the key is another.", good, null, {
      license_key: "TEST-TEST-TEST-TES0",
    }),
    make("an answer about another device", "The hash of the fingerprint is another.", good, null, {
      fingerprint: "other",
    }),
    make(
      "an answer about another product",
      "The product is another.",
      await of({ product: "other-app" }),
      null,
    ),
    make(
      "an answer that is valid without a product",
      "Only an unknown license has none.",
      await of({ product: null }),
      null,
    ),
    make(
      "an edited answer",
      "The signature is that of other claims.",
      `${head}.${encode({ ...validationClaims(), max_users: 99 })}.${signature}`,
      null,
    ),
    make(
      "a refusal edited to valid",
      "The signature is that of other claims.",
      `${head}.${payload}.${(await of({ valid: false, code: "LICENSE_EXPIRED" })).split(".")[2]}`,
      null,
    ),
    make(
      "another vendor's answer",
      "Its key is not known.",
      await signed(TYPE, validationClaims(), { key: foreignKey }),
      null,
    ),
    make(
      "another key under the product's kid",
      "The signature is another key's.",
      signedWithHeader(header, payload, foreignKey),
      null,
    ),
    make("alg none", "It is not signed.", `${encode({ ...header, alg: "none" })}.${payload}.`, null),
    make(
      "the typ of a license file",
      "One kind of statement is not another.",
      await signed("license-file+jwt", validationClaims()),
      null,
    ),
    make("an empty text", "It is not signed.", "", null),
    make("without a time", "All claims have to be there.", await of({ issuedAt: undefined as never }), null),
  ];
}
