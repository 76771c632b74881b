// Signatures and keys of license files: good ones, and each way in which they can be forged or damaged.
import { Buffer } from "node:buffer";
import { armour } from "../../server/domain/license_files/armour.ts";
import { type FileCase, fileCase } from "./cases.ts";
import { fileClaims, fileHeader } from "./samples.ts";
import { encode, foreignKey, nextKey, productKey, signed, signedWithHeader } from "./signer.ts";

const TYPE = "license-file+jwt";

/** The order of the group (RFC 8032, 5.1), for a signature whose second half is not reduced. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The points of small order, with and without the sign bit. */
const smallOrder = [
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].flatMap((hex) => {
  const signed = Buffer.from(hex, "hex");
  signed[31] |= 0x80;
  return [Buffer.from(hex, "hex"), signed];
});

export async function signatureCases(): Promise<Promise<FileCase>[]> {
  const jws = await signed(TYPE, fileClaims());
  const [head, payload, signature] = jws.split(".");
  const bad = (name: string, reason: string, text: string, result = "wrong_signature", given = {}) =>
    fileCase(name, reason, armour(text), result, given);
  const of = (name: string, reason: string, signature: string) =>
    bad(name, reason, `${head}.${payload}.${signature}`);
  const keyed = (name: string, reason: string, x: string, result: string) =>
    bad(name, reason, jws, result, { keys: [{ kid: productKey.publicKey.kid, x }] });
  const claims = fileClaims();
  const edits: Record<string, unknown> = {
    ...Object.fromEntries(Object.keys(claims).map((name) => [name, "edited"])),
    exp: 4_000_000_000,
    seq: 4_000_000_000,
    license_ends: "2099-12-31",
    after_expiry: "allow",
    max_users: 999,
    entitlements: { everything: true },
    status: { uri: "https://other.example.com/list", idx: 0 },
  };
  /** The neutral element, and 0: with a key of small order it is a signature of any text. */
  const forged = Buffer.alloc(64);
  forged[0] = 1;
  return [
    bad("good", "The product's key has signed it.", jws, "valid"),
    bad("good, and the app has several keys", "The header says which one it is.", jws, "valid", {
      keys: [foreignKey.publicKey, nextKey.publicKey, productKey.publicKey],
    }),
    bad(
      "another vendor's key",
      "Its kid is none of the app's.",
      await signed(TYPE, claims, { key: foreignKey }),
      "unknown_key",
    ),
    bad(
      "another key under the product's kid",
      "The kid is copied, the signature is another key's.",
      signedWithHeader(fileHeader, payload, foreignKey),
    ),
    bad("the app has no keys", "Nothing can be verified.", jws, "unknown_key", { keys: [] }),
    bad("a key that was rotated away", "The app knows the next key only.", jws, "unknown_key", {
      keys: [nextKey.publicKey],
    }),
    keyed(
      "the app has another key under the kid",
      "The kid alone proves nothing.",
      foreignKey.publicKey.x,
      "wrong_signature",
    ),
    keyed("a key of 31 bytes", "A key has 32.", cut(productKey.publicKey.x, 31), "unknown_key"),
    keyed("a key of 33 bytes", "A key has 32.", cut(productKey.publicKey.x, 32, 1), "unknown_key"),
    keyed("a key of no bytes", "A key has 32.", "", "unknown_key"),
    ...Object.entries(edits).map(([name, value]) =>
      bad(
        `${name} edited`,
        "The signature is that of other claims.",
        `${head}.${encode({ ...claims, [name]: value })}.${signature}`,
      )
    ),
    of("a signature that is empty", "Nothing is signed.", ""),
    of("a signature of 1 byte", "It has 64.", cut(signature, 1)),
    of("a signature of 63 bytes", "It has 64.", cut(signature, 63)),
    of("a signature of 65 bytes", "It has 64.", cut(signature, 64, 1)),
    of("a signature of 128 bytes", "It has 64.", cut(signature, 64, 64)),
    of("a signature of zeros", "No key makes it.", cut("", 0, 64)),
    of("a signature with its first bit changed", "It is another one.", flip(signature, 0)),
    of("a signature with one bit changed", "It is another one.", flip(signature, 10)),
    of("a signature with a bit of its second half changed", "It is another one.", flip(signature, 40)),
    of(
      "the signature of another file",
      "It is that of other claims.",
      (await signed(TYPE, fileClaims({ seq: 1 }))).split(".")[2],
    ),
    of(
      "a signature that is not reduced",
      "RFC 8032: the second half is below the order of the group.",
      unreduced(signature),
    ),
    ...smallOrder.map((x) =>
      bad(
        `a key of small order, ${x.toString("hex", 0, 2)}…${x.toString("hex", 30)}`,
        "Anyone can sign with it: the app refuses the key.",
        `${head}.${payload}.${forged.toString("base64url")}`,
        "unknown_key",
        { keys: [{ kid: productKey.publicKey.kid, x: x.toString("base64url") }] },
      )
    ),
    of(
      "a signature of small order, with a good key",
      "It is none of that key.",
      forged.toString("base64url"),
    ),
  ];
}

/** The first bytes, and zeros after them. */
function cut(text: string, length: number, zeros = 0): string {
  const bytes = Buffer.from(text, "base64url").subarray(0, length);
  return Buffer.concat([bytes, new Uint8Array(zeros)]).toString("base64url");
}

function flip(signature: string, place: number): string {
  const bytes = Buffer.from(signature, "base64url");
  bytes[place] ^= 1;
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
