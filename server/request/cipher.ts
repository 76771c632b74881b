// Encryption of secrets that have to be read again: AES-256-GCM (NIST SP 800-38D) with keys derived from ENCRYPTION_KEY
// by HKDF (RFC 5869), one for each purpose. A copy of the database alone decrypts nothing.
import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Cipher } from "../domain/context.ts";

const NONCE = 12;
const TAG = 16;

/**
 * @param secret `ENCRYPTION_KEY`
 * @param previous `ENCRYPTION_KEY_PREVIOUS`: they decrypt as well, while the key is being replaced
 */
export function createCipher(secret: string, previous: readonly string[] = []): Cipher {
  const { encrypt, ...current } = cipherOf(secret);
  const earlier = previous.map(cipherOf);
  return {
    encrypt,
    decrypt(purpose, ciphertext) {
      try {
        return current.decrypt(purpose, ciphertext);
      } catch (error) {
        for (const { decrypt } of earlier) {
          try {
            return decrypt(purpose, ciphertext);
          } catch {
            continue;
          }
        }
        throw error;
      }
    },
  };
}

function cipherOf(secret: string): Cipher {
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
    decrypt(purpose, ciphertext) {
      const decipher = createDecipheriv("aes-256-gcm", keyFor(purpose), ciphertext.subarray(0, NONCE));
      decipher.setAuthTag(ciphertext.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(ciphertext.subarray(NONCE + TAG)), decipher.final()]);
    },
  };
}
