// Files of a group: one that cannot be loaded, and one that fails, keep no other from running, and both are counted.
import assert from "node:assert/strict";
import { join } from "node:path";
import { divideFiles, writeGroups } from "./group_files.ts";
import { test } from "./test.ts";
import { countSteps, readableLine } from "./test_output.ts";

const support = new URL("test.ts", import.meta.url).href;

test("a file that cannot be loaded and a test that fails are named, counted, and stop no other", async () => {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-group-" });
  const notes = join(folder, "notes");
  const files: [name: string, text: string][] = [
    ["broken", `throw new Error("has no beginning");`],
    [
      "failing",
      `test("a sum is wrong", () => { throw new Error("is four") }); test("a sum is right", () => {})`,
    ],
    [
      "leaving",
      `stopAtEnd(() => { write("was stopped"); return Promise.resolve() });
      test("something stays behind", () => void Promise.reject(new Error("was left behind")))`,
    ],
    [
      "last",
      `afterEach(() => write("after each"));
      test("one is run", () => {}); test("two is run", () => {})`,
    ],
  ];
  const paths = files.map(([name]) => join(folder, `${name}_test.ts`));
  for (const [n, [, text]] of files.entries()) {
    const start = `import { afterEach, stopAtEnd, test } from ${JSON.stringify(support)};
      const write = (line) => Deno.writeTextFileSync(${
      JSON.stringify(notes)
    }, line + "\\n", { append: true });\n`;
    await Deno.writeTextFile(paths[n], start + text);
  }
  const run = async (filter: string | null) => {
    await writeGroups(folder, [paths], filter);
    const { stdout, code } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--quiet", "--no-check", "--parallel", join(folder, "000_test.ts")],
    }).output();
    const output = new TextDecoder().decode(stdout);
    return { code, output, ...countSteps(output) };
  };
  const all = await run(null);
  assert.equal(all.code, 1);
  assert.deepEqual([all.passed, all.failed], [4, 3], all.output);
  for (const text of ["has no beginning", "is four", "was left behind"]) {
    assert.ok(all.output.includes(text), text);
  }
  assert.equal(await Deno.readTextFile(notes), "was stopped\nafter each\nafter each\n");
  const some = await run("is right");
  assert.deepEqual([some.passed, some.failed], [1, 1], "what cannot be loaded is no success");
  const matched = await run("/^(one|two) is/");
  assert.deepEqual([matched.passed, matched.failed], [2, 1]);
  await Deno.remove(folder, { recursive: true });
});

test("lines of the output say the file of a test in place of its group", () => {
  const read = (line: string) => readableLine(line, "/tmp/groups");
  assert.equal(
    read("../tmp/groups/003_test.ts => tests/rest/a_test.ts ... a guard ... \x1b[32mok\x1b[0m (3ms)"),
    "tests/rest/a_test.ts => a guard ... ok (3ms)",
  );
  assert.equal(
    read("tests/rest/a_test.ts ... a guard => ./tests/support/group.ts:12:3"),
    "FAILED tests/rest/a_test.ts: a guard",
  );
  assert.equal(
    read("    at src/tests/rest/a_test.ts:4:2"),
    "    at src/tests/rest/a_test.ts:4:2",
  );
});

test("every file is in one group, longest files first, and the last groups are short", () => {
  const files = ["trpc", "web", "fuzz"].flatMap((folder, n) =>
    Array.from({ length: [60, 30, 1][n] }, (_, at) => `tests/${folder}/${at}_test.ts`)
  );
  const groups = divideFiles(files);
  assert.deepEqual(groups.flat().sort(), [...files].sort());
  assert.ok(
    groups.some((group) => group.join() === "tests/fuzz/0_test.ts"),
    "a long file has a process of its own",
  );
  assert.ok(groups[0][0].startsWith("tests/web/"), groups[0][0]);
  assert.ok(groups.at(-1)!.length <= 8, groups.at(-1)!.join(", "));
  assert.ok(groups.every(({ length }) => length <= 40));
  const isWeb = (path: string) => path.startsWith("tests/web/");
  assert.ok(
    groups.every((group) => group.every(isWeb) || !group.some(isWeb)),
    "a group without pages starts no browser",
  );
  assert.ok(groups.length < files.length / 5, `${groups.length} groups`);
  const few = divideFiles(["tests/web/a_test.ts", "tests/web/b_test.ts"]);
  assert.equal(few.length, 2, "two files take one job each");
});
