// Applies the migrations of this program to a database. One process migrates at a time; every migration takes effect
// completely or not at all, and a run that was interrupted is continued by the next one.
import { setTimeout as delay } from "node:timers/promises";
import { findOlderPrograms } from "./connected_programs.ts";
import { type Database, isConnectionLost } from "./connect.ts";
import type { ReservedConnection } from "./handles.ts";
import { type Migration, MigrationError, ownProgram, type Program } from "./migration_files.ts";
import { readSchemaState } from "./migration_state.ts";
import { timeLimits } from "./time_limits.ts";
import { concurrentIndexOf, isConcurrent, repeatProblemOf, splitStatements } from "./migration_statements.ts";

/** The key of the advisory lock that a migrating process holds. An arbitrary number. */
const ADVISORY_LOCK = 5_212_025;
/** How often a process that waits for the advisory lock tries to acquire it; milliseconds. */
const ADVISORY_LOCK_POLL = 100;
/**
 * How long a statement of a transactional migration may run; milliseconds. It holds its locks meanwhile. A migration that
 * needs longer belongs outside a transaction, or sets another limit itself.
 */
const STATEMENT_TIMEOUT = 60_000;
/** The longest delay between two attempts; milliseconds. */
const MAX_RETRY_DELAY = 10_000;

/** How often PostgreSQL looks whether the client of a running statement is still there; milliseconds. */
const CLIENT_CHECK_INTERVAL = 1000;

type Connection = ReservedConnection;
type Run = Required<MigrateOptions>;

export interface MigrateOptions {
  /** The program whose migrations are applied; this one by default. */
  program?: Program;
  /** The name of the last migration to apply; all of them by default. */
  until?: string;
  /**
   * How long a statement waits for a lock; milliseconds. While it waits, all later statements on the table queue behind
   * it, so this is how long a migration may stall a table.
   */
  lockTimeout?: number;
  /** The delay before the second attempt at a lock; milliseconds. It doubles with each further attempt. */
  retryDelay?: number;
  /** Attempts at the locks of a migration; by default about five minutes pass before it is given up. */
  maxAttempts?: number;
  /** Called with a sentence when something takes longer. */
  onProgress?: (line: string) => void;
}

/**
 * Applies the migrations that are missing, in the order of their names.
 *
 * @returns the names of the migrations applied now
 * @throws MigrationError when the program cannot work on this schema, or when older programs are connected that could
 *   not work on the schema after a migration
 * @throws Error when a migration fails, with its name
 */
export async function migrate(db: Database, options: MigrateOptions = {}): Promise<string[]> {
  const run = {
    program: options.program ?? ownProgram,
    until: options.until ?? "\uffff",
    lockTimeout: options.lockTimeout ?? 300,
    retryDelay: options.retryDelay ?? 500,
    maxAttempts: options.maxAttempts ?? 35,
    onProgress: options.onProgress ?? (() => {}),
  };
  const connection = (await db.reserve()).limitedBy(timeLimits.migration);
  let isLost = false;
  try {
    await setTimeouts(connection, run.lockTimeout, STATEMENT_TIMEOUT);
    await endWithClient(connection);
    await takeAdvisoryLock(connection, run);
    const state = await retryLocks("the list of migrations", run, async () => {
      await connection`
        create table if not exists migrations (
          name       text primary key,
          hash       text not null,
          requires   text,
          applied_at timestamptz not null default now()
        )`;
      return await readSchemaState(connection, run.program);
    });
    const pending = state.pending.filter(({ name }) => name <= run.until);
    for (const migration of pending) {
      await refuseOlderPrograms(connection, migration);
      await (migration.isTransactional ? applyInTransaction : applyByStatement)(connection, migration, run);
    }
    return pending.map(({ name }) => name);
  } catch (error) {
    isLost = isConnectionLost(error) || error instanceof Error && isConnectionLost(error.cause);
    throw error;
  } finally {
    // The server releases the advisory lock of a connection that is lost.
    if (!isLost) {
      await connection.unsafe(
        "reset lock_timeout; reset statement_timeout; reset client_connection_check_interval",
      );
      await connection`select pg_advisory_unlock(${ADVISORY_LOCK})`;
    }
    connection.release();
  }
}

/** Sets the time-outs of later statements; milliseconds, 0 for none. */
async function setTimeouts(connection: Connection, lock: number, statement: number): Promise<void> {
  await connection.unsafe(
    `set lock_timeout = ${lock};
     set statement_timeout = ${statement}`,
  );
}

/**
 * Makes PostgreSQL end a statement whose client was killed. Otherwise an index build would go on, and the advisory lock
 * with it. Not every operating system can.
 */
async function endWithClient(connection: Connection): Promise<void> {
  await connection.unsafe(`set client_connection_check_interval = ${CLIENT_CHECK_INTERVAL}`).catch(
    (error) => {
      if (isConnectionLost(error)) throw error;
    },
  );
}

