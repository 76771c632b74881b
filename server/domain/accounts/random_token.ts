// Random tokens that stand for a person: 64 characters, of which only the SHA-256 is kept.
import { createHash, randomBytes } from "node:crypto";

/** A new token of 256 random bits. */
export function generateToken(): string {
  return randomBytes(32).toString("hex");
}

/** What is kept of a token. */
export function tokenHash(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
