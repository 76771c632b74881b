// The client libraries in TypeScript and Python pass the conformance that `deno task test:sdk` asks of all languages.
import assert from "node:assert/strict";
import { test } from "../support/test.ts";
import { isThere, languages } from "./conformance/languages.ts";
import { Conformance, parts } from "./conformance/parts.ts";
import { Vendor } from "./conformance/vendor.ts";

/** Those of the suite; a run of the others takes compilers. Each has a server of its own here, so that they run side by side. */
const ofSuite = languages.filter(({ name }) => name === "TypeScript" || name === "Python");
const present = await Promise.all(
  (await Promise.all(ofSuite.map(async (language) => await isThere(language) ? [language] : []))).flat()
    .map(async (language) => new Conformance(language, await Vendor.start())),
);

for (const part of Object.keys(parts)) {
  test(`client libraries pass the part ${part} of their conformance`, async () => {
    const found = await Promise.all(present.map(async (library) => {
      return (await library.run(part)).map((failure) => `${library.language.name}: ${failure}`);
    }));
    assert.deepEqual(found.flat(), []);
  });
}

test("conformance programs end with their input", async () => {
  const found = await Promise.all(present.map(async (library) => {
    const failures = await library.end();
    await library.vendor.stop();
    return failures;
  }));
  assert.deepEqual(found.flat(), []);
});
