// Headers of license files: other algorithms, kinds and keys, and what is not known; most are signed right all the same.
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { armour } from "../../server/domain/license_files/armour.ts";
import { type FileCase, fileCase } from "./cases.ts";
import { fileClaims, fileHeader, fileWith, fileWithHeader } from "./samples.ts";
import {
  encode,
  encodeText,
  foreignKey,
  nextKey,
  productKey,
  signed,
  signedParts,
  signedWithHeader,
} from "./signer.ts";

const TYPE = "license-file+jwt";
const { kid } = productKey.publicKey;
const algorithms = [
  "none",
  "None",
  "HS256",
  "RS256",
  "ES256",
  "eddsa",
  "ed25519",
  "ED25519",
  "Ed448",
  "",
  null,
  1,
  [],
  {},
];
const types = [
  "JWT",
  "license-validation+jwt",
  "statuslist+jwt",
  "license-file+jwe",
  "LICENSE-FILE+JWT",
  "application/license-file+jwt",
  null,
  1,
];
const ids = ["", "x", `${kid} `, "../../etc/passwd", "/dev/null", "' or 1=1 --", null, 1, {}];
const addresses = ["jwk", "jku", "x5c", "x5u", "cty", "zip", "x"];

export async function headerCases(): Promise<Promise<FileCase>[]> {
  const [head, payload, signature] = (await signed(TYPE, fileClaims())).split(".");
  const both = { keys: [productKey.publicKey, nextKey.publicKey] };
  const bad = (name: string, reason: string, text: string, result: string, given = {}) =>
    fileCase(name, reason, armour(text), result, given);
  const resigned = (name: string, reason: string, header: object, result: string) =>
    fileCase(name, reason, fileWithHeader({ ...header }), result);
  const edited = (name: string, reason: string, header: object, result: string) =>
    bad(name, reason, `${encode({ ...fileHeader, ...header })}.${payload}.${signature}`, result);
  return [
    fileCase("good", "The product's key has signed it.", fileWith(), "valid"),
    fileCase(
      "good with EdDSA",
      "The older name of the algorithm is accepted.",
      fileWith({}, { algorithm: "EdDSA" }),
      "valid",
    ),
    fileCase(
      "good with the next key",
      "The app has two keys, and the header says which one it is.",
      fileWith({}, { key: nextKey }),
      "valid",
      both,
    ),
    edited("EdDSA, not signed so", "The header is signed too.", { alg: "EdDSA" }, "wrong_signature"),
    bad(
      "alg none without a signature",
      "It is not signed.",
      `${encode({ ...fileHeader, alg: "none" })}.${payload}.`,
      "wrong_algorithm",
    ),
    edited("alg none with the old signature", "The header was edited.", { alg: "none" }, "wrong_algorithm"),
    bad(
      "alg HS256 with the public key",
      "The public key is no secret.",
      hmacOf({ ...fileHeader, alg: "HS256" }, payload),
      "wrong_algorithm",
    ),
    bad(
      "alg HS256 with the text of the public key",
      "The same with its base64url.",
      hmacOf({ ...fileHeader, alg: "HS256" }, payload, productKey.publicKey.x),
      "wrong_algorithm",
    ),
    ...algorithms.map((alg) =>
      resigned(
        `alg ${JSON.stringify(alg)}, signed`,
        "Names have their case, and others are not known.",
        { alg },
        "wrong_algorithm",
      )
    ),
    ...types.map((typ) =>
      resigned(
        `typ ${JSON.stringify(typ)}, signed`,
        "One kind of statement is not another.",
        { typ },
        "wrong_type",
      )
    ),
    ...ids.map((id) =>
      resigned(`kid ${JSON.stringify(id)}, signed`, "The key has another name.", { kid: id }, "unknown_key")
    ),
    resigned("no alg", "The algorithm is not assumed.", { alg: undefined }, "wrong_algorithm"),
    resigned("no typ", "Its kind is not assumed.", { typ: undefined }, "wrong_type"),
    resigned("no kid", "Nothing says which key it is.", { kid: undefined }, "unknown_key"),
    ...[["exp"], [], ["b64"], "x", null, {}].map((crit) =>
      resigned(
        `crit ${JSON.stringify(crit)}, signed`,
        "It asks for what is not known.",
        { crit, exp: 1 },
        "malformed",
      )
    ),
    edited("crit added", "It comes before the signature.", { crit: ["exp"] }, "malformed"),
    resigned("b64 false, signed", "Without crit it is ignored.", { b64: false }, "valid"),
    resigned("b64 false with crit, signed", "It is not known.", { b64: false, crit: ["b64"] }, "malformed"),
    ...addresses.map((name) =>
      edited(`${name} added`, "The header is signed too.", { [name]: "x" }, "wrong_signature")
    ),
    ...addresses.map((name) =>
      resigned(`${name}, signed`, "Everything else in the header is ignored.", { [name]: "x" }, "valid")
    ),
    bad(
      "a key in its header",
      "A key that the file brings along proves nothing.",
      signedWithHeader(
        { ...fileHeader, kid: foreignKey.publicKey.kid, jwk: foreignKey.publicKey },
        payload,
        foreignKey,
      ),
      "unknown_key",
    ),
    bad(
      "a key in its header under the product's kid",
      "A key that the file brings along proves nothing.",
      signedWithHeader({ ...fileHeader, jwk: foreignKey.publicKey }, payload, foreignKey),
      "wrong_signature",
    ),
    ...["", "null", "[]", "1", '"x"', "{", "{}x", "{'alg':1}", `\ufeff${JSON.stringify(fileHeader)}`].map((
      text,
    ) =>
      bad(
        `a header of ${JSON.stringify(text).slice(0, 20)}`,
        "It is no JSON object.",
        signedParts(encodeText(text), payload),
        "malformed",
      )
    ),
    bad(
      "alg twice, the last one right",
      "The last one counts.",
      signedParts(encodeText(JSON.stringify(fileHeader).replace("{", '{"alg":"none",')), payload),
      "valid",
    ),
    bad(
      "alg twice, the last one wrong",
      "The last one counts.",
      signedParts(encodeText(JSON.stringify(fileHeader).replace(/\}$/, ',"alg":"none"}')), payload),
      "wrong_algorithm",
    ),
    bad(
      "a wrong kind by another algorithm",
      "The kind comes first.",
      signedWithHeader({ ...fileHeader, typ: "JWT", alg: "none" }, payload),
      "wrong_type",
    ),
    bad(
      "another algorithm and an unknown key",
      "The algorithm comes first.",
      signedWithHeader({ ...fileHeader, kid: "x", alg: "none" }, payload),
      "wrong_algorithm",
    ),
    bad(
      "a wrong kind with claims that are no JSON",
      "The texts come first.",
      signedWithHeader({ ...fileHeader, typ: "JWT" }, encodeText("{")),
      "malformed",
    ),
    bad(
      "a long header",
      "It is within the length of a file.",
      signedWithHeader({ ...fileHeader, x: "x".repeat(20_000) }, payload),
      "valid",
    ),
    edited("an edited header", "The header is signed too.", { extra: head }, "wrong_signature"),
  ];
}

function hmacOf(header: object, payload: string, secret?: string): string {
  const text = `${encode(header)}.${payload}`;
  const key = secret ?? Buffer.from(productKey.publicKey.x, "base64url");
  return `${text}.${createHmac("sha256", key as string).update(text).digest("base64url")}`;
}
