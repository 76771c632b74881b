// What counts the attempts to sign in to an account, across all processes; implemented by server/request.

/** What is counted: the failures of an account from one network, and from all. */
export interface AttemptKeys {
  network: string;
  account: string;
}

/** The failures including the attempt that was begun, or how long none may begin. */
export type BegunAttempt = { networkFailures: number; accountFailures: number } | { retryAfterMs: number };

/** Counts attempts across all processes. Counts are kept for a day after the last failure. */
export interface AttemptCounter {
  /** Counts an attempt as failed before its secret is checked, so that concurrent ones are limited too. */
  begin(keys: AttemptKeys, options: { isKnownHere: boolean; now: Date }): Promise<BegunAttempt>;
  /** The secret was right: the failures of this network are forgotten. */
  succeed(keys: AttemptKeys): Promise<void>;
  /** No secret was checked: the attempt is not counted. */
  undo(keys: AttemptKeys): Promise<void>;
  /** Counts a wrong code beside a right password; resolves to their number. */
  countWrongCode(keys: AttemptKeys): Promise<number>;
  /** Tells the account's owner, in a transaction of its own. */
  report(failures: FailedAttempts): void;
}

/** Failures that the owner of an account is notified of. */
export interface FailedAttempts {
  kind: "administrator" | "user";
  email: string;
  /** `code`: the password was right. */
  factor: "password" | "code";
  failures: number;
  address: string;
  at: Date;
}
