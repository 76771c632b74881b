// Tries a backup: restores it into a database made for that, reads that one as a backup is made, and compares the rows.
import { randomBytes } from "node:crypto";
import { dumpDatabase, prepareSnapshot } from "../../db/backup/dump.ts";
import { readEncrypted } from "../../db/backup/encrypted_file.ts";
import { BackupError, type TableDigest } from "../../db/backup/format.ts";
import { loadBackup } from "../../db/backup/load.ts";
import { quoteName } from "../../db/backup/tables.ts";
import { connect, type Database, transaction } from "../../db/connect.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { migrate } from "../../db/migrate.ts";
import { checkBackup } from "./check_backup.ts";

export interface VerifiedBackup {
  madeAt: Date;
  programVersion: string;
  tables: TableDigest[];
}

/**
 * Restores a backup into a scratch database on the server of `databaseUrl`, compares it, and drops it.
 *
 * @throws BackupError when the backup cannot be restored as it was saved
 */
export async function verifyBackup(
  { databaseUrl, path, key }: { databaseUrl: string; path: string; key: string },
): Promise<VerifiedBackup> {
  const { header, tables: saved } = await checkBackup(path, key);
  const restored = await withScratchDatabase(databaseUrl, async (db) => {
    await migrate(db, { until: header.migrations.at(-1)?.name ?? "" });
    await readEncrypted(path, key, (source) => loadBackup(db, source, { idGap: 0 }));
    return await digestTables(db);
  });
  const differing = saved.filter((table) => {
    const found = restored.find(({ name }) => name === table.name);
    return found?.rows !== table.rows || found.sha256 !== table.sha256;
  });
  if (differing.length > 0 || restored.length !== saved.length) {
    throw new BackupError(
      `Restored, ${path} differs from what was saved, in ${differing.map(({ name }) => name).join(", ")}.`,
    );
  }
  return { madeAt: new Date(header.madeAt), programVersion: header.programVersion, tables: saved };
}

/** The rows of each table and their hash. */
export async function digestTables(db: Database): Promise<TableDigest[]> {
  const tables: TableDigest[] = [];
  await transaction(db, async (tx) => {
    await prepareSnapshot(tx);
    // Only read for its digests.
    for await (const _ of dumpDatabase(tx, "", (table) => tables.push(table)));
  });
  return tables;
}

/** Runs `work` on a new database, which is dropped afterwards. */
async function withScratchDatabase<T>(databaseUrl: string, work: (db: Database) => Promise<T>): Promise<T> {
  const name = `latchkey_verify_${randomBytes(6).toString("hex")}`;
  const server = connect(databaseUrl, { max: 1, name: "latchkey verify", limits: timeLimits.copy });
  try {
    await server.unsafe(`create database ${quoteName(name)} template template0`).catch((error) => {
      throw new BackupError(
        `A database to restore into cannot be created: ${error.message}. ` +
          "Give the role of DATABASE_URL the right to (alter role … createdb), or name another server.",
      );
    });
    const url = new URL(databaseUrl);
    url.pathname = `/${name}`;
    const db = connect(url.href, { max: 2, name: "latchkey verify", limits: timeLimits.copy });
    try {
      return await work(db);
    } finally {
      await db.end({ timeout: 1 });
      await server.unsafe(`drop database if exists ${quoteName(name)} with (force)`);
    }
  } finally {
    await server.end({ timeout: 1 });
  }
}
