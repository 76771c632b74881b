// The programs that are connected to a database; the names of their connections have their versions.
import type { Db } from "./connect.ts";
import { isOlder } from "./migration_files.ts";

/**
 * Finds the servers and workers that are connected and older than a version.
 *
 * @returns each kind and version once, "server 1.3.0"
 */
export async function findOlderPrograms(db: Db, version: string): Promise<string[]> {
  const rows = await db<{ name: string }[]>`
    select distinct substring(application_name from '^latchkey (.*)$') as name
    from pg_stat_activity
    where datname = current_database()
      and application_name ~ '^latchkey (server|worker|change listener) [0-9]'
    order by name`;
  return rows.map(({ name }) => name.replace("change listener", "server"))
    .filter((name, index, all) => all.indexOf(name) === index)
    .filter((name) => isOlder(name.split(" ").at(-1)!, version));
}
