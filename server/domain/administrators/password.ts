// Administrators' passwords, kept as Argon2id (RFC 9106). Checking one takes as long for an unknown address as for a
// known one.
import { hash, verify } from "@node-rs/argon2";
import { refuse } from "../errors.ts";

const SHORTEST = 8;
const LONGEST = 1024;

/** What a password is compared with when there is none to compare it with. */
let nobodys: Promise<string> | undefined;

/** Hashes a password with a salt of its own. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(password);
}

/**
 * Whether a password is the one that was hashed.
 *
 * @param known null when there is no such account: it takes as long, and is never right
 */
export async function checkPassword(known: string | null, password: string): Promise<boolean> {
  nobodys ??= hash(crypto.randomUUID());
  const matches = await verify(known ?? await nobodys, password.slice(0, LONGEST));
  return known !== null && matches && password.length <= LONGEST;
}

/** Refuses a password that is too short to be one. */
export function requirePassword(password: string): void {
  if (password.length >= SHORTEST && password.length <= LONGEST) return;
  refuse("INVALID_REQUEST", {
    field: "password",
    reason: password.length < SHORTEST ? "too_small" : "too_large",
    minimum: SHORTEST,
    maximum: LONGEST,
  });
}
