// Random secret tokens: sessions, email links, API keys. The database contains only their SHA-256 hashes.
import { createHash, randomBytes } from "node:crypto";

/** Generates a token of 256 random bits as 64 hexadecimal digits. */
export function generateToken(): string {
  return randomBytes(32).toString("hex");
}

/** The hash that is stored. A token has enough entropy for a hash without salt. */
export function tokenHash(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
