// Encrypted license files: JWE (RFC 7516) whose key follows from the license key and the fingerprint of the device.
import { decodeBytes, decodeObject, textOf, utf8 } from "./encoding.ts";
import { InvalidTextError, OtherDeviceError } from "./errors.ts";

/** What a file was encrypted with: both as they were sent to the server. */
export interface FileSecret {
  licenseKey: string;
  fingerprint: string;
}

const header = { alg: "dir", enc: "A256GCM", typ: "license-file+jwe", cty: "license-file+jwt" };
const INFO = "latchkey license file";

/** Whether the content of a file is encrypted. */
export function isEncrypted(content: string): boolean {
  return content.split(".").length === 5;
}

/**
 * The JWS in an encrypted file.
 *
 * @throws InvalidTextError, OtherDeviceError
 */
export async function decryptFile(jwe: string, secret: FileSecret): Promise<string> {
  const [head, encryptedKey, nonce, ciphertext, tag] = jwe.split(".");
  const given = decodeObject(head);
  const iv = decodeBytes(nonce);
  const mac = decodeBytes(tag);
  const content = decodeBytes(ciphertext);
  if (encryptedKey !== "" || iv.length !== 12 || mac.length !== 16) {
    throw new InvalidTextError("malformed", "The encrypted file is damaged.");
  }
  if (Object.hasOwn(given, "crit") || Object.hasOwn(given, "zip")) {
    throw new InvalidTextError("malformed", "The header has crit or zip, which are not known.");
  }
  if (given.typ !== header.typ || given.cty !== header.cty) {
    throw new InvalidTextError("wrong_type", "The text is no encrypted license file.");
  }
  if (given.alg !== header.alg || given.enc !== header.enc) {
    throw new InvalidTextError("wrong_algorithm", "The file is encrypted in a way that is not known.");
  }
  if (typeof given.salt !== "string") throw new InvalidTextError("malformed", "The file has no salt.");
  const key = await keyOf(secret, decodeBytes(given.salt));
  const both = new Uint8Array(content.length + mac.length);
  both.set(content);
  both.set(mac, content.length);
  let plain: ArrayBuffer;
  try {
    plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8(head) }, key, both);
  } catch {
    throw new OtherDeviceError("The license file was encrypted for another device.");
  }
  return textOf(new Uint8Array(plain));
}

async function keyOf(secret: FileSecret, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const input = utf8(`${secret.licenseKey}\n${secret.fingerprint}`);
  const material = await crypto.subtle.importKey("raw", input, "HKDF", false, ["deriveKey"]);
  return await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info: utf8(INFO) },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["decrypt"],
  );
}
