// What callers query with: a pool, or a transaction of it, each with the time left to the request it belongs to. A
// statement that is asked for through a handle has the pool's limits; there is no other way to ask for one.
import type postgres from "postgres";
import type { Connection } from "./connection.ts";
import type { Driver, DriverQuery, Types } from "./driver.ts";
import { ConnectionError } from "./connection_error.ts";
import type { TimeBudget } from "./deadlines.ts";
import type { Pool } from "./pool.ts";
import { traceQueries } from "./query_spans.ts";
import { Statement } from "./statement.ts";
import { COMMIT_GRACE, type TimeLimits } from "./time_limits.ts";

/** A pool or a transaction. Of the driver's members only the ways to build statements and parameters are there. */
export type Db = postgres.ISql<Types>;

/** A pool. */
export type Database = Db & {
  /** Runs `work` in a transaction, of a mode such as "isolation level repeatable read". */
  begin<T>(work: (db: Db) => Promise<T>): Promise<T>;
  begin<T>(mode: string, work: (db: Db) => Promise<T>): Promise<T>;
  /** Takes a connection out of the pool until `release`. */
  reserve(): Promise<ReservedConnection>;
  /** Finishes what runs and closes the connections; after `timeout` seconds, without waiting. */
  end(options?: { timeout?: number }): Promise<void>;
};

/** A connection for one caller. Its statements have no transaction but what the caller begins. */
export type ReservedConnection = Db & {
  release(): void;
  /** The same connection for statements that may take longer. The limits of the server's session stay as they are. */
  limitedBy(limits: TimeLimits): ReservedConnection;
};

type Work = (db: Db) => Promise<unknown>;

/** What a handle works on. */
interface Inside {
  pool: Pool;
  driver: Driver;
  budget: TimeBudget | null;
  /** The transaction it belongs to; null outside. */
  transaction: Transaction | null;
}

interface Transaction {
  connection: Connection;
  savepoints: number;
  /** The error that ended it; nothing is sent afterwards. */
  endedBy: unknown;
}

/** What of a transaction or savepoint cannot be undone but with the whole of it. */
interface Scope {
  failedBy: unknown;
}

const inside = Symbol("inside");

/** Builds the handle of a pool. */
export function openHandle(pool: Pool, driver: Driver, budget: TimeBudget | null = null): Database {
  const within: Inside = { pool, driver, budget, transaction: null };
  return build(within, (query) => pool.run(query, budget), {
    begin: (...args: [Work] | [mode: string, Work]) =>
      args.length === 1 ? runWhole(within, "", args[0]) : runWhole(within, args[0], args[1]),
    reserve: () => reserve(within),
    end: (options?: { timeout?: number }) => pool.end(options),
  }) as Database;
}

/**
 * The same pool for work with a time of its own, such as a request.
 *
 * @param budget the time left to it
 */
export function withBudget(db: Database, budget: TimeBudget): Database {
  const { pool, driver } = insideOf(db);
  return openHandle(pool, driver, budget);
}

/** The pool of a handle, as the key of what its users share. */
export function poolOf(db: Db): Pool {
  return insideOf(db).pool;
}

/** The time left to the work that a handle is for; null without a limit. */
export function budgetOf(db: Db): TimeBudget | null {
  return insideOf(db).budget;
}

export function isInTransaction(db: Db): boolean {
  return insideOf(db).transaction !== null;
}

/** Runs `work` in a transaction; inside a transaction, under a savepoint of it. */
export async function runTransaction<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  const within = insideOf(db);
  return within.transaction
    ? await runSavepoint(within, within.transaction, work)
    : await (db as Database).begin(work);
}

async function runWhole<T>(within: Inside, mode: string, work: (db: Db) => Promise<T>): Promise<T> {
  const { pool, budget } = within;
  const connection = await pool.acquire(budget);
  const transaction: Transaction = { connection, savepoints: 0, endedBy: null };
  const own: Inside = { ...within, transaction };
  let last: Statement | null = null;
  try {
    await send(own, `begin ${mode}`.trim(), { failedBy: null });
    const result = await runScope(own, work);
    last = new Statement(queryOf(within.driver.unsafe("commit")), pool.options.limits, budget, COMMIT_GRACE);
    const { command } = await sendStatement(last, connection) as { command: string };
    // The server answers the commit of a failed transaction with this, and no error.
    if (command !== "COMMIT") throw new Error(`the transaction ended with ${command}`);
    transaction.endedBy = new ConnectionError("CONNECTION_CLOSED");
    return result;
  } catch (error) {
    transaction.endedBy = error;
    if (!connection.lostBy) {
      last = new Statement(queryOf(within.driver.unsafe("rollback")), pool.options.limits, null);
      sendStatement(last, connection).catch(() => {});
    }
    throw error;
  } finally {
    // A statement that was not answered in time is still under way; what was sent after it ends later.
    if (last) last.onEnded(() => pool.release(connection));
    else pool.release(connection);
  }
}

