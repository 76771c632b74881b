// The Python library comes to the result of each vector, and does with a server what an app expects: its own tests, which run
// in one process of the system's Python. Without the package `cryptography` they are not run, and a line says so.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isPythonThere } from "../support/verifier/python_there.ts";
import { test } from "../support/test.ts";

const folder = fileURLToPath(new URL("../../sdk/python/", import.meta.url));
const kinds = readdirSync(new URL("../../sdk/vectors/", import.meta.url))
  .flatMap((name) => name.match(/^(\w+)\.json$/)?.[1] ?? [])
  .filter((kind) => kind !== "transcripts");

if (!isPythonThere) {
  console.log('SKIPPED: the Python library. Under Debian: "apt-get install python3 python3-cryptography".');
}

let output: Promise<string> | undefined;

/** What Python's own runner writes: a line for each test, and what is wrong. */
async function run(): Promise<string> {
  const { stderr } = await new Deno.Command("python3", {
    args: ["-B", "-m", "unittest", "-v", "vectors_test", "client_test"],
    cwd: `${folder}tests`,
    env: { PYTHONPATH: `${folder}src` },
  }).output();
  return new TextDecoder().decode(stderr);
}

for (const kind of kinds) {
  test(`the Python library agrees with the vectors of ${kind}`, async () => {
    if (!isPythonThere) return;
    const text = await (output ??= run());
    assert.match(text, new RegExp(`^test_${kind} .*\\bok$`, "m"), text);
  });
}

test("the Python library activates, runs offline and believes only what is signed", async () => {
  if (!isPythonThere) return;
  const text = await (output ??= run());
  const lines = text.split("\n").filter((line) => line.includes("(client_test."));
  assert.ok(lines.length > 8, text);
  assert.deepEqual(lines.filter((line) => !line.endsWith("ok")), [], text);
});
