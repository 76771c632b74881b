// Encryption of a license file for one machine: a JWE (RFC 7516) whose key follows from the license key and the fingerprint,
// so that nothing of it can be read where it was copied to.
import { hkdfSync, randomBytes } from "node:crypto";
import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from "jose";
import { FILE_TYPE } from "./license_file.ts";

/** What a file is encrypted with, as the app sent both. */
export interface FileSecret {
  licenseKey: string;
  hardwareId: string;
}

const TYPE = "license-file+jwe";
const INFO = "latchkey license file";
const SALT_BYTES = 16;
const base64url = { alphabet: "base64url", omitPadding: true } as const;

/** Encrypts the JWS of a file. */
export async function encryptFile(jws: string, secret: FileSecret): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return await new CompactEncrypt(new TextEncoder().encode(jws))
    .setProtectedHeader({
      alg: "dir",
      enc: "A256GCM",
      typ: TYPE,
      cty: FILE_TYPE,
      salt: new Uint8Array(salt).toBase64(base64url),
    })
    .encrypt(keyOf(secret, salt));
}

/** The JWS of an encrypted file; null when it was encrypted for another machine, or is none. */
export async function decryptFile(jwe: string, secret: FileSecret): Promise<string | null> {
  try {
    const { salt } = decodeProtectedHeader(jwe);
    if (typeof salt !== "string") return null;
    const key = keyOf(secret, Uint8Array.fromBase64(salt, { alphabet: "base64url" }));
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return new TextDecoder().decode(plaintext);
  } catch {
    return null;
  }
}

function keyOf({ licenseKey, hardwareId }: FileSecret, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", `${licenseKey}\n${hardwareId}`, salt, INFO, 32));
}
