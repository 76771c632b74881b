// The programs that are connected to a database; the names of their connections have their versions.
import type { Db } from "./connect.ts";
import { isOlder } from "./migration_files.ts";

/** Finds the versions of connected programs that are older than a version, each once. */
export async function findOlderPrograms(db: Db, version: string): Promise<string[]> {
  const rows = await db<{ version: string }[]>`
    select distinct substring(application_name from '^latchkey .* ([0-9]+[.][0-9]+[.][0-9]+.*)$') as version
    from pg_stat_activity
    where datname = current_database() and application_name ~ '^latchkey .* [0-9]+[.][0-9]+[.][0-9]+'
      and pid <> pg_backend_pid()
    order by version`;
  return rows.map(({ version }) => version).filter((connected) => isOlder(connected, version));
}
