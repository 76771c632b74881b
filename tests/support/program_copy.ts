// A copy of the program in a temporary folder, in which files are added or changed: another version of it.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const parts = ["server", "worker", "cli", "db", "deno.json"];

export interface ProgramCopy {
  /** Its folder. */
  root: string;
  remove(): Promise<void>;
}

/**
 * Copies the program.
 *
 * @param changes by the path of a file: what it contains now, from what it contained; "" for a new file
 */
export async function copyProgram(
  changes: Record<string, (text: string) => string>,
): Promise<ProgramCopy> {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-copy-" });
  for (const part of parts) {
    cpSync(join(root, part), join(folder, part), {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const [path, change] of Object.entries(changes)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const before = existsSync(file) ? readFileSync(file, "utf8") : "";
    const after = change(before);
    if (after === before) throw new Error(`${path} was not changed`);
    writeFileSync(file, after);
  }
  return { root: folder, remove: () => Deno.remove(folder, { recursive: true }) };
}