/**
 * Waits until no other process migrates. It polls: a session that waits inside `pg_advisory_lock` has a snapshot, for
 * which a concurrent index build in the other process would wait in turn.
 */
async function takeAdvisoryLock(connection: Connection, run: Run): Promise<void> {
  for (let attempt = 0;; attempt++) {
    const [{ acquired }] = await connection<{ acquired: boolean }[]>`
      select pg_try_advisory_lock(${ADVISORY_LOCK}) as acquired`;
    if (acquired) return;
    if (attempt === 0) run.onProgress("Another process migrates this database; waiting for it.");
    await delay(ADVISORY_LOCK_POLL);
  }
}

/** @throws MigrationError when programs are connected that could not work on the schema after a migration */
async function refuseOlderPrograms(connection: Connection, { name, requires }: Migration): Promise<void> {
  const older = await findOlderPrograms(connection, requires);
  if (older.length === 0) return;
  throw new MigrationError(
    `Migration ${name} was not applied: it requires program ${requires} or later, and still connected are programs of ` +
      `version ${older.join(", ")}. Update or stop them, then run it again.`,
  );
}

async function applyInTransaction(
  connection: Connection,
  migration: Migration,
  run: Run,
): Promise<void> {
  await retryLocks(migration.name, run, async () => {
    try {
      await connection.unsafe("begin");
      await connection.unsafe(migration.sql);
      await recordMigration(connection, migration);
      await connection.unsafe("commit");
    } catch (error) {
      if (!isConnectionLost(error)) await connection.unsafe("rollback");
      throw error;
    }
  });
}

async function applyByStatement(
  connection: Connection,
  migration: Migration,
  run: Run,
): Promise<void> {
  const statements = splitStatements(migration.sql);
  for (const statement of statements) {
    const problem = repeatProblemOf(statement);
    if (problem) {
      throw new Error(
        `Migration ${migration.name} runs outside a transaction, so its statements must be repeatable: ${problem} in\n${statement}`,
      );
    }
  }
  for (const statement of statements) {
    await retryLocks(migration.name, run, () => runStatement(connection, statement, run));
  }
  await retryLocks(migration.name, run, () => recordMigration(connection, migration));
}

async function runStatement(
  connection: Connection,
  statement: string,
  run: Run,
): Promise<void> {
  const index = concurrentIndexOf(statement);
  await setTimeouts(connection, isConcurrent(statement) ? 0 : run.lockTimeout, 0);
  try {
    if (index) await dropInvalidIndex(connection, index);
    await connection.limitedBy(timeLimits.build).unsafe(statement);
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    // A failed build leaves an invalid index. It serves no query, but every write maintains it.
    if (index) await dropInvalidIndex(connection, index);
    await setTimeouts(connection, run.lockTimeout, STATEMENT_TIMEOUT);
    throw error;
  }
  await setTimeouts(connection, run.lockTimeout, STATEMENT_TIMEOUT);
}

/** Drops an index that an interrupted or failed concurrent build left. */
async function dropInvalidIndex(connection: Connection, name: string): Promise<void> {
  const invalid = await connection`
    select 1
    from pg_index
    where indexrelid = to_regclass(${name}) and not indisvalid`;
  if (invalid.length > 0) await connection.unsafe(`drop index concurrently if exists ${name}`);
}

async function recordMigration(
  connection: Connection,
  { name, hash, requires }: Migration,
): Promise<void> {
  await connection`
    insert into migrations (name, hash, requires)
    values (${name}, ${hash}, ${requires})`;
}

/** lock_not_available and deadlock_detected: nothing was changed, and another attempt can succeed. */
const retryable = new Set(["55P03", "40P01"]);

/** Does `work` again while it fails because of locks of other transactions. */
async function retryLocks<T>(name: string, run: Run, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof MigrationError) throw error;
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      const message = error instanceof Error ? error.message : String(error);
      if (isConnectionLost(error)) {
        throw new Error(
          `Migration ${name} was interrupted: ${message}. Run it again when PostgreSQL answers.`,
          { cause: error },
        );
      }
      if (!retryable.has(code)) {
        throw new Error(`Migration ${name} failed and was not applied: ${message}`, { cause: error });
      }
      if (attempt >= run.maxAttempts) {
        throw new Error(
          `Migration ${name} was not applied, because other transactions held their locks: ${message}. ` +
            "Find them in pg_stat_activity (the oldest xact_start), let them end, and run it again.",
          { cause: error },
        );
      }
      run.onProgress(`${name} waits for a lock that another transaction holds (attempt ${attempt}).`);
      await delay(Math.min(run.retryDelay * 2 ** (attempt - 1), MAX_RETRY_DELAY));
    }
  }
}
