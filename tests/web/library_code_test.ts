// The lines of the client libraries that the panel shows: they are in each library's README, with a place for every value.
import assert from "node:assert/strict";
import { libraries } from "../../web/pages/get_started/languages.ts";
import { fillIn, linesOf, places } from "../../web/pages/get_started/library_code.ts";
import { sourceOf } from "../rules/source.ts";
import { test } from "../support/test.ts";

const values = {
  url: "https://example.org",
  apiKey: "key-1",
  product: "app-1",
  licenseKey: 'a"key\\',
  key: { kid: "kid-1", x: "x-1" },
};

for (const library of libraries) {
  test(`the lines for ${library.title} have each place, and nothing of the README is left when they are filled in`, () => {
    const lines = linesOf(sourceOf(`sdk/${library.folder}/README.md`), library);
    assert.ok(lines, `sdk/${library.folder}/README.md has no block of ${library.fence}.`);
    for (const place of Object.values(places)) assert.ok(lines.includes(place), `${place} is missing`);
    const filled = fillIn(lines, values);
    for (const place of Object.values(places)) assert.ok(!filled.includes(place), `${place} is left`);
    for (const value of ["https://example.org", "key-1", "app-1", 'a\\"key\\\\', "kid-1", "x-1"]) {
      assert.ok(filled.includes(`"${value}"`), value);
    }
    assert.ok(lines.split("\n").length <= 45, "about ten lines, and what the language asks for around them");
  });
}
