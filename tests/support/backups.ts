// Backups in tests: a folder of their own, and the rows of two databases compared.
import type { Db } from "../../db/connect.ts";
import { quoteName } from "../../db/backup/tables.ts";
import { createBackup } from "../../cli/backup/create_backup.ts";
import { restoreBackup, type RestoreOptions } from "../../cli/backup/restore_backup.ts";
import { createCipher } from "../../server/request/cipher.ts";
import type { TestStores } from "./database.ts";
import { testSecrets } from "./secrets.ts";

export const backupKey = "k7Qw2ZpX9vLr4TnB8sYd1FhJ6mGc3RaE5uKo";

/** A folder that is removed after the tests. */
export function backupFolder(): string {
  const folder = Deno.makeTempDirSync({ prefix: "latchkey-backups-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}

/** Backs a database up; returns the path of the file. */
export async function backUp(
  stores: TestStores,
  folder: string,
  keep: number | null = null,
): Promise<string> {
  const { databaseUrl } = stores;
  const created = await createBackup({ databaseUrl, folder, key: backupKey, keep, programVersion: "0.9.0" });
  return created.path;
}

/** Restores a file with the keys of the tests. */
export function restore(stores: TestStores, path: string, options: Partial<RestoreOptions> = {}) {
  return restoreBackup({
    databaseUrl: stores.databaseUrl,
    path,
    key: backupKey,
    cipher: createCipher(testSecrets.ENCRYPTION_KEY),
    redisUrl: null,
    replace: false,
    keepSignIns: false,
    acceptUnreadable: false,
    ...options,
  });
}

/** The number of rows of each table and a hash of them in the order of their text. */
export async function digestRows(db: Db): Promise<Record<string, string>> {
  const tables = await db<{ name: string }[]>`
    select relname as name
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
      and relpersistence = 'p' and relname <> 'migrations'
    order by relname`;
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    // Transaction ids mean something in their own cluster only.
    const where = name === "events" ? "where type <> 'backup.restored'" : "";
    const [{ digest }] = await db.unsafe<{ digest: string }[]>(`
      select count(*) || ' ' || coalesce(md5(string_agg(row, e'\\n' order by row)), '') as digest
      from (
        select (to_jsonb(t) - 'transaction_id')::text as row
        from ${quoteName(name)} t
        ${where}
      ) as rows`);
    digests[name] = digest;
  }
  return digests;
}
