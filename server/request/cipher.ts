// Secrets that have to be read again are kept sealed: AES-256-GCM (NIST SP 800-38D) under keys derived from
// ENCRYPTION_KEY by HKDF (RFC 5869), one for each purpose. A copy of the database alone opens nothing.
import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Cipher } from "../domain/context.ts";

const NONCE = 12;
const TAG = 16;

/** @param secret `ENCRYPTION_KEY` */
export function createCipher(secret: string): Cipher {
  const keys = new Map<string, Buffer>();
  const keyFor = (purpose: string): Buffer => {
    const known = keys.get(purpose) ?? Buffer.from(hkdfSync("sha256", secret, "latchkey", purpose, 32));
    keys.set(purpose, known);
    return known;
  };
  return {
    encrypt(purpose, content) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", keyFor(purpose), nonce);
      const body = Buffer.concat([cipher.update(content), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    decrypt(purpose, sealed) {
      const decipher = createDecipheriv("aes-256-gcm", keyFor(purpose), sealed.subarray(0, NONCE));
      decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
    },
  };
}
