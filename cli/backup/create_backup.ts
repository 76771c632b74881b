// Saves a database to a file in a folder, and deletes the oldest files beyond those to keep.
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { dumpDatabase, prepareSnapshot } from "../../db/backup/dump.ts";
import { reasonOf, writeEncrypted } from "../../db/backup/encrypted_file.ts";
import { BackupError } from "../../db/backup/format.ts";
import { connect, transaction } from "../../db/connect.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { advanceJobCursor } from "../../server/domain/job_cursors.ts";
import { BACKUP_JOB } from "../../server/domain/monitoring/system_state.ts";
import { saveErasures } from "./erasures_file.ts";

export interface BackupOptions {
  databaseUrl: string;
  folder: string;
  /** A passphrase, or an age recipient. */
  key: string;
  /** How many of the folder's backups remain, the newest; null keeps all. */
  keep: number | null;
  programVersion: string;
}

export interface CreatedBackup {
  path: string;
  bytes: number;
  tables: number;
  rows: number;
  /** Backups that were deleted. */
  deleted: string[];
}

/** A complete backup: "latchkey-20261125T120000Z.sql.zst.age". */
const fileName = /^latchkey-\d{8}T\d{6}Z\.sql\.zst\.age$/;
/** Milliseconds after which an unfinished file was left by a process that was killed. */
const LEFT_OVER = 24 * 3_600_000;

/**
 * Makes a backup.
 *
 * @throws BackupError when the database has no schema or the file cannot be written; there is no new file then
 */
export async function createBackup(options: BackupOptions): Promise<CreatedBackup> {
  const { folder } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new BackupError(`The folder ${folder} cannot be used: ${reasonOf(error)}`);
  });
  const db = connect(options.databaseUrl, { max: 2, name: "latchkey backup", limits: timeLimits.copy });
  try {
    const [{ now, migrations }] = await db<{ now: Date; migrations: string | null }[]>`
      select now(), to_regclass('public.migrations')::text as migrations`;
    if (!migrations) {
      throw new BackupError("The database is empty: there is nothing to back up. Check DATABASE_URL.");
    }
    const path = join(folder, `latchkey-${now.toISOString().replace(/[-:]|\.\d+/g, "")}.sql.zst.age`);
    await stat(path).then(
      () => Promise.reject(new BackupError(`${path} exists already. Run it again in a second.`)),
      () => {},
    );
    let tables = 0;
    let rows = 0;
    const { bytes } = await transaction(db, async (tx) => {
      await prepareSnapshot(tx);
      const content = dumpDatabase(tx, options.programVersion, (table) => {
        tables++;
        rows += table.rows;
      });
      return await writeEncrypted(path, options.key, content);
    });
    await saveErasures(db, folder);
    // For the metrics. The backup is complete also where its role may not write.
    await advanceJobCursor({ db, now }, BACKUP_JOB).catch(() => {});
    return { path, bytes, tables, rows, deleted: await deleteOldest(folder, options.keep, now) };
  } finally {
    await db.end({ timeout: 1 });
  }
}

/** The complete backups of a folder, the oldest first. */
async function listBackups(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => fileName.test(name)).sort();
}

/** Deletes the oldest backups, and what killed processes left; no other files. */
async function deleteOldest(folder: string, keep: number | null, now: Date): Promise<string[]> {
  for (const name of await readdir(folder)) {
    const isUnfinished = name.endsWith(".part") && fileName.test(name.slice(0, -".part".length));
    if (!isUnfinished) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (now.getTime() - mtimeMs > LEFT_OVER) await rm(path, { force: true });
  }
  if (keep === null) return [];
  const old = (await listBackups(folder)).slice(0, -keep);
  for (const name of old) await rm(join(folder, name), { force: true });
  return old;
}
