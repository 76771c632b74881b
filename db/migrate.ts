// Brings a database up to date. A migration is a file of plain SQL, applied once, whole or not at all, and never
// edited afterwards: the hash of what was applied is kept and compared.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Database } from "./connect.ts";

const folder = new URL("./migrations/", import.meta.url);
/** The advisory lock that lets one process migrate while others wait; any number will do if it is ours. */
const lock = 5_212_025;

interface Migration {
  name: string;
  sql: string;
  hash: string;
}

async function migrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(names.map(async (name) => {
    const sql = await readFile(new URL(name, folder), "utf8");
    return { name, sql, hash: createHash("sha256").update(sql).digest("hex") };
  }));
}

/**
 * Applies what is missing, in order, each migration in a transaction of its own.
 *
 * @returns the names of the migrations applied now
 * @throws when an applied migration was edited or is missing from the folder: this program is not the one the
 *   database was made with
 */
export async function migrate(db: Database): Promise<string[]> {
  const connection = await db.reserve();
  try {
    await connection`select pg_advisory_lock(${lock})`;
    await connection`
      create table if not exists migrations (
        name       text primary key,
        hash       text not null,
        applied_at timestamptz not null default now()
      )`;
    const missing = await missingMigrations(connection as unknown as Database);
    for (const migration of missing) {
      await connection.unsafe(
        `begin;\n${migration.sql}\n;insert into migrations (name, hash) values ('${migration.name}', '${migration.hash}');\ncommit;`,
      ).catch(async (error) => {
        await connection`rollback`;
        throw new Error(`Migration ${migration.name} failed and was undone: ${error.message}`, {
          cause: error,
        });
      });
    }
    return missing.map((migration) => migration.name);
  } finally {
    await connection`select pg_advisory_unlock(${lock})`.catch(() => {});
    connection.release();
  }
}

/** Whether every migration of this program is applied. */
export async function isMigrated(db: Database): Promise<boolean> {
  return (await missingMigrations(db).catch(() => null))?.length === 0;
}

async function missingMigrations(db: Database): Promise<Migration[]> {
  const applied = await db<{ name: string; hash: string }[]>`select name, hash from migrations order by name`;
  const known = await migrations();
  for (const { name, hash } of applied) {
    const file = known.find((migration) => migration.name === name);
    if (!file) {
      throw new Error(
        `The database has migration ${name}, which this program does not know: update the program.`,
      );
    }
    if (file.hash !== hash) {
      throw new Error(
        `Migration ${name} was edited after it was applied: restore it and add a new one instead.`,
      );
    }
  }
  return known.filter((migration) => !applied.some((done) => done.name === migration.name));
}
