// Divides the files of a run of tests into groups, and writes the module of each group.
import { join } from "node:path";

/** Jobs of `deno test`: two share the processors of a small machine best. */
export const JOBS = 2;
/** About how long a file of a folder takes; seconds. */
const duration: Record<string, number> = {
  fuzz: 40,
  torture: 30,
  web: 14,
  cli: 6,
  sdk: 10,
  worker: 6,
  bench: 3,
};
const OTHER_DURATION = 1.5;
/** A file that takes longer has a process of its own; seconds. */
const LONG = 20;
/** A group that ends sooner is not worth the second that a process takes to load the server's modules; seconds. */
const MIN_DURATION = 12;
/** What a file leaves behind stays in memory until its group ends. */
const MAX_FILES = 40;

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

/**
 * Divides files into groups, the longest files first. Each group takes half of a job's share of what is left, so that
 * few processes are started and all jobs end together. Files with a browser, which need more than one processor, and
 * others, which wait for processes and time limits, take turns, so that the jobs seldom run two browsers.
 */
export function divideFiles(files: string[]): string[][] {
  const kinds = ["web", "other"].map((kind) =>
    files.filter((path) => (folderOf(path) === "web") === (kind === "web")).sort((a, b) =>
      durationOf(b) - durationOf(a)
    )
  );
  const groups: string[][] = [];
  for (let left = sumOf(files); left > 0;) {
    const waiting = sumOf(kinds[0]) > sumOf(kinds[1]) ? kinds[0] : kinds[1];
    const group: string[] = [];
    const share = Math.max(MIN_DURATION, left / JOBS / 2);
    do group.push(waiting.shift()!); while (
      waiting.length > 0 && group.length < MAX_FILES && sumOf(group) < share && durationOf(group[0]) < LONG
    );
    groups.push(group);
    left -= sumOf(group);
  }
  return groups;
}

function folderOf(path: string): string {
  return path.split("/")[1];
}

function durationOf(path: string): number {
  return duration[folderOf(path)] ?? OTHER_DURATION;
}

function sumOf(files: string[]): number {
  return files.reduce((sum, file) => sum + durationOf(file), 0);
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
