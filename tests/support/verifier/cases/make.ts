// Makes license files, status lists and validations for tests, right and wrong ones, with keys that are always the same.
import {
  createCipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { deflateSync } from "node:zlib";
import { encode, type Json, type Key } from "../signed.ts";
import type { Given, GivenFile } from "../verifier.ts";
import type { Expected } from "../app.ts";

/** A case: what an app is given, and what it has to find. */
export interface Case {
  given: Given;
  expected: Expected;
  /** Of each status list why it is refused. */
  lists?: (string | null)[];
}

/** 2027-01-15, 08:00 in UTC. */
export const NOW = 1_800_000_000;
export const DAY = 86_400;
export const FINGERPRINT = "machine-1";
export const LICENSE_KEY = "AAAA-BBBB-CCCC-DDDD";
export const URI = "https://licenses.example.com/.well-known/license-status/7-0";
const SALT = "c2FsdCBvZiB0aGUgZmlsZQ";

export const part = (value: Json): string => encodeText(JSON.stringify(value));
export const encodeText = (text: string): string => encode(new TextEncoder().encode(text));
const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");
export const hashOf = (name: string, value: string): string => sha256(`${SALT}\n${name}\n${value}`);

export interface Pair {
  key: Key;
  privateKey: KeyObject;
}

/** A key pair whose private key is made of one byte. */
function pairOf(byte: number): Pair {
  const der = Uint8Array.fromHex(
    "302e020100300506032b657004220420" + byte.toString(16).padStart(2, "0").repeat(32),
  );
  const privateKey = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  const kid = sha256(JSON.stringify({ crv: "Ed25519", kty: "OKP", x }));
  return { key: { kid, x: x! }, privateKey };
}

/** The product's key, and that of another one. */
export const pair = pairOf(0x17);
export const foreign = pairOf(0x42);

export const header = (typ: string) => ({ alg: "Ed25519", kid: pair.key.kid, typ });

/** Signs two texts as they are. */
export function signed(head: string, payload: string, { privateKey }: Pair = pair): string {
  const text = `${encodeText(head)}.${encodeText(payload)}`;
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`;
}

export function jws(typ: string, claims: Json, head: Json = {}, by: Pair = pair): string {
  return signed(JSON.stringify({ ...header(typ), ...head }), JSON.stringify(claims), by);
}

export const fileClaims: Json = {
  iss: "https://licenses.example.com",
  iat: NOW,
  nbf: NOW,
  exp: NOW + 30 * DAY,
  jti: "0190a5f0-0000-7000-8000-000000000000",
  seq: NOW,
  product: "my-app",
  license: 12,
  activation: 34,
  state: "active",
  license_ends: null,
  grace_ends: null,
  after_expiry: "refuse",
  updates_until: null,
  versions: null,
  max_users: 3,
  entitlements: { exports: 50, pro: true, edition: "studio" },
  metadata: { region: "EU" },
  customer: { name: "Lumen Ltd", company: null },
  machine: { match: "exact", salt: SALT, fingerprint: hashOf("fingerprint", FINGERPRINT), components: {} },
  status: { uri: URI, idx: 9 },
  removal: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
};

export const fileJws = (claims: Json = {}, head: Json = {}, by?: Pair) =>
  jws("license-file+jwt", { ...fileClaims, ...claims }, head, by);

export function armoured(content: string): string {
  return [
    "-----BEGIN LATCHKEY LICENSE-----",
    ...content.match(/.{1,64}/g) ?? [],
    "-----END LATCHKEY LICENSE-----",
    "",
  ].join("\n");
}

export const file = (claims: Json = {}, head: Json = {}, by?: Pair) => armoured(fileJws(claims, head, by));

/** A case of a file that the app reads at its time on its device, unless told otherwise. */
export function of(text: string, expected: Expected, more: Partial<GivenFile> = {}): Case {
  return {
    expected,
    given: {
      file: text,
      keys: [pair.key],
      now: NOW + 60,
      ...more,
      app: { product: "my-app", version: "2.1.0", released: "2027-01-01", ...more.app },
      device: { fingerprint: FINGERPRINT, license_key: LICENSE_KEY, ...more.device },
    },
  };
}

export interface Encryption {
  header?: Json;
  fingerprint?: string;
  licenseKey?: string;
  ivLength?: number;
}

/** Encrypts a text for the device. */
export function encrypted(plaintext: string, given: Encryption = {}): string {
  const { header, fingerprint = FINGERPRINT, licenseKey = LICENSE_KEY, ivLength = 12 } = given;
  const salt = new Uint8Array(16).fill(7);
  const head = part({
    alg: "dir",
    enc: "A256GCM",
    typ: "license-file+jwe",
    cty: "license-file+jwt",
    salt: encode(salt),
    ...header,
  });
  const key = hkdfSync("sha256", `${licenseKey}\n${fingerprint}`, salt, "latchkey license file", 32);
  const iv = new Uint8Array(ivLength).fill(9);
  const cipher = createCipheriv("aes-256-gcm", new Uint8Array(key), iv);
  cipher.setAAD(Buffer.from(head));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return [head, "", encode(iv), ciphertext.toString("base64url"), cipher.getAuthTag().toString("base64url")]
    .join(".");
}

/** The bytes of a status list in which these places are revoked. */
export function bitsOf(...revoked: number[]): Uint8Array {
  const bytes = new Uint8Array(16_384);
  for (const place of revoked) bytes[place >> 3] |= 1 << (place & 7);
  return bytes;
}

export const compressed = (bytes: Uint8Array): string =>
  encode(new Uint8Array(deflateSync(bytes, { level: 9 })));

export interface List {
  claims?: Json;
  head?: Json;
  by?: Pair;
  bits?: Uint8Array;
  /** Members of `status_list`. */
  list?: Json;
}

export function statusList({ claims, head, by, bits = bitsOf(9), list }: List = {}): string {
  return jws(
    "statuslist+jwt",
    {
      sub: URI,
      iat: NOW,
      exp: NOW + 14 * DAY,
      ttl: 30,
      status_list: { bits: 1, lst: compressed(bits), ...list },
      ...claims,
    },
    head,
    by,
  );
}

export const NONCE = "nonce-0123456789abcdef";

export const validationClaims: Json = {
  iss: "https://licenses.example.com",
  iat: NOW,
  nonce: NONCE,
  product: "my-app",
  license: 12,
  key_hash: sha256(LICENSE_KEY),
  machine: sha256(FINGERPRINT),
  valid: true,
  code: "VALID",
  valid_until: "2027-12-31",
  grace_ends: null,
  entitlements: { exports: 50 },
  max_users: 3,
};
