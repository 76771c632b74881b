// Signed validations: the answer to this call, replayed, edited, forged, or about something else.
import { createHash } from "node:crypto";
import { wireClaims } from "../../server/request/signed_answers.ts";
import type { ValidationClaims } from "../../server/domain/activations/signed_validation.ts";
import type { Claims } from "../../server/domain/signing/jws.ts";
import type { Case, PublicKey } from "./cases.ts";
import { fileClaims, FINGERPRINT, ISSUED, ISSUER, LICENSE_KEY, PRODUCT } from "./samples.ts";
import { encode, foreignKey, productKey, signed, signedWithHeader } from "./signer.ts";

/** What an app sent, and the signature that it got. */
export interface ValidationGiven {
  signature: string;
  keys: PublicKey[];
  nonce: string;
  license_key: string;
  fingerprint: string;
  product: string;
}

/** The code that is believed, or why none is. */
export type ValidationExpected = { code: string } | { reason: string };

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

/** Values of claims that have other types, or are out of their range. */
const wrong: Record<string, unknown[]> = {
  iss: [null, 1],
  iat: [null, "1", -1, 1.5, 253_402_300_800, 2 ** 53],
  nonce: [null, 1],
  product: [1, []],
  license: ["12", -1, 1.5],
  key_hash: [1],
  machine: [1],
  valid: [null, "true", 1, 0],
  code: [null, 1],
  valid_until: [1, "", "tomorrow", "2027-1-1"],
  grace_ends: [1, "tomorrow"],
  entitlements: [null, []],
  max_users: ["3", -1],
};

