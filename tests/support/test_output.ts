// Reads the output of `deno test` on groups of files, where a file is a test and its tests are steps.

// deno-lint-ignore no-control-regex
const colours = /\x1b\[[\d;]*m/g;

/** Names the file of a test instead of the module of its group. */
export function readableLine(line: string, folder: string): string {
  const plain = line.replace(colours, "");
  // "../tmp/groups/003_test.ts => tests/rest/guards_test.ts ... a guard refuses ... ok (3ms)"
  if (plain.includes(folder.slice(1))) return plain.replace(/^\S+ => (tests\/\S+) \.\.\. /, "$1 => ");
  // "tests/rest/guards_test.ts ... a guard refuses => ./tests/support/group.ts:12:3"
  return plain.replace(/^(tests\/\S+) \.\.\. (.*) => \S+\/group\.ts:\d+:\d+$/, "FAILED $1: $2");
}

/** Counts the tests in the closing line, "ok | 24 passed (310 steps) | 0 failed (12ms)". */
export function countSteps(output: string): { passed: number; failed: number } {
  const closing = [
    ...output.replace(colours, "").matchAll(
      /\| \d+ passed(?: \((\d+) steps?\))? \| \d+ failed(?: \((\d+) steps?\))?/g,
    ),
  ].at(-1);
  return { passed: Number(closing?.[1] ?? 0), failed: Number(closing?.[2] ?? 0) };
}
