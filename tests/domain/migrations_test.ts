// Migrations: concurrent migrators, a killed one, edited files, unknown migrations, and statements outside a
// transaction.
import assert from "node:assert/strict";
import { connect, type Database } from "../../db/connect.ts";
import { findOlderPrograms } from "../../db/connected_programs.ts";
import { migrate } from "../../db/migrate.ts";
import { ownProgram } from "../../db/migration_files.ts";
import { findSchemaProblem, readSchemaState } from "../../db/migration_state.ts";
import { cloneStores, createEmptyDatabase } from "../support/database.ts";
import { programWith } from "../support/migrations.ts";
import { eventually, test } from "../support/test.ts";

const retryFast = { lockTimeout: 50, retryDelay: 10 };

/** Opens another pool on the same database. */
function openSecond(url: string): Database {
  return connect(url, { max: 4, name: "tests" });
}

/** Locks a table in an open transaction and returns a function that releases it. */
async function lockTable(db: Database, table: string): Promise<() => Promise<void>> {
  const connection = await db.reserve();
  await connection.unsafe(`begin; lock table ${table} in access share mode`);
  return async () => {
    await connection`rollback`;
    connection.release();
  };
}

/** Process ids of the backends that wait for a lock in this statement. */
async function backendsWaitingFor(db: Database, statement: string): Promise<number[]> {
  const rows = await db<{ pid: number }[]>`
    select pid
    from pg_stat_activity
    where datname = current_database() and query like ${`%${statement}%`} and pid <> pg_backend_pid()
      and wait_event_type = 'Lock'`;
  return rows.map(({ pid }) => pid);
}

async function isIndexValid(db: Database, name: string): Promise<boolean | undefined> {
  const [index] = await db<{ indisvalid: boolean }[]>`
    select indisvalid
    from pg_index
    where indexrelid = to_regclass(${name})`;
  return index?.indisvalid;
}

test("an empty database has a problem, a migrated one has none", async () => {
  const { db } = await createEmptyDatabase();
  assert.match((await findSchemaProblem(db))!, /0001_settings\.sql.*deno task latchkey migrate/);
  assert.ok((await migrate(db)).includes("0001_settings.sql"));
  assert.equal(await findSchemaProblem(db), null);
  assert.deepEqual(await migrate(db), []);
  await db.end();
});

test("of two concurrent migrators one applies each migration, also outside a transaction", async () => {
  const { db, databaseUrl } = await createEmptyDatabase();
  const second = openSecond(databaseUrl);
  const program = await programWith({
    "9001_index.sql": "-- no transaction\ncreate index concurrently if not exists users_x on users (name);\n",
  });
  const results = await Promise.all([migrate(db, { program }), migrate(second, { program })]);
  const [applied] = await db<{ count: number }[]>`
    select count(*) as count
    from migrations`;
  assert.equal(results.flat().length, applied.count);
  assert.equal(results.filter((names) => names.length === 0).length, 1);
  assert.equal(await isIndexValid(db, "users_x"), true);
  await Promise.all([db.end(), second.end()]);
});

test("a killed migrator rolls its migration back, and the next run continues", async () => {
  const { db, databaseUrl } = await cloneStores();
  const killed = openSecond(databaseUrl);
  const program = await programWith({
    "9001_first.sql": "create table first (id bigint);\n",
    "9002_second.sql": "create table second (id bigint);\nalter table settings add column note text;\n",
  });
  const release = await lockTable(db, "settings");
  const failure = migrate(killed, { program, lockTimeout: 60_000 }).then(() => null, (error: Error) => error);
  const [pid] = await eventually(async () => {
    const found = await backendsWaitingFor(db, "alter table settings");
    return found.length > 0 && found;
  });
  await db`select pg_terminate_backend(${pid})`;
  assert.match(
    (await failure)!.message,
    /9002_second\.sql was interrupted: .*Run it again when PostgreSQL answers/,
  );
  await release();
  assert.deepEqual(await migrate(db, { program }), ["9002_second.sql"]);
  assert.equal(await findSchemaProblem(db, program), null);
  await Promise.all([db.end(), killed.end({ timeout: 0 })]);
});

