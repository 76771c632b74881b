// The one way to PostgreSQL: a pool whose types are those of our tables. Days stay text ("2026-01-31"), because a
// day has no zone; ids are numbers, because they stay far below 2^53.
import postgres from "postgres";
import { guarded, type Line, within } from "./lost_connection.ts";

type Types = { bigint: number; date: string };

/** A pool of connections. */
export type Database = postgres.Sql<Types>;
/** A pool or a transaction: whatever a statement can be sent through. */
export type Db = Database | postgres.TransactionSql<Types>;
/** A piece of SQL to be put into another statement. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

export const PostgresError = postgres.PostgresError;

/**
 * Opens a pool.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param options `max`: connections at most; `name`: how the connections are called in `pg_stat_activity`
 */
export function connect(url: string, options: { max: number; name: string }): Database {
  return postgres(url, {
    max: options.max,
    connect_timeout: 5,
    idle_timeout: 300,
    // A database that comes back is found at once, and one that is away is noticed by many tries that fail.
    backoff: () => 0.1,
    onnotice: () => {},
    connection: {
      application_name: options.name,
      TimeZone: "UTC",
      // Whoever forgets a transaction loses it, and not the pool.
      idle_in_transaction_session_timeout: 30_000,
    },
    transform: { column: { from: postgres.toCamel } },
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      date: { to: 1082, from: [1082], serialize: String, parse: String },
    },
  });
}

/** The lines of transactions under way, by what their work was handed. */
const lines = new WeakMap<Db, Line>();

/** Runs `work` in a transaction; inside one already, it joins it under a savepoint. */
export async function transaction<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  const line: Line = lines.get(db) ?? { lost: null };
  const inside = (tx: postgres.TransactionSql<Types>) => {
    const safe = guarded(tx, line);
    lines.set(safe, line);
    return within(line, () => work(safe));
  };
  if (line.lost) throw line.lost;
  if ("savepoint" in db) return await db.savepoint(inside) as T;
  try {
    return await db.begin(inside) as T;
  } catch (error) {
    line.lost ??= error as Error;
    throw error;
  }
}

const lostConnection = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
]);

/**
 * Whether an error says that the database cannot be reached or takes no work at present (SQLSTATE classes 08, 53 and
 * 57P), so that trying again later makes sense.
 */
export function isUnavailable(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return lostConnection.has(code) || /^(08|53|57P)/.test(code);
}
