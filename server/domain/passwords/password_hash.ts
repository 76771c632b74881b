// Password hashes of users and administrators: Argon2id (RFC 9106) with the parameters of the OWASP Password Storage
// Cheat Sheet.
import { Algorithm, hash, verify } from "@node-rs/argon2";
import { MAX_PASSWORD_LENGTH, requireStrongPassword } from "./password_rules.ts";

const options = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hash computations that run at the same time; each uses 19 MiB and a processor core for some milliseconds. */
const MAX_CONCURRENT = 4;
let running = 0;
const waiting: (() => void)[] = [];

async function limitConcurrency<T>(compute: () => Promise<T>): Promise<T> {
  if (running >= MAX_CONCURRENT) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await compute();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

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
 * @throws DomainError `INVALID_REQUEST` when it is too short, too long or too easy to guess
 */
export async function hashPassword(password: string, account: PasswordAccount): Promise<string> {
  if (!account.isDemo) await requireStrongPassword(password, [account.email, account.name]);
  return await limitConcurrency(() => hash(normalize(password), options));
}

/** The hash of a random password, for accounts that do not exist. */
let unknownPasswordHash: Promise<string> | undefined;

/**
 * Whether a password matches its hash. The computation takes the same time when there is no hash, so that the response
 * time does not reveal which accounts exist.
 *
 * @param passwordHash null when there is no such account, or it has no password; the result is then false
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  if ([...password].length > MAX_PASSWORD_LENGTH) return false;
  unknownPasswordHash ??= hash(crypto.randomUUID(), options);
  const expected = passwordHash ?? await unknownPasswordHash;
  const matches = await limitConcurrency(() => verify(expected, normalize(password)));
  return matches && passwordHash !== null;
}
