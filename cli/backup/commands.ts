// The commands `backup` and `restore`: their arguments, the settings they need, and what they print.
import { parseArgs } from "node:util";
import { BackupError } from "../../db/backup/format.ts";
import { isRecipient } from "../../db/backup/encrypted_file.ts";
import { ConfigError, type Environment } from "../../server/config.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { findSecretWeakness, MIN_SECRET_LENGTH } from "../../server/secret_strength.ts";
import { version } from "../../server/version.ts";
import { createBackup } from "./create_backup.ts";
import { completeRecovery, restoreBackup, type RestoredDatabase } from "./restore_backup.ts";
import { verifyBackup } from "./verify_backup.ts";

const backupUsage =
  `Use: backup [FOLDER] [--keep N]   saves the database to a new file in the folder (default: backups)
     backup --verify FILE         restores a file into a database made for that, compares and drops it`;
const restoreUsage = `Use: restore FILE [--replace] [--keep-sign-ins] [--accept-unreadable-secrets]
     restore --recovered [ERASURES.json] [--keep-sign-ins]   completes a recovery by PostgreSQL itself`;

type Print = (line: string) => void;
type Settings =
  & Pick<Environment, "DATABASE_URL" | "BACKUP_KEY" | "ENCRYPTION_KEY" | "REDIS_URL">
  & Partial<Pick<Environment, "ENCRYPTION_KEY_PREVIOUS">>;

/**
 * `backup`: returns when the file is complete.
 *
 * @throws ConfigError for wrong arguments or missing settings
 * @throws BackupError when there is no backup
 */
export async function runBackup(args: string[], settings: Settings, print: Print): Promise<void> {
  const { values, positionals } = parse(args, backupUsage, {
    keep: { type: "string" },
    verify: { type: "string" },
  });
  const keep = values.keep === undefined ? null : Number(values.keep);
  const isWrong = values.verify === undefined
    ? positionals.length > 1
    : positionals.length > 0 || keep !== null;
  if (isWrong || keep !== null && !(Number.isInteger(keep) && keep >= 1)) throw new ConfigError(backupUsage);
  const { databaseUrl, key } = requireSettings(settings);
  if (typeof values.verify === "string") {
    const { madeAt, programVersion, tables } = await verifyBackup({ databaseUrl, key, path: values.verify });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    print(
      `${values.verify} is good: ${rows} rows of ${tables.length} tables, made ${madeAt.toISOString()} by ${programVersion}, ` +
        "were restored and compared.",
    );
    return;
  }
  const folder = positionals[0] ?? "backups";
  const created = await createBackup({ databaseUrl, key, folder, keep, programVersion: version });
  print(`${created.path}: ${created.rows} rows of ${created.tables} tables, ${created.bytes} bytes.`);
  for (const name of created.deleted) print(`Deleted ${name}.`);
}

/**
 * `restore`: returns when the database can be used.
 *
 * @throws ConfigError for wrong arguments or missing settings
 * @throws BackupError when the backup cannot be restored
 */
export async function runRestore(args: string[], settings: Settings, print: Print): Promise<void> {
  const { values, positionals: [path, ...others] } = parse(args, restoreUsage, {
    "recovered": { type: "boolean", default: false },
    "replace": { type: "boolean", default: false },
    "keep-sign-ins": { type: "boolean", default: false },
    "accept-unreadable-secrets": { type: "boolean", default: false },
  });
  if (path === undefined && !values.recovered || others.length > 0) throw new ConfigError(restoreUsage);
  const { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: encryptionKey } = settings;
  if (!databaseUrl || !encryptionKey) {
    throw new ConfigError("Set DATABASE_URL and ENCRYPTION_KEY, as the server has them.");
  }
  const keepSignIns = values["keep-sign-ins"] === true;
  const common = {
    databaseUrl,
    cipher: createCipher(encryptionKey, settings.ENCRYPTION_KEY_PREVIOUS),
    redisUrl: settings.REDIS_URL ?? null,
    keepSignIns,
  };
  const restored = values.recovered
    ? await completeRecovery({ ...common, erasures: path ?? null })
    : await restoreBackup({
      ...common,
      path: path!,
      key: requireSettings(settings).key,
      replace: values.replace === true,
      acceptUnreadable: values["accept-unreadable-secrets"] === true,
    });
  for (const line of reportOf(restored, keepSignIns)) print(line);
  if (restored.redisKeys instanceof Error) {
    throw new BackupError(
      `The database can be used, but Redis could not be emptied: ${restored.redisKeys.message}. ` +
        "Delete its keys that begin with {latchkey- (or redis-cli flushdb) before you start the servers.",
    );
  }
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

function parse<Options extends NonNullable<Parameters<typeof parseArgs>[0]>["options"]>(
  args: string[],
  usage: string,
  options: Options,
) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
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
