// The vectors in sdk/vectors: they are what their script makes, and the verifier in Python comes to the state of each license file.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { makeVectors } from "../../sdk/vectors/make.ts";
import { readVectors } from "../support/vectors.ts";
import { test } from "../support/test.ts";

const made = await makeVectors();

test("the committed vectors are what their script makes", async () => {
  for (const [name, text] of Object.entries(made)) {
    const committed = await Deno.readTextFile(new URL(`../../sdk/vectors/${name}`, import.meta.url));
    assert.equal(committed, text, `Run "deno task vectors": ${name} is another.`);
  }
});

test("there are at least 150 vectors, each with its reason", () => {
  const cases = Object.values(made).flatMap((text) => JSON.parse(text).cases);
  assert.ok(cases.length >= 150, `There are ${cases.length}.`);
  assert.deepEqual(cases.filter(({ name, reason }) => !name || !reason), []);
});

test("the verifier in Python comes to the state of each license file", async () => {
  const cases = ["signatures", "texts", "times", "devices", "encryption", "revocation"]
    .flatMap((kind) => readVectors(`file_${kind}`));
  const python = new Deno.Command("python3", {
    args: [fileURLToPath(new URL("../support/verifier/verifier.py", import.meta.url))],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = python.stdin.getWriter();
  await writer.write(
    new TextEncoder().encode(JSON.stringify(cases.map(({ given: { trusted, seen, ...given } }) => ({
      ...given,
      kept: { trusted, seq: numbered(seen, true), lists: numbered(seen, false) },
    })))),
  );
  await writer.close();
  const { success, stdout, stderr } = await python.output();
  const errors = new TextDecoder().decode(stderr);
  // Where its library is not installed, other tests say so.
  if (!success && errors.includes("No module named 'cryptography'")) return;
  assert.ok(success, errors);
  const states = JSON.parse(new TextDecoder().decode(stdout)).map(({ state }: { state: string }) => state);
  assert.deepEqual(
    cases.map(({ name }, index) => `${name}: ${states[index]}`),
    cases.map(({ name, expected }) => `${name}: ${expected}`),
  );
});

/** What was seen of activations, whose names are numbers, or of status lists. */
function numbered(seen: Record<string, number>, isNumber: boolean): Record<string, number> {
  return Object.fromEntries(Object.entries(seen).filter(([name]) => /^\d+$/.test(name) === isNumber));
}
