// Divides the files of a run of tests into groups, and writes the module of each group.
import { join } from "node:path";

const MAX_FILES = 8;
/** Jobs of `deno test`: two share the processors of a small machine best. */
export const JOBS = 2;
/** Folders whose files take longest come first, so that the jobs end together. */
const longestFirst = ["fuzz", "torture", "web", "cli", "worker", "rest"];

/** Lists the files of tests that these paths, of files or folders, mean. */
export async function listTestFiles(paths: string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    const given = path.replace(/\/+$/, "");
    if ((await Deno.stat(given)).isFile) files.add(given);
    else for await (const file of filesBelow(given)) files.add(file);
  }
  return [...files].sort();
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (name === "node_modules") continue;
    if (isDirectory) yield* filesBelow(join(folder, name));
    else if (name.endsWith("_test.ts")) yield join(folder, name);
  }
}

/** Divides files into groups of one folder each. */
export function divideFiles(files: string[]): string[][] {
  const groups: string[][] = [];
  const most = Math.min(MAX_FILES, Math.ceil(files.length / JOBS));
  for (const siblings of Map.groupBy(files, folderOf).values()) {
    const count = Math.ceil(siblings.length / most);
    const size = Math.ceil(siblings.length / count);
    for (let at = 0; at < siblings.length; at += size) groups.push(siblings.slice(at, at + size));
  }
  const rank = (group: string[]) => (longestFirst.indexOf(folderOf(group[0])) + 100) % 100;
  return groups.sort((a, b) => rank(a) - rank(b));
}

function folderOf(path: string): string {
  return path.split("/")[1];
}

/** Writes the modules of the groups into a folder, numbered in the order of `groups`. */
export async function writeGroups(folder: string, groups: string[][], filter: string | null): Promise<void> {
  const support = new URL("group.ts", import.meta.url).href;
  for (const [index, paths] of groups.entries()) {
    const name = `${String(index).padStart(3, "0")}_test.ts`;
    await Deno.writeTextFile(
      join(folder, name),
      `import { runGroup } from ${JSON.stringify(support)};\n` +
        `runGroup(${JSON.stringify(paths)}, ${JSON.stringify(filter)});\n`,
    );
  }
}