test("a killed index build leaves an invalid index, which the next run rebuilds", async () => {
  const { db, databaseUrl } = await cloneStores();
  const killed = openSecond(databaseUrl);
  const program = await programWith({
    "9001_index.sql":
      "-- no transaction\ncreate index concurrently if not exists settings_x on settings (updated_at);\n",
  });
  // The build waits for an open write transaction.
  const writer = await db.reserve();
  await writer`begin`;
  await writer`insert into settings (name, value) values ('test', '1')`;
  const failure = migrate(killed, { program }).then(() => null, (error: Error) => error);
  const [pid] = await eventually(async () => {
    const found = await backendsWaitingFor(db, "create index concurrently");
    return found.length > 0 && found;
  });
  await db`select pg_terminate_backend(${pid})`;
  assert.match((await failure)!.message, /9001_index\.sql/);
  await writer`rollback`;
  writer.release();
  assert.equal(await isIndexValid(db, "settings_x"), false);
  assert.deepEqual(await migrate(db, { program }), ["9001_index.sql"]);
  assert.equal(await isIndexValid(db, "settings_x"), true);
  await Promise.all([db.end(), killed.end({ timeout: 0 })]);
});

test("an index build that fails leaves no index behind", async () => {
  const { db } = await cloneStores();
  await db`insert into settings (name, value) values ('a', '1'), ('b', '1')`;
  const program = await programWith({
    "9001_index.sql":
      "-- no transaction\ncreate unique index concurrently if not exists settings_x on settings (value);\n",
  });
  await assert.rejects(migrate(db, { program }), /9001_index\.sql/);
  assert.equal(await isIndexValid(db, "settings_x"), undefined);
  await db`delete from settings where name = 'b'`;
  assert.deepEqual(await migrate(db, { program }), ["9001_index.sql"]);
  await db.end();
});

test("an index is built during writes to its table, and no write fails", async () => {
  const { db, databaseUrl } = await cloneStores();
  const writers = openSecond(databaseUrl);
  const program = await programWith({
    "9001_index.sql": "-- no transaction\n-- Two statements; the first has a semicolon in a text.\n" +
      "create index concurrently if not exists settings_x on settings (name) where name <> 'a;b';\n" +
      "create index concurrently if not exists settings_y on settings (updated_at);\n",
  });
  let migrating = true;
  let written = 0;
  const writing = Array.from({ length: 3 }, async (_, writer) => {
    while (migrating || written < 10) {
      const name = `${writer}-${written++}`;
      await writers`
        insert into settings (name, value)
        values (${name}, '1')`;
      await writers`
        update settings
        set value = '2'
        where name = ${name}`;
    }
  });
  await eventually(() => Promise.resolve(written > 5));
  assert.deepEqual(await migrate(db, { program }), ["9001_index.sql"]);
  migrating = false;
  await Promise.all(writing);
  assert.equal(await isIndexValid(db, "settings_x"), true);
  assert.equal(await isIndexValid(db, "settings_y"), true);
  await Promise.all([db.end(), writers.end()]);
});

test("a statement outside a transaction that cannot be repeated is refused before it runs", async () => {
  const { db } = await cloneStores();
  const program = await programWith({
    "9001_index.sql": "-- no transaction\ncreate index concurrently settings_x on settings (updated_at);\n",
  });
  await assert.rejects(migrate(db, { program }), /9001_index\.sql.*if not exists/);
  assert.equal(await isIndexValid(db, "settings_x"), undefined);
  await db.end();
});

test("a migration that cannot get its lock is retried, and fails with advice", async () => {
  const { db, databaseUrl } = await cloneStores();
  const reader = openSecond(databaseUrl);
  const program = await programWith({ "9001_column.sql": "alter table settings add column note text;\n" });
  const release = await lockTable(reader, "settings");
  const progress: string[] = [];
  const migration = {
    program,
    ...retryFast,
    maxAttempts: 3,
    onProgress: (line: string) => progress.push(line),
  };
  await assert.rejects(migrate(db, migration), /9001_column\.sql.*pg_stat_activity/s);
  assert.equal(progress.length, 2);
  await release();
  assert.deepEqual(await migrate(db, migration), ["9001_column.sql"]);
  await Promise.all([db.end(), reader.end()]);
});

