// Connections to PostgreSQL: pools, transactions, and what errors mean. A `date` is read as text ("2026-01-31"), because a
// day has no time zone, and a `bigint` as a number, because ids stay far below 2^53.
import postgres from "postgres";
import { ConnectionError, isReadOnly } from "./connection_error.ts";
import { createDriver } from "./driver.ts";
import { type Database, type Db, isInTransaction, openHandle, poolOf, runTransaction } from "./handles.ts";
import { Pool, type PoolUsage } from "./pool.ts";
import { type TimeLimits, timeLimits } from "./time_limits.ts";

export { isInTransaction };
export type { Database, Db };
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
 * Has a statement planned for the values it is run with. A prepared statement is planned for any value after a few runs,
 * which costs a list dearly: the text that is searched decides whether an index is of use.
 */
export function plannedForValues<Query extends object>(query: Query): Query {
  // The driver's types lack the options of a query; unnamed statements are planned each time.
  Object.assign((query as Query & { options: object }).options, { prepare: false });
  return query;
}

/**
 * Opens a pool. It connects when it is used first.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param options `max`: the maximum number of connections; `name`: their `application_name` in `pg_stat_activity`;
 *   `limits`: how long its statements may take; `planOnce`: whether they are planned once for any values
 */
export function connect(
  url: string,
  { max, name, limits = timeLimits.long, planOnce }: {
    max: number;
    name: string;
    limits?: TimeLimits;
    planOnce?: boolean;
  },
): Database {
  return openHandle(new Pool(url, { max, name, limits, planOnce }), createDriver(url, { name, limits }));
}

/** The use of a pool. */
export function poolUsageOf(db: Db): PoolUsage {
  return poolOf(db).usage;
}

/** How often a transaction runs at most: once more for each of its statements that a migration made invalid. */
const MAX_RUNS = 20;

/**
 * Runs `work` in a transaction; inside a transaction, under a savepoint of it. It runs again when a migration changed the
 * columns that a prepared statement returns, and when PostgreSQL ended it for the sake of another one (a deadlock), so
 * it must have no effect outside the database before it ends.
 */
export async function transaction<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  for (let run = 1;; run++) {
    try {
      return await runTransaction(db, work);
    } catch (error) {
      if (isInTransaction(db) || run === MAX_RUNS || !(isStalePlan(error) || isRolledBack(error))) {
        throw error;
      }
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

/** Whether PostgreSQL ended a transaction so that another one can go on: a deadlock or a failed serialization. */
export function isRolledBack(error: unknown): boolean {
  return error instanceof PostgresError && /^40(001|P01)$/.test(error.code);
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

/** Whether an error means that the connection it happened on is of no use any more. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof Error) || !("code" in error)) return false;
  const code = String(error.code);
  if (error instanceof PostgresError) return /^(08|57P0[1-5]|25P0[34])/.test(code) || isReadOnly(error);
  // The driver notes on an error which query it ended.
  return driverErrors.has(code) || (systemErrors.has(code) && "query" in error);
}

/**
 * Whether an error means that the database cannot be reached, accepts no work or no writes at present (SQLSTATE 53, 57P,
 * 25006), cannot use its disk (58030), took too long (a lock, 55P03; a statement, 57014) or preferred another transaction
 * (40), so that another attempt can succeed.
 */
export function isUnavailable(error: unknown): boolean {
  if (isConnectionLost(error) || isRolledBack(error)) return true;
  return error instanceof PostgresError && /^(53|57P|57014|55P03|58030)/.test(error.code);
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
