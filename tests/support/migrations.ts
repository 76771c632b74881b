// Programs with other migrations, for tests: a copy of db/migrations with files added or replaced.
import { cp, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { ownProgram, type Program } from "../../db/migration_files.ts";

/**
 * Copies db/migrations to a temporary folder and adds or replaces files. The folder is removed after the tests.
 *
 * @param files by name; this version works on the schema after them when they do not say otherwise
 * @param version of the program; by default this one's
 */
export async function programWith(
  files: Record<string, string>,
  version: string = ownProgram.version,
): Promise<Program> {
  const path = await Deno.makeTempDir({ prefix: "latchkey-migrations-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(path, { recursive: true }));
  const folder = pathToFileURL(`${path}/`);
  await cp(ownProgram.folder, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(new URL(name, folder), declared(text));
  return { version, folder };
}

function declared(text: string): string {
  return text.includes("-- requires program") ? text : `-- requires program ${ownProgram.version}\n${text}`;
}