test("an applied file that was edited is refused", async () => {
  const { db } = await cloneStores();
  const program = await programWith({ "0004_customers.sql": "create table customers (id bigint);\n" });
  const advice = /0004_customers\.sql was edited after it was applied.*restore/i;
  await assert.rejects(migrate(db, { program }), advice);
  assert.match((await findSchemaProblem(db, program))!, advice);
  await db.end();
});

test("later migrations of a newer version are accepted, unknown ones in between are refused", async () => {
  const { db } = await cloneStores();
  await migrate(db, {
    program: await programWith({ "9001_newer.sql": "create table newer (id bigint);\n" }),
  });
  assert.equal(await findSchemaProblem(db), null);
  assert.deepEqual(await migrate(db), []);
  await db`insert into migrations (name, hash) values ('0002_other.sql', '')`;
  assert.match((await findSchemaProblem(db))!, /0002_other\.sql/);
  await assert.rejects(migrate(db), /0002_other\.sql/);
  await db.end();
});

test("a program starts on a newer schema that works with its version, and says what to install otherwise", async () => {
  const { db } = await cloneStores();
  const older = { ...ownProgram, version: "1.9.0" };
  const newer = await programWith({
    "9001_expand.sql": "-- requires program 1.9.0\ncreate table newer (id bigint);\n",
    "9002_expand.sql": "-- requires program 1.2.0\ncreate table newest (id bigint);\n",
  }, "1.10.0");
  await migrate(db, { program: newer });
  assert.equal(await findSchemaProblem(db, older), null);
  assert.deepEqual(await migrate(db, { program: older }), []);
  assert.deepEqual((await readSchemaState(db, older)).newer.map(({ name }) => name), [
    "9001_expand.sql",
    "9002_expand.sql",
  ]);
  assert.equal(await findSchemaProblem(db, { ...older, version: "1.9.0-rc.1" }), null);

  const tooOld = { ...ownProgram, version: "1.8.12" };
  const sentence =
    "The database is too new for this program: migration 9001_expand.sql requires program 1.9.0 or " +
    "later, and this is 1.8.12. Install 1.9.0 or later.";
  assert.equal(await findSchemaProblem(db, tooOld), sentence);
  await assert.rejects(migrate(db, { program: tooOld }), { message: sentence });
  await db.end();
});

test("a migration that does not say which programs work on its schema is refused", async () => {
  const { db } = await cloneStores();
  const program = await programWith({ "9001_silent.sql": "-- requires program soon\nselect 1;\n" });
  await assert.rejects(migrate(db, { program }), /9001_silent\.sql does not say.*requires program \d/);
  await db.end();
});

test("a migration waits until no server or worker is connected that could not work on its schema", async () => {
  const { db, databaseUrl } = await cloneStores();
  const program = await programWith({
    "9001_contract.sql": "-- requires program 9.9.0\nalter table settings drop column value;\n",
  }, "9.9.0");
  const server = connect(databaseUrl, { max: 1, name: "latchkey checks" });
  await server`select 1`;
  const sentence = new RegExp(
    `9001_contract.sql was not applied: it requires program 9.9.0 or later.* programs of version ${ownProgram.version}. Update or`,
  );
  await assert.rejects(migrate(db, { program }), sentence);
  await server.end();
  await eventually(async () => (await findOlderPrograms(db, "9.9.0")).length === 0);
  assert.deepEqual(await migrate(db, { program }), ["9001_contract.sql"]);
  await db.end();
});

test("whatever lock a migration waits for, it waits as long as its limit and tries again", async () => {
  const { db, databaseUrl } = await cloneStores();
  const other = openSecond(databaseUrl);
  const program = await programWith({
    "9001_index.sql":
      "-- no transaction\ncreate index concurrently if not exists settings_x on settings (updated_at);\n",
  });
  const locked = await other.reserve();
  await locked.unsafe("begin; lock table migrations in access exclusive mode");
  const waits: string[] = [];
  const migration = migrate(db, { program, ...retryFast, onProgress: (line) => waits.push(line) });
  await eventually(() => Promise.resolve(waits.length >= 2));
  await locked`rollback`;
  assert.deepEqual(await migration, ["9001_index.sql"]);
  const [left] = await db<{ lock: string; statement: string }[]>`
    select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement`;
  // Those of the pool.
  assert.deepEqual(left, { lock: "5s", statement: "1min" });
  locked.release();
  await Promise.all([db.end(), other.end()]);
});
