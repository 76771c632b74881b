// Limits on guessing the password or code of an account (NIST SP 800-63B-4, section 3.2.2; OWASP ASVS 5.0, 6.3.1). Each
// failure from a network makes the next attempt from there wait longer. Failures from all networks together make networks
// wait that the account has not signed in from, so that a thousand addresses cannot guess one password and no attacker can
// keep the account's owner out.
import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { DomainError, refuse } from "../errors.ts";
import type { AttemptKeys, FailedAttempts } from "./attempt_counter.ts";

/** The account whose secret is tried. It need not exist. */
export interface AttemptedAccount {
  kind: FailedAttempts["kind"];
  email: string;
  /** Whether it has signed in from the caller's network before, or the caller has a session of it. */
  isKnownHere: boolean;
}

declare const begun: unique symbol;

/** An attempt that has been counted. Functions that check a password or code take one, so that none is unlimited. */
export interface Attempt {
  readonly [begun]: true;
  /** Of the client that waits for the result. */
  readonly signal?: AbortSignal;
}

/** The numbers of failures that are reported: wrong passwords of an account, and wrong codes beside its password. */
const REPORTED: Record<FailedAttempts["factor"], ReadonlySet<number>> = {
  password: new Set([10, 100, 1000]),
  code: new Set([3, 30, 300]),
};

/**
 * Runs work that checks a password or code. Where there is no counter nothing is limited: outside a request, and where the
 * configuration says so.
 *
 * @throws DomainError `RATE_LIMITED` while the account's next attempt from this network has to wait
 */
export async function limitAttempts<T>(
  ctx: Context,
  account: AttemptedAccount,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const attempt = { signal: ctx.abortSignal?.() } as Attempt;
  const { attempts, address } = ctx;
  if (!attempts || address === undefined) return await work(attempt);
  const keys = keysOf(account, address);
  const begun = await attempts.begin(keys, { isKnownHere: account.isKnownHere, now: ctx.now });
  if ("retryAfterMs" in begun) {
    refuse("RATE_LIMITED", { retryAfter: Math.max(1, Math.ceil(begun.retryAfterMs / 1000)) });
  }
  let result: T;
  try {
    result = await work(attempt);
  } catch (error) {
    const factor = wrongFactorOf(error);
    if (factor === null) {
      await attempts.undo(keys);
    } else {
      const failures = factor === "code" ? await attempts.countWrongCode(keys) : begun.accountFailures;
      const { kind, email } = account;
      if (REPORTED[factor].has(failures)) {
        attempts.report({ kind, email, factor, failures, address, at: ctx.now });
      }
    }
    throw error;
  }
  await attempts.succeed(keys);
  return result;
}

/** Accounts are counted by a hash: what was typed as the address may be a password. */
function keysOf({ kind, email }: AttemptedAccount, address: string): AttemptKeys {
  const account = `${kind}:${createHash("sha256").update(foldEmail(email)).digest("base64url")}`;
  return { account, network: `${account}:${address}` };
}

/** Which secret an error says was wrong; null when it says something else, such as that a code is missing. */
function wrongFactorOf(error: unknown): FailedAttempts["factor"] | null {
  if (!(error instanceof DomainError)) return null;
  switch (error.code) {
    case "SIGN_IN_FAILED":
    case "CREDENTIALS_INVALID":
      return "password";
    case "SECOND_FACTOR_REQUIRED":
      return "reason" in error.facts && error.facts.reason === "wrong" ? "code" : null;
    default:
      return null;
  }
}
