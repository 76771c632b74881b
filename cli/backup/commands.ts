// The commands `backup` and `restore`: the settings they need, and what they print.
import { BackupError } from "../../db/backup/format.ts";
import { isRecipient } from "../../db/backup/encrypted_file.ts";
import { ConfigError, type Environment } from "../../server/config.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { findSecretWeakness, MIN_SECRET_LENGTH } from "../../server/secret_strength.ts";
import { version } from "../../server/version.ts";
import { createBackup } from "./create_backup.ts";
import { completeRecovery, restoreBackup, type RestoredDatabase } from "./restore_backup.ts";
import { verifyBackup } from "./verify_backup.ts";

export interface BackupOptions {
  /** `backups` by default. */
  folder?: string;
  /** How many backups of the folder remain; all by default. */
  keep?: number;
  /** A backup to check, in place of making one. */
  verify?: string;
}

export interface RestoreOptions {
  /** The backup, or of a recovery by PostgreSQL itself its erasures. */
  path?: string;
  recovered?: boolean;
  replace?: boolean;
  keepSignIns?: boolean;
  acceptUnreadable?: boolean;
}

type Print = (line: string) => unknown;
type Settings =
  & Pick<Environment, "DATABASE_URL" | "BACKUP_KEY" | "ENCRYPTION_KEY" | "REDIS_URL">
  & Partial<Pick<Environment, "ENCRYPTION_KEY_PREVIOUS">>;

/**
 * `backup`: returns when the file is complete, or was checked.
 *
 * @throws ConfigError for missing settings
 * @throws BackupError when there is no backup
 */
export async function runBackup(options: BackupOptions, settings: Settings, print: Print): Promise<object> {
  const { databaseUrl, key } = requireSettings(settings);
  if (options.verify !== undefined) {
    const { madeAt, programVersion, tables } = await verifyBackup({ databaseUrl, key, path: options.verify });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    print(
      `${options.verify} is good: ${rows} rows of ${tables.length} tables, made ${madeAt.toISOString()} by ${programVersion}, ` +
        "were restored and compared.",
    );
    return {
      path: options.verify,
      rows,
      tables: tables.length,
      made_at: madeAt,
      program_version: programVersion,
    };
  }
  const { folder = "backups", keep = null } = options;
  const created = await createBackup({ databaseUrl, key, folder, keep, programVersion: version });
  const { path, rows, tables, bytes, deleted } = created;
  print(`${path}: ${rows} rows of ${tables} tables, ${bytes} bytes.`);
  for (const name of deleted) print(`Deleted ${name}.`);
  return { path, rows, tables, bytes, deleted };
}

/**
 * `restore`: returns when the database can be used.
 *
 * @throws ConfigError for missing settings
 * @throws BackupError when the backup cannot be restored
 */
export async function runRestore(options: RestoreOptions, settings: Settings, print: Print): Promise<object> {
  const { path, recovered = false, replace = false, keepSignIns = false, acceptUnreadable = false } = options;
  const { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: encryptionKey } = settings;
  if (!databaseUrl || !encryptionKey) {
    throw new ConfigError("Set DATABASE_URL and ENCRYPTION_KEY, as the server has them.");
  }
  const common = {
    databaseUrl,
    cipher: createCipher(encryptionKey, settings.ENCRYPTION_KEY_PREVIOUS),
    redisUrl: settings.REDIS_URL ?? null,
    keepSignIns,
  };
  const restored = recovered
    ? await completeRecovery({ ...common, erasures: path ?? null })
    : await restoreBackup({
      ...common,
      path: path!,
      key: requireSettings(settings).key,
      replace,
      acceptUnreadable,
    });
  for (const line of reportOf(restored, keepSignIns)) await print(line);
  if (restored.redisKeys instanceof Error) {
    throw new BackupError(
      `The database can be used, but Redis could not be emptied: ${restored.redisKeys.message}. ` +
        "Delete its keys that begin with {latchkey- (or redis-cli flushdb) before you start the servers.",
    );
  }
  return {
    made_at: restored.madeAt,
    rows: restored.rows,
    migrated: restored.migrated,
    ended: restored.ended,
    erased: restored.erased,
    unreadable: restored.unreadable,
    active_api_keys: restored.activeApiKeys,
    redis_keys: restored.redisKeys,
  };
}

function* reportOf(restored: RestoredDatabase, keepSignIns: boolean): Generator<string> {
  const madeAt = restored.madeAt.toISOString();
  yield restored.rows === null
    ? `The last event is of ${madeAt}.`
    : `Restored ${restored.rows} rows, as they were at ${madeAt}.`;
  if (restored.migrated.length > 0) yield `Applied ${restored.migrated.join(", ")}.`;
  if (restored.erased > 0) yield `Erased ${restored.erased} customers and users again.`;
  if (restored.unreadable.length > 0) {
    yield `Not readable with this ENCRYPTION_KEY: ${restored.unreadable.join(", ")}. Create them again.`;
  }
  yield keepSignIns
    ? "Sessions, links, invitations and recovery codes are as they were: those used since then can be used again."
    : `Ended ${restored.ended.users} sessions of users and ${restored.ended.administrators} of administrators, with ` +
      "access tokens, links, invitations and recovery codes.";
  yield `${restored.activeApiKeys} API keys are valid. Revoke those again that were revoked after ${madeAt}; the same ` +
    "holds for licenses that were disabled, administrators that were disabled, and passwords that were changed.";
  if (restored.redisKeys === null) yield "REDIS_URL is not set: empty Redis before you start the servers.";
  else if (typeof restored.redisKeys === "number") yield `Deleted ${restored.redisKeys} keys in Redis.`;
}

function requireSettings({ DATABASE_URL, BACKUP_KEY }: Settings): { databaseUrl: string; key: string } {
  if (!DATABASE_URL || !BACKUP_KEY) {
    throw new ConfigError(
      "Set DATABASE_URL and BACKUP_KEY. Make a key with `openssl rand -base64 32` and keep a copy of it apart from the backups.",
    );
  }
  const isAge = isRecipient(BACKUP_KEY) || BACKUP_KEY.startsWith("AGE-SECRET-KEY-");
  const weakness = isAge ? null : findSecretWeakness(BACKUP_KEY, MIN_SECRET_LENGTH);
  if (weakness) throw new ConfigError(`BACKUP_KEY ${weakness}. Make one with: openssl rand -base64 32`);
  return { databaseUrl: DATABASE_URL, key: BACKUP_KEY };
}
