// Connections to PostgreSQL: pools, transactions, and which errors mean that the database is unavailable. A `date` is read
// as text ("2026-01-31"), because a day has no time zone, and a `bigint` as a number, because ids stay far below 2^53.
import postgres from "postgres";
import { applicationName } from "./application_name.ts";
import { countUsage } from "./pool_usage.ts";
import { traceQueries } from "./query_spans.ts";
import { guardTransaction, type TransactionState, withoutRollbackOnLoss } from "./lost_connection.ts";

type Types = { bigint: number; date: string };

/** A pool of connections. */
export type Database = postgres.Sql<Types>;
/** A pool or a transaction. */
export type Db = Database | postgres.TransactionSql<Types>;
/** A part of a statement, interpolated into another one. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

export const PostgresError = postgres.PostgresError;

/** The names of the constraint that a statement violated and of its table; empty for other errors. */
export function violatedConstraint(
  { constraint_name, table_name }: postgres.PostgresError,
): { constraint: string; table: string } {
  return { constraint: constraint_name ?? "", table: table_name ?? "" };
}

/**
 * Opens a pool.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param options `max`: the maximum number of connections; `name`: their `application_name` in `pg_stat_activity`,
 *   which has the version as well
 */
export function connect(url: string, options: { max: number; name: string }): Database {
  const pool = postgres(url, {
    max: options.max,
    connect_timeout: 5,
    idle_timeout: 300,
    // Seconds between two attempts to connect: short, so that a restarted database is used again immediately.
    backoff: () => 0.1,
    onnotice: () => {},
    connection: {
      application_name: applicationName(options.name),
      TimeZone: "UTC",
      // Milliseconds. A transaction that is never finished ends, and its connection returns to the pool.
      idle_in_transaction_session_timeout: 30_000,
    },
    transform: { column: { from: postgres.toCamel } },
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      date: { to: 1082, from: [1082], serialize: String, parse: String },
    },
  });
  return countUsage(traceQueries(pool), options.max);
}

/** The state of each transaction in progress; savepoints share that of their transaction. */
const states = new WeakMap<Db, TransactionState>();

/** How often a transaction runs at most: once more for each of its statements that a migration made invalid. */
const MAX_RUNS = 20;

/**
 * Runs `work` in a transaction; inside a transaction, under a savepoint of it. It runs again when a migration changed the
 * columns that a prepared statement returns, so it must have no effect outside the database before it ends.
 */
export async function transaction<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  for (let run = 1;; run++) {
    try {
      return await runTransaction(db, work);
    } catch (error) {
      if ("savepoint" in db || run === MAX_RUNS || !isStalePlan(error)) throw error;
    }
  }
}

/**
 * "cached plan must not change result type". The driver (postgres 3.4) then prepares the statement again and repeats it,
 * which a transaction does not survive.
 */
function isStalePlan(error: unknown): boolean {
  return error instanceof PostgresError && error.code === "0A000" &&
    error.routine === "RevalidateCachedQuery";
}

async function runTransaction<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  const state: TransactionState = states.get(db) ?? { endedBy: null };
  const run = (tx: postgres.TransactionSql<Types>) => {
    const guarded = guardTransaction(traceQueries(tx), state);
    states.set(guarded, state);
    return withoutRollbackOnLoss(state, () => work(guarded));
  };
  if (state.endedBy) throw state.endedBy;
  if ("savepoint" in db) return await db.savepoint(run) as T;
  try {
    return await db.begin(run) as T;
  } catch (error) {
    state.endedBy ??= error as Error;
    throw error;
  }
}

/** Codes of the driver. */
const driverErrors = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
]);
/** Codes of the operating system. Connections of clients, mail and webhooks fail with them as well. */
const systemErrors = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/**
 * Whether an error means that the database cannot be reached or accepts no work at present (SQLSTATE 08, 53 and 57P), so
 * that another attempt can succeed.
 */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  const code = String(error.code);
  if (error instanceof PostgresError) return /^(08|53|57P)/.test(code);
  // The driver notes on an error which query it ended.
  return driverErrors.has(code) || (systemErrors.has(code) && "query" in error);
}

/** Whether a lock was not granted within `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof PostgresError && error.code === "55P03";
}

/** Whether a statement was refused because of a constraint (SQLSTATE 23). */
export function isConstraintViolation(error: unknown): error is postgres.PostgresError {
  return error instanceof PostgresError && error.code.startsWith("23");
}

/**
 * SQLSTATEs of values that a statement cannot take: text, numbers and dates that are malformed or out of range, what a
 * check constraint excludes, and rows too large for an index.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const invalidValues = new Set([
  "22001",
  "22003",
  "22007",
  "22008",
  "22015",
  "22021",
  "22P02",
  "22P03",
  "22P05",
  "23514",
  "54000",
]);

/** Whether a statement was refused because of a value in it. */
export function isInvalidValue(error: unknown): boolean {
  return error instanceof PostgresError && invalidValues.has(error.code);
}