export async function validationCases(): Promise<Case<ValidationGiven, ValidationExpected>[]> {
  const good = await signed(TYPE, validationClaims());
  const [head, payload, signature] = good.split(".");
  const header = { alg: "Ed25519", kid: productKey.publicKey.kid, typ: TYPE };
  const make = (
    name: string,
    reason: string,
    signature: string,
    expected: ValidationExpected,
    given: Partial<ValidationGiven> = {},
  ) => ({
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
    expected,
  });
  const believed = async (name: string, reason: string, code: string, of: Partial<ValidationClaims> = {}) =>
    make(name, reason, await signed(TYPE, validationClaims({ code, ...of })), { code });
  const bad = async (
    name: string,
    reason: string,
    refusal: string,
    signature: string | Promise<string>,
    given: Partial<ValidationGiven> = {},
  ) => make(name, reason, await signature, { reason: refusal }, given);
  const of = (replaced: Partial<ValidationClaims>) => signed(TYPE, validationClaims(replaced));
  const replaced = (claims: Claims) => signed(TYPE, { ...validationClaims(), ...claims });
  const headed = (change: Claims) => signedWithHeader({ ...header, ...change }, payload);
  const unknown = { product: null, licenseId: null, valid: false, maxUsers: null, entitlements: {} };
  const claims = validationClaims();
  return await Promise.all([
    believed("good", "It answers this call.", "VALID"),
    believed("a refusal", "It is believed as well.", "LICENSE_INACTIVE", { valid: false, entitlements: {} }),
    believed("in grace", "It has a last day.", "GRACE_PERIOD", {
      validUntil: "2026-02-27",
      graceEnds: "2026-03-09",
    }),
    believed(
      "an unknown license",
      "An API key for all products does not tell the product.",
      "INVALID_LICENSE",
      unknown,
    ),
    believed("an unknown license of the product", "The API key is for the product.", "INVALID_LICENSE", {
      ...unknown,
      product: PRODUCT,
    }),
    make("with more claims", "Claims that are not known are ignored.", await replaced({ later: 1 }), {
      code: "VALID",
    }),
    make("with EdDSA", "The older name of the algorithm is accepted.", headed({ alg: "EdDSA" }), {
      code: "VALID",
    }),
    bad("a replayed answer", "The nonce is that of an earlier call.", "other_nonce", good, {
      nonce: "AgICAgICAgICAgICAgICAg",
    }),
    bad("a nonce with more after it", "It is compared whole.", "other_nonce", good, { nonce: `${NONCE}0` }),
    bad("an answer about another license key", "The hash of the key is another.", "other_key", good, {
      license_key: "TEST-TEST-TEST-TES0",
    }),
    bad("an answer without a license key", "The app has sent one.", "other_key", of({ keyHash: null })),
    bad("an answer about another device", "The hash of the fingerprint is another.", "other_machine", good, {
      fingerprint: "other",
    }),
    bad("an answer without a device", "The app has sent one.", "other_machine", of({ machineHash: null })),
    bad(
      "an answer about another product",
      "The product is another.",
      "other_product",
      of({ product: "other-app" }),
    ),
    bad(
      "an unknown license of another product",
      "The product is another.",
      "other_product",
      of({ ...unknown, product: "other-app" }),
    ),
    bad(
      "an answer of a license without a product",
      "Only an unknown license has none.",
      "other_product",
      of({ product: null }),
    ),
    bad("another nonce, key and device", "The nonce comes first.", "other_nonce", good, {
      nonce: "x",
      license_key: "x",
      fingerprint: "x",
    }),
    bad(
      "a malformed answer to another call",
      "The claims are checked before what they say.",
      "malformed",
      replaced({ iat: "1", nonce: "x" }),
    ),
    bad(
      "an edited answer",
      "The signature is that of other claims.",
      "wrong_signature",
      `${head}.${encode({ ...claims, max_users: 99 })}.${signature}`,
    ),
    ...Object.keys(claims).map((name) =>
      bad(
        `${name} edited`,
        "The signature is that of other claims.",
        "wrong_signature",
        `${head}.${encode({ ...claims, [name]: "edited" })}.${signature}`,
      )
    ),
    bad(
      "a refusal edited to valid",
      "The signature is that of other claims.",
      "wrong_signature",
      of({ valid: false, code: "LICENSE_EXPIRED" }).then((jws) => `${head}.${payload}.${jws.split(".")[2]}`),
    ),
    bad(
      "another vendor's answer",
      "Its key is not known.",
      "unknown_key",
      signed(TYPE, claims, { key: foreignKey }),
    ),
    bad(
      "another key under the product's kid",
      "The signature is another key's.",
      "wrong_signature",
      signedWithHeader(header, payload, foreignKey),
    ),
    bad(
      "alg none",
      "It is not signed.",
      "wrong_algorithm",
      `${encode({ ...header, alg: "none" })}.${payload}.`,
    ),
    bad(
      "the typ of a license file",
      "One kind of statement is not another.",
      "wrong_type",
      signed("license-file+jwt", claims),
    ),
    bad(
      "a license file",
      "One kind of statement is not another.",
      "wrong_type",
      signed("license-file+jwt", fileClaims()),
    ),
    bad("crit in its header", "It asks for what is not known.", "malformed", headed({ crit: ["x"] })),
    bad("an answer without a signature", "It is not signed.", "wrong_signature", `${head}.${payload}.`),
    bad(
      "an answer with a line break",
      "It is no base64url.",
      "malformed",
      `${head}.${payload}.\n${signature}`,
    ),
    bad("an empty text", "It is not signed.", "malformed", ""),
    bad(
      "a text that is too long",
      "An answer has at most 65536 bytes.",
      "malformed",
      replaced({ x: "x".repeat(50_000) }),
    ),
    ...Object.keys(claims).map((name) =>
      bad(`without ${name}`, "All claims have to be there.", "malformed", replaced({ [name]: undefined }))
    ),
    ...Object.entries(wrong).flatMap(([name, values]) =>
      values.map((value) =>
        bad(
          `${name} ${JSON.stringify(value)}`,
          "The claim has another type, or is out of its range.",
          "malformed",
          replaced({ [name]: value }),
        )
      )
    ),
  ]);
}
