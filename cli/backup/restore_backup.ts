// Restores a backup into the database of DATABASE_URL.
import { readEncrypted } from "../../db/backup/encrypted_file.ts";
import { BackupError } from "../../db/backup/format.ts";
import { advanceSequences, loadBackup } from "../../db/backup/load.ts";
import { isEmptyDatabase, listSequences } from "../../db/backup/tables.ts";
import { connect, type Database } from "../../db/connect.ts";
import { timeLimits } from "../../db/time_limits.ts";
import { migrate } from "../../db/migrate.ts";
import { ownProgram } from "../../db/migration_files.ts";
import type { Cipher } from "../../server/domain/context.ts";
import { applyErasures } from "../../server/domain/data_protection/erase.ts";
import { type Erasure, findErasures } from "../../server/domain/data_protection/erasures.ts";
import { completeRestore } from "../../server/domain/restores/complete_restore.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { checkBackup, listUnreadable } from "./check_backup.ts";
import { mergeErasures, readErasures, readErasuresBeside } from "./erasures_file.ts";
import { emptyRedis } from "./empty_redis.ts";

export interface RestoreOptions {
  databaseUrl: string;
  path: string;
  /** The passphrase, or the age identity, of the backup. */
  key: string;
  cipher: Cipher;
  /** Its queues and counters belong to another state and are deleted; null: they are left. */
  redisUrl: string | null;
  /** Deletes what is in the database. */
  replace: boolean;
  /** Keeps sessions, links, invitations and recovery codes. */
  keepSignIns: boolean;
  /** Restores although the cipher does not open the stored secrets. */
  acceptUnreadable: boolean;
}

export interface RestoredDatabase {
  madeAt: Date;
  /** Null when PostgreSQL restored them itself. */
  rows: number | null;
  /** Migrations that this version added to those of the backup. */
  migrated: string[];
  ended: { users: number; administrators: number };
  erased: number;
  unreadable: string[];
  /** Keys of Redis that were deleted; what went wrong; null when there was none to empty. */
  redisKeys: number | Error | null;
  activeApiKeys: number;
}

/**
 * How far ids continue after the highest of the backup. Those that were given since then are known to webhook receivers
 * and apps, and must not mean something else.
 */
const ID_GAP = 1_000_000;

/**
 * Restores a backup.
 *
 * @throws BackupError when the backup cannot be used, or the database is in use or not empty; nothing was changed then
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoredDatabase> {
  const { header, end, secrets } = await checkBackup(options.path, options.key);
  const unreadable = listUnreadable(secrets, options.cipher);
  if (unreadable.length > 0 && !options.acceptUnreadable) {
    throw new BackupError(
      `ENCRYPTION_KEY does not open the ${unreadable.join(", ")} of this backup. ` +
        `Set the key that the server had on ${header.madeAt.slice(0, 10)}. Without it they are lost: ` +
        "--accept-unreadable-secrets restores the rest.",
    );
  }
  const db = connect(options.databaseUrl, { max: 2, name: "latchkey restore", limits: timeLimits.copy });
  try {
    await requireUnused(db);
    const isEmpty = await isEmptyDatabase(db);
    if (!isEmpty && !options.replace) {
      throw new BackupError(
        "The database is not empty, and nothing was changed. Name a new database in DATABASE_URL, or run it again " +
          "with --replace, which deletes everything that is in this one.",
      );
    }
    const erasures = mergeErasures([
      await readErasuresBeside(options.path),
      await findErasures({ db }) ?? [],
    ]);
    if (!isEmpty) await removeEverything(db);
    await migrate(db, { until: header.migrations.at(-1)?.name ?? "" });
    await readEncrypted(options.path, options.key, (source) => loadBackup(db, source, { idGap: ID_GAP }));
    const migrated = await migrate(db);
    // Tables that this version added may have had rows since the backup.
    const unused = (await listSequences(db)).filter(({ lastValue }) => lastValue === null);
    await advanceSequences(db, ID_GAP, unused);
    return {
      madeAt: new Date(header.madeAt),
      rows: end.rows,
      migrated,
      ...await complete(db, options, header, erasures),
      unreadable,
      redisKeys: options.redisUrl === null
        ? null
        : await emptyRedis(options.redisUrl).catch((error: Error) => error),
    };
  } finally {
    await db.end({ timeout: 1 });
  }
}

/** What completes a recovery that PostgreSQL did itself, such as one to a point in time. */
export type RecoveryOptions =
  & Pick<RestoreOptions, "databaseUrl" | "cipher" | "redisUrl" | "keepSignIns">
  & { /** The list of erasures; null when there is none. */ erasures: string | null };

/**
 * Does to a database that was recovered to an earlier state what a restore does to one that it loaded.
 *
 * @throws BackupError when the database is in use; nothing was changed then
 */
export async function completeRecovery(options: RecoveryOptions): Promise<RestoredDatabase> {
  const db = connect(options.databaseUrl, { max: 2, name: "latchkey restore", limits: timeLimits.copy });
  try {
    await requireUnused(db);
    const erasures = options.erasures === null ? [] : await readErasures(options.erasures);
    const migrated = await migrate(db);
    await advanceSequences(db, ID_GAP, await listSequences(db));
    const [{ madeAt }] = await db<{ madeAt: Date }[]>`
      select coalesce(max(occurred_at), now()) as made_at
      from events`;
    return {
      madeAt,
      rows: null,
      migrated,
      ...await complete(
        db,
        options,
        { madeAt: madeAt.toISOString(), programVersion: ownProgram.version },
        erasures,
      ),
      unreadable: [],
      redisKeys: options.redisUrl === null
        ? null
        : await emptyRedis(options.redisUrl).catch((error: Error) => error),
    };
  } finally {
    await db.end({ timeout: 1 });
  }
}

async function complete(
  db: Database,
  { cipher, keepSignIns }: Pick<RestoreOptions, "cipher" | "keepSignIns">,
  { madeAt, programVersion }: { madeAt: string; programVersion: string },
  erasures: Erasure[],
): Promise<Pick<RestoredDatabase, "ended" | "erased" | "activeApiKeys">> {
  const [{ now, activeApiKeys }] = await db<{ now: Date; activeApiKeys: number }[]>`
    select now(), (select count(*) from api_keys where revoked_at is null) as active_api_keys`;
  const ctx = await systemContext(db, "restore", now, cipher);
  const ended = await completeRestore(ctx, { madeAt: new Date(madeAt), programVersion, keepSignIns });
  return { ended, erased: await applyErasures(ctx, erasures), activeApiKeys };
}

/** @throws BackupError while servers or workers are connected: they would go on with what they remember */
async function requireUnused(db: Database): Promise<void> {
  const programs = await db<{ name: string }[]>`
    select distinct application_name as name
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and application_name ~ '^latchkey (server|worker)'`;
  if (programs.length === 0) return;
  throw new BackupError(
    `Programs use the database (${programs.map(({ name }) => name).join(", ")}), and nothing was changed. ` +
      "Stop all servers and workers first.",
  );
}

/** Drops the schema with everything in it, and makes a new one with the rights of a new database. */
async function removeEverything(db: Database): Promise<void> {
  await db.begin(async (tx) => {
    await tx.unsafe(
      `set local lock_timeout = 5000;
       drop schema public cascade;
       create schema public authorization pg_database_owner;
       grant usage on schema public to public`,
    );
  }).catch((error) => {
    throw new BackupError(
      `The database cannot be emptied: ${error.message}. Nothing was changed. ` +
        "Its owner may; or name a new database in DATABASE_URL.",
    );
  });
}
