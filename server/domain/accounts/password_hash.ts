// Passwords: Argon2id (RFC 9106) with the parameters OWASP recommends. Checking one that nobody has takes as long as
// checking one that somebody has, so that the time tells nothing.
import { Algorithm, hash, verify } from "@node-rs/argon2";
import { refuse } from "../errors.ts";

export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 256;

const options = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes under way at once at most: each takes 19 MiB and a core for a moment, and sign-ins come in waves. */
const AT_ONCE = 4;
let underWay = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (underWay >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else underWay++;
  try {
    return await work();
  } finally {
    // The turn is handed on, or given back.
    const next = waiting.shift();
    if (next) next();
    else underWay--;
  }
}

/** One password, typed on two keyboards, is one password (NIST SP 800-63B, 5.1.1.2). */
function normalize(password: string): string {
  return password.normalize("NFKC");
}

/**
 * The hash to keep of a password.
 *
 * @throws DomainError `INVALID_REQUEST` when it is too short or too long
 */
export function hashPassword(password: string): Promise<string> {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
    refuse("INVALID_REQUEST", {
      field: "password",
      reason: length < SHORTEST_PASSWORD ? "too_small" : "too_large",
      minimum: SHORTEST_PASSWORD,
      maximum: LONGEST_PASSWORD,
    });
  }
  return inTurn(() => hash(normalize(password), options));
}

/** The hash of a password that nobody knows. */
let nobodys: Promise<string> | undefined;

/**
 * Whether a password is right.
 *
 * @param passwordHash null where there is none, which no password matches and takes as long
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  nobodys ??= hash(crypto.randomUUID(), options);
  const against = passwordHash ?? await nobodys;
  const right = await inTurn(() => verify(against, normalize(password)));
  return right && passwordHash !== null;
}
