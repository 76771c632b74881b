// Every rate limit of the server, built from the configuration and used by REST, tRPC and pages alike.
import type { Environment } from "../config.ts";
import type { FreeAttempts } from "./attempt_counter.ts";
import { foldEmail } from "../domain/email_address.ts";
import type { Limit } from "./rate_limiter.ts";

const MINUTE = 60_000;

/** The limits; null where the configuration is `off`. */
export interface Limits {
  /** Public calls, by address. */
  public: Limit | null;
  /** Administration, by session or token. */
  administrator: Limit | null;
  /** Heartbeats of one activation, on top of the limit on its address. */
  heartbeat: Limit | null;
  /** Sign-ins of users, by address. */
  signIn: Limit | null;
  /** Links mailed to one mailbox; `perMailbox` finds its subject. */
  mail: Limit | null;
  /** License calls of one user. */
  license: Limit | null;
  /** Device calls of one user. */
  device: Limit | null;
  /** Wrong credentials of any kind, by address; right ones do not count and are not limited. */
  wrongCredentials: Limit | null;
  /** Sign-ins of administrators, by address. */
  administratorSignIn: Limit | null;
  /** Passwords and codes of one account that may be wrong before the next attempt has to wait; links do not count. */
  attempts: FreeAttempts | null;
}

type LimitConfig = Pick<
  Environment,
  | "RATE_LIMIT_PUBLIC"
  | "RATE_LIMIT_ADMIN"
  | "RATE_LIMIT_HEARTBEAT"
  | "RATE_LIMIT_AUTH"
  | "RATE_LIMIT_LICENSE"
  | "RATE_LIMIT_DEVICE"
  | "RATE_LIMIT_FAILURES"
>;

/** The limits of the configuration, whose figures are calls a minute. */
export function createLimits(config: LimitConfig): Limits {
  const window = (name: string, max: number | null): Limit | null =>
    max === null ? null : { name, kind: "window", max, windowMs: MINUTE };
  // While Redis is unavailable each process counts for itself, so each allows half as many sign-ins.
  const signIn = (name: string, factor: number, windowMs = MINUTE): Limit | null => {
    if (config.RATE_LIMIT_AUTH === null) return null;
    const max = factor * config.RATE_LIMIT_AUTH;
    return { name, kind: "window", max, windowMs, maxWithoutRedis: Math.ceil(max / 2) };
  };
  const heartbeats = config.RATE_LIMIT_HEARTBEAT;
  return {
    public: window("ip", config.RATE_LIMIT_PUBLIC),
    administrator: window("admin", config.RATE_LIMIT_ADMIN),
    heartbeat: heartbeats === null
      ? null
      : { name: "heartbeat", kind: "bucket", max: 2 * heartbeats, intervalMs: MINUTE / heartbeats },
    signIn: signIn("sign-in", 1),
    mail: signIn("mail", 1, 15 * MINUTE),
    license: window("license", config.RATE_LIMIT_LICENSE),
    device: window("device", config.RATE_LIMIT_DEVICE),
    wrongCredentials: config.RATE_LIMIT_FAILURES === null ? null : {
      name: "wrong credentials",
      kind: "window",
      max: config.RATE_LIMIT_FAILURES,
      windowMs: MINUTE,
      maxWithoutRedis: Math.ceil(config.RATE_LIMIT_FAILURES / 2),
    },
    administratorSignIn: signIn("admin sign-in", 1),
    attempts: config.RATE_LIMIT_AUTH === null
      ? null
      : { network: config.RATE_LIMIT_AUTH, account: 4 * config.RATE_LIMIT_AUTH },
  };
}

/** A limit as a list, empty where it is off. */
export function listOf(limit: Limit | null): Limit[] {
  return limit ? [limit] : [];
}

/**
 * The limit on mail to an address. Addresses that differ in what the mailbox ignores count together, so that no one is sent
 * any amount of mail by inventing some: a tag after "+" at any provider, and dots at Gmail. They stay different accounts.
 */
export function perMailbox({ mail }: Limits, email: string): [limit: Limit, subject: string][] {
  return mail ? [[mail, mailboxOf(email)]] : [];
}

function mailboxOf(email: string): string {
  const address = foldEmail(email);
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  const name = address.slice(0, Math.max(at, 0)).replace(/(?<=.)\+.*$/, "");
  return domain === "gmail.com" || domain === "googlemail.com"
    ? `${name.replaceAll(".", "")}@gmail.com`
    : `${name}@${domain}`;
}
