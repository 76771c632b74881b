// Migration folders for tests: a copy of db/migrations with files added or replaced.
import { cp, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { ownMigrations } from "../../db/migration_files.ts";

/** Copies db/migrations to a temporary folder and adds or replaces files. The folder is removed after the tests. */
export async function migrationFolder(files: Record<string, string>): Promise<URL> {
  const path = await Deno.makeTempDir({ prefix: "latchkey-migrations-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(path, { recursive: true }));
  const folder = pathToFileURL(`${path}/`);
  await cp(ownMigrations, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(new URL(name, folder), text);
  return folder;
}
