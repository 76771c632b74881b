// What the cases are made of: times, the app, the device, license files and status lists, with claims under the server's names.
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { armour } from "../../server/domain/license_files/armour.ts";
import type { FileClaims } from "../../server/domain/license_files/license_file.ts";
import { type Claims } from "../../server/domain/signing/jws.ts";
import { statusListUrl, wireFileClaims, wireStatusList } from "../../server/request/wire_files.ts";
import { encode, productKey, signed, signedWithHeader, type VectorKey } from "./signer.ts";

export const HOUR = 3600;
export const DAY = 86_400;
/** 2026-03-01T12:00:00Z, when the files of the cases were issued. */
export const ISSUED = Date.UTC(2026, 2, 1, 12) / 1000;
export const ISSUER = "https://licenses.example.com";
export const PRODUCT = "painter";
export const LICENSE_KEY = "TEST-TEST-TEST-TEST";
export const FINGERPRINT = "9f86d081884c7d65";
export const COMPONENTS = { board: "b-71", disk: "d-82", mac: "m-93" };
export const SALT = "AAECAwQFBgcICQoLDA0ODw";
export const LIST = statusListUrl(ISSUER, "1-0");

/** Hashes as the server writes them into a file. */
export function hashOf(name: string, value: string, salt = SALT): string {
  return createHash("sha256").update(`${salt}\n${name}\n${value}`).digest("base64url");
}

/** The device of a file. */
export function machine(match: FileClaims["machine"]["match"], components: Record<string, string> = {}) {
  return {
    match,
    salt: SALT,
    fingerprint: hashOf("fingerprint", FINGERPRINT),
    components: Object.fromEntries(
      Object.entries(components).map(([name, value]) => [name, hashOf(`component ${name}`, value)]),
    ),
  };
}

/** The claims of a file of 30 days, with some of them replaced. */
export function fileClaims(replaced: Claims = {}): Claims {
  const claims: FileClaims = {
    issuer: ISSUER,
    issuedAt: ISSUED,
    expiresAt: ISSUED + 30 * DAY,
    id: "5f8c1b6e-0d2a-4f3e-9b7a-2c4d6e8f0a1b",
    seq: ISSUED,
    product: PRODUCT,
    licenseId: 12,
    activationId: 34,
    state: "active",
    licenseEnds: null,
    graceEnds: null,
    afterExpiry: "refuse",
    updatesUntil: null,
    versions: null,
    maxUsers: 1,
    entitlements: { export: true, projects: 50, edition: "studio" },
    metadata: { department: "Archive" },
    customer: { name: "Lumen Ltd", company: null },
    machine: machine("exact"),
    status: { list: "1-0", index: 9 },
    removal: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
  };
  return { ...wireFileClaims(claims), ...replaced };
}

/** A license file as the server writes it. */
export async function fileWith(
  replaced: Claims = {},
  options: { key?: VectorKey; algorithm?: "Ed25519" | "EdDSA"; type?: string } = {},
): Promise<string> {
  return armour(await signed(options.type ?? "license-file+jwt", fileClaims(replaced), options));
}

/** A license file with another header, which the server would not write. */
export function fileWithHeader(header: Claims, claims: Claims = {}, key = productKey): string {
  return armour(signedWithHeader({ ...fileHeader, ...header }, encode(fileClaims(claims)), key));
}

/** The header of license files. */
export const fileHeader = { alg: "Ed25519", kid: productKey.publicKey.kid, typ: "license-file+jwt" };

/** A status list with these indices set. It is stored, not compressed, so that its text is the same with any zlib. */
export async function statusList(
  indices: number[],
  {
    url = LIST,
    issuedAt = ISSUED,
    expiresAt = issuedAt + 14 * DAY,
    key = productKey,
    size = 128,
    type = "statuslist+jwt",
    header,
    replaced = {},
  }: {
    url?: string;
    issuedAt?: number;
    expiresAt?: number;
    key?: VectorKey;
    size?: number;
    type?: string;
    /** Members of a header that the server would not write. */
    header?: Claims;
    replaced?: Claims;
  } = {},
): Promise<string> {
  const bytes = new Uint8Array(size);
  for (const index of indices) bytes[index >> 3] |= 1 << (index & 7);
  const bits = deflateSync(bytes, { level: 0 }).toString("base64url");
  const claims = wireStatusList({ url, issuedAt, expiresAt, ttl: 30, bits });
  const all = { ...claims, ...replaced };
  return header
    ? signedWithHeader({ alg: "Ed25519", kid: key.publicKey.kid, typ: type, ...header }, encode(all), key)
    : await signed(type, all, { key });
}
