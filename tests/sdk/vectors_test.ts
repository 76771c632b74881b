// The vectors in sdk/vectors are what their script makes. tests/domain/license_file_cases_test.ts compares the verifiers with them.
import assert from "node:assert/strict";
import { makeVectors } from "../../sdk/vectors/make.ts";
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
