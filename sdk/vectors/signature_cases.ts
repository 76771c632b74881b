// Signatures and texts of license files: good ones, and each way in which they can be forged or damaged.
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { armour } from "../../server/domain/license_files/armour.ts";
import { type Case, fileCase, type FileGiven } from "./cases.ts";
import { fileClaims, fileWith } from "./samples.ts";
import { encode, foreignKey, nextKey, productKey, signed, signedWithHeader } from "./signer.ts";

const TYPE = "license-file+jwt";
const kid = productKey.publicKey.kid;

/** The order of the group (RFC 8032, 5.1), for a signature whose second half is not reduced. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

export async function signatureCases(): Promise<Case<FileGiven, string>[]> {
  const jws = await signed(TYPE, fileClaims());
  const [head, payload, signature] = jws.split(".");
  const header = { alg: "Ed25519", kid, typ: TYPE };
  const bad = (name: string, reason: string, text: string, given = {}) =>
    fileCase(name, reason, armour(text), "invalid", given);
  const edits: Record<string, unknown> = {
    exp: 4_000_000_000,
    nbf: 0,
    seq: 4_000_000_000,
    license: 13,
    activation: 35,
    product: "other-app",
    state: "in_grace",
    license_ends: "2099-12-31",
    grace_ends: "2099-12-31",
    after_expiry: "allow",
    max_users: 999,
    entitlements: { everything: true },
    status: { uri: "https://other.example.com/list", idx: 0 },
  };
  return [
    fileCase("good", "The product's key has signed it.", armour(jws), "valid"),
    fileCase(
      "good with EdDSA",
      "The older name of the algorithm is accepted.",
      await fileWith({}, { algorithm: "EdDSA" }),
      "valid",
    ),
    fileCase(
      "good with the next key",
      "The app has two keys, and the header says which one it is.",
      await fileWith({}, { key: nextKey }),
      "valid",
      { keys: [productKey.publicKey, nextKey.publicKey] },
    ),
    fileCase(
      "good with more in its header",
      "Everything else in the header is ignored, even addresses of keys.",
      armour(signedWithHeader({ ...header, jku: "https://attacker.example/keys" }, payload)),
      "valid",
    ),
    fileCase(
      "good with more claims",
      "Claims that are not known are ignored.",
      await fileWith({ later: 1 }),
      "valid",
    ),
    bad(
      "another vendor's key",
      "Its kid is none of the app's.",
      await signed(TYPE, fileClaims(), { key: foreignKey }),
    ),
    bad(
      "another key under the product's kid",
      "The kid is copied, the signature is another key's.",
      signedWithHeader(header, payload, foreignKey),
    ),
    bad(
      "another kid",
      "The key is right, its name is not.",
      signedWithHeader({ ...header, kid: "x" }, payload),
    ),
    bad("no kid", "Nothing says which key it is.", signedWithHeader({ alg: "Ed25519", typ: TYPE }, payload)),
    bad(
      "a key in its header",
      "A key that the file brings along proves nothing.",
      signedWithHeader(
        { ...header, kid: foreignKey.publicKey.kid, jwk: foreignKey.publicKey },
        payload,
        foreignKey,
      ),
    ),
    bad("the app has no keys", "Nothing can be verified.", jws, { keys: [] }),
    bad("a key that was rotated away", "The app knows the next key only.", jws, {
      keys: [nextKey.publicKey],
    }),
    bad(
      "alg none",
      "Unsigned, with an empty signature.",
      `${encode({ ...header, alg: "none" })}.${payload}.`,
    ),
    bad(
      "alg none with the old signature",
      "The header was edited.",
      `${encode({ ...header, alg: "none" })}.${payload}.${signature}`,
    ),
    bad(
      "alg HS256 with the public key",
      "The public key is no secret.",
      hmacOf({ ...header, alg: "HS256" }, payload),
    ),
    bad(
      "alg HS256 with the text of the public key",
      "The same with its base64url.",
      hmacOf({ ...header, alg: "HS256" }, payload, productKey.publicKey.x),
    ),
    bad("alg ES256", "Another algorithm's name.", signedWithHeader({ ...header, alg: "ES256" }, payload)),
    bad("alg ed25519", "Names have their case.", signedWithHeader({ ...header, alg: "ed25519" }, payload)),
    bad("no alg", "The algorithm is not assumed.", signedWithHeader({ kid, typ: TYPE }, payload)),
    bad(
      "typ of a validation",
      "One kind of statement is not another.",
      await signed("license-validation+jwt", fileClaims()),
    ),
    bad(
      "typ of a status list",
      "One kind of statement is not another.",
      await signed("statuslist+jwt", fileClaims()),
    ),
    bad(
      "typ of an encrypted file",
      "The text inside has its own type.",
      await signed("license-file+jwe", fileClaims()),
    ),
    bad("no typ", "Its kind is not assumed.", signedWithHeader({ alg: "Ed25519", kid }, payload)),
    ...Object.entries(edits).map(([name, value]) =>
      bad(
        `${name} edited`,
        "The signature is that of other claims.",
        `${head}.${encode({ ...fileClaims(), [name]: value })}.${signature}`,
      )
    ),
    bad("a signature that is empty", "Nothing is signed.", `${head}.${payload}.`),
    bad("a signature that is too short", "63 bytes.", `${head}.${payload}.${cut(signature, 63)}`),
    bad("a signature that is too long", "65 bytes.", `${head}.${payload}.${cut(signature, 64, 1)}`),
    bad("a signature of zeros", "No key makes it.", `${head}.${payload}.${cut("", 0, 64)}`),
    bad("a signature with one bit changed", "It is another one.", `${head}.${payload}.${flip(signature)}`),
    bad(
      "a signature that is not reduced",
      "RFC 8032: the second half is below the order of the group.",
      `${head}.${payload}.${unreduced(signature)}`,
    ),
    bad(
      "crit in its header",
      "It asks for what is not known.",
      signedWithHeader({ ...header, crit: ["x"] }, payload),
    ),
    bad("two parts", "A JWS has three.", `${head}.${payload}`),
    bad("four parts", "A JWS has three.", `${jws}.x`),
    bad(
      "a header that is no JSON",
      "It cannot be read.",
      `${Buffer.from("{alg").toString("base64url")}.${payload}.${signature}`,
    ),
    bad(
      "claims that are no JSON",
      "They are signed all the same.",
      signedWithHeader(header, Buffer.from("{").toString("base64url")),
    ),
    bad("claims that are a list", "They are signed all the same.", signedWithHeader(header, encode([1]))),
    bad(
      "base64 instead of base64url",
      "The characters + and / are none of base64url.",
      `${head}.${payload}.+/${signature.slice(2)}`,
    ),
  ];
}

function hmacOf(header: object, payload: string, secret?: string): string {
  const text = `${encode(header)}.${payload}`;
  const key = secret ?? Buffer.from(productKey.publicKey.x, "base64url");
  return `${text}.${createHmac("sha256", key as string).update(text).digest("base64url")}`;
}

/** The first bytes of a signature, and zeros after them. */
function cut(signature: string, length: number, zeros = 0): string {
  const bytes = Buffer.from(signature, "base64url").subarray(0, length);
  return Buffer.concat([bytes, new Uint8Array(zeros)]).toString("base64url");
}

function flip(signature: string): string {
  const bytes = Buffer.from(signature, "base64url");
  bytes[10] ^= 1;
  return bytes.toString("base64url");
}

function unreduced(signature: string): string {
  const bytes = Buffer.from(signature, "base64url");
  let half = 0n;
  for (let index = 63; index >= 32; index--) half = half << 8n | BigInt(bytes[index]);
  half += ORDER;
  for (let index = 32; index < 64; index++, half >>= 8n) bytes[index] = Number(half & 255n);
  return bytes.toString("base64url");
}
