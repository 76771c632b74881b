// How long work may take in the database, by the kind of work. Every pool has limits: the server enforces those on locks
// and statements, this process the others, because a server that hangs enforces none.

/** Milliseconds. */
export interface TimeLimits {
  /** Until a new connection can be used. */
  connect: number;
  /** The server's `lock_timeout`; 0: none. */
  lock: number;
  /** The server's `statement_timeout`; 0: none. */
  statement: number;
  /** From asking for a statement to its answer, the wait for a connection included. */
  answer: number;
}

/** What a commit may take beyond the time of a request: the less often its outcome stays unknown. Milliseconds. */
export const COMMIT_GRACE = 300;

/**
 * Requests: all statements of one share `timeout`, so that it is answered within 3 seconds by default. A lock may take
 * longer than the second for which a migration may stall a table.
 */
export function requestLimits(timeout: number): TimeLimits {
  return { connect: Math.min(timeout, 1000), lock: timeout * 0.8, statement: timeout * 0.9, answer: timeout };
}

export const timeLimits = {
  /** Writes of the server that many requests share, such as heartbeats: two in turn stay within a request's time. */
  batch: { connect: 1000, lock: 1200, statement: 1300, answer: 1400 },
  /** Health checks and readiness. */
  check: { connect: 700, lock: 500, statement: 700, answer: 800 },
  /** The pings of the change listener. Later than that it reconnects. */
  ping: { connect: 2000, lock: 1500, statement: 1500, answer: 2000 },
  /** Jobs that run every few seconds: relaying events, claiming and recording deliveries and mail, leases. */
  job: { connect: 2000, lock: 3000, statement: 10_000, answer: 12_000 },
  /** Reads from a replica: then the primary is asked, within the same request. */
  replica: { connect: 500, lock: 1000, statement: 1100, answer: 1200 },
  /** Imports and exports in the server: one page of rows, or the wait for another import. */
  transfer: { connect: 1000, lock: 5000, statement: 60_000, answer: 65_000 },
  /** In the worker: imports, statistics, detection of anomalies, sweeps. */
  long: { connect: 5000, lock: 20_000, statement: 300_000, answer: 310_000 },
  /** Starting and commands of an operator. */
  start: { connect: 5000, lock: 5000, statement: 30_000, answer: 35_000 },
  /** The first connections to a database that was started a moment ago, by a machine that may still be busy with that. */
  setup: { connect: 30_000, lock: 5000, statement: 60_000, answer: 95_000 },
  /** Backups, restores and re-encryption: a statement copies a whole table. */
  copy: { connect: 5000, lock: 30_000, statement: 0, answer: 24 * 3_600_000 },
  /** A migration in a transaction. It sets its own limits on locks and statements. */
  migration: { connect: 5000, lock: 0, statement: 0, answer: 70_000 },
  /** A statement of a migration outside of a transaction: an index on a large table may take hours. */
  build: { connect: 5000, lock: 0, statement: 0, answer: 24 * 3_600_000 },
} as const satisfies Record<string, TimeLimits>;
