// Password hashes of users and administrators: Argon2id (RFC 9106) with the parameters of the OWASP Password Storage
// Cheat Sheet.
import type { Algorithm } from "@node-rs/argon2";
import { lazy } from "../lazy.ts";
import type { Attempt } from "../attempts/attempts.ts";
import { createWorkQueue } from "../work_queue.ts";
import { MAX_PASSWORD_LENGTH, requireStrongPassword } from "./password_rules.ts";

const loadArgon2 = lazy(() => import("@node-rs/argon2"));

/** Of new hashes. Tests that sign in thousands of times lower them. */
export const hashParameters = {
  algorithm: 2 as Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/**
 * Hash computations. Each uses 19 MiB and a processor core for some 50 ms, in a thread of its own: the native module has as
 * many threads as are asked for, so this queue alone keeps a core free for everything else.
 */
export const passwordQueue = createWorkQueue("passwords", {
  concurrency: Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)),
  maxWaiting: 150,
  duration: 50,
});

/** Keyboards encode the same characters differently (NIST SP 800-63B, section 5.1.1.2). */
function normalize(password: string): string {
  return password.normalize("NFKC");
}

/** The account a new password is for. */
export interface PasswordAccount {
  email: string;
  name: string;
  /** Only for demo data: its passwords are published, and no production server starts with them. */
  isDemo?: boolean;
}

/**
 * Hashes a new password.
 *
 * @throws DomainError `INVALID_REQUEST` when it is too short, too long or too easy to guess, `OVERLOADED`
 */
export async function hashPassword(password: string, account: PasswordAccount): Promise<string> {
  if (!account.isDemo) await requireStrongPassword(password, [account.email, account.name]);
  const argon2 = await loadArgon2();
  return await passwordQueue.run(() => argon2.hash(normalize(password), hashParameters));
}

/** The hash of a random password, for accounts that do not exist. */
let unknownPasswordHash: Promise<string> | undefined;

/**
 * Whether a password matches its hash. The computation takes the same time when there is no hash, so that the response
 * time does not reveal which accounts exist.
 *
 * @param attempt what limits the account's attempts; a client that leaves takes its own out of the queue
 * @param passwordHash null when there is no such account, or it has no password; the result is then false
 * @throws DomainError `OVERLOADED`
 */
export async function verifyPassword(
  attempt: Attempt,
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  if ([...password].length > MAX_PASSWORD_LENGTH) return false;
  const argon2 = await loadArgon2();
  unknownPasswordHash ??= argon2.hash(crypto.randomUUID(), hashParameters);
  const expected = passwordHash ?? await unknownPasswordHash;
  const matches = await passwordQueue.run(
    () => argon2.verify(expected, normalize(password)),
    attempt.signal,
  );
  return matches && passwordHash !== null;
}