async function runSavepoint<T>(
  within: Inside,
  transaction: Transaction,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const name = `s${transaction.savepoints++}`;
  const scope: Scope = { failedBy: null };
  await send(within, `savepoint ${name}`, scope);
  try {
    return await runScope(within, work);
  } catch (error) {
    if (!transaction.connection.lostBy) await send(within, `rollback to ${name}`, scope);
    throw error;
  }
}

/** Runs the work of a transaction or savepoint. It fails when a statement failed, also where the work ignored that. */
async function runScope<T>(within: Inside, work: (db: Db) => Promise<T>): Promise<T> {
  const scope: Scope = { failedBy: null };
  try {
    const result = await work(build(within, (query) => runInTransaction(within, scope, query), {}));
    if (scope.failedBy) throw scope.failedBy;
    return result;
  } catch (error) {
    // in_failed_sql_transaction: the cause is the statement that failed before.
    const isConsequence = error instanceof Error && "code" in error && error.code === "25P02";
    throw isConsequence && scope.failedBy ? scope.failedBy : error;
  }
}

function runInTransaction({ pool, budget, transaction }: Inside, scope: Scope, query: DriverQuery): void {
  const { connection, endedBy } = transaction!;
  if (endedBy) return query.reject(endedBy);
  const reject = query.reject;
  query.reject = (error) => {
    scope.failedBy ??= error;
    reject(error);
  };
  const statement = new Statement(query, pool.options.limits, budget);
  if (!statement.isEnded && !isControl(query)) pool.contention.admit(statement);
  statement.sendOn(connection);
}

/** Whether a statement controls the transaction itself, which never waits for others. */
function isControl({ strings }: DriverQuery): boolean {
  return strings.length === 1 && /^(?:begin[a-z ]*|savepoint \w+|rollback to \w+)$/.test(strings[0]);
}

/** Sends a statement of the transaction itself. */
async function send(within: Inside, text: string, scope: Scope): Promise<void> {
  const query = within.driver.unsafe(text);
  queryOf(query).handler = (query) => runInTransaction(within, scope, query);
  await query;
}

function sendStatement(statement: Statement, connection: Connection): Promise<unknown> {
  const query = statement.query as DriverQuery & PromiseLike<unknown>;
  query.handler = () => statement.sendOn(connection);
  return Promise.resolve(query);
}

async function reserve(within: Inside): Promise<ReservedConnection> {
  const { pool, budget } = within;
  const connection = await pool.acquire(budget);
  const limitedBy = (limits: TimeLimits): ReservedConnection =>
    build(within, (query) => new Statement(query, limits, budget).sendOn(connection), {
      release: () => pool.release(connection),
      limitedBy,
    }) as ReservedConnection;
  return limitedBy(pool.options.limits);
}

/**
 * Builds a handle.
 *
 * @param run runs a query
 * @param members what the handle has besides the ways to build a statement
 */
function build(within: Inside, run: DriverQuery["handler"], members: Record<string, unknown>): Db {
  const { driver } = within;
  const prepare = (built: unknown): unknown => {
    if (isQuery(built)) built.handler = run;
    return built;
  };
  const handle = new Proxy(driver, {
    apply: (target, self, args) => prepare(Reflect.apply(target as unknown as () => unknown, self, args)),
    get(target, name) {
      if (name === inside) return within;
      if (name === "unsafe") {
        return (...args: Parameters<Driver["unsafe"]>) => prepare(target.unsafe(...args));
      }
      if (name === "json" || name === "array" || name === "typed" || name === "types") {
        return Reflect.get(target, name);
      }
      return typeof name === "string" && Object.hasOwn(members, name) ? members[name] : undefined;
    },
  }) as unknown as Db;
  return traceQueries(handle);
}

function insideOf(db: Db): Inside {
  return (db as unknown as { [inside]: Inside })[inside];
}

function queryOf(query: unknown): DriverQuery {
  return query as DriverQuery;
}

function isQuery(value: unknown): value is DriverQuery {
  return typeof value === "object" && value !== null && "handler" in value && "reject" in value;
}
