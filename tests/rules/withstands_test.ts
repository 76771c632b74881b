// What docs/offline.md says that license files and signed validations withstand: each row names a test that shows it.
import assert from "node:assert/strict";
import { test } from "../support/test.ts";

const document = await Deno.readTextFile(new URL("../../docs/offline.md", import.meta.url));
const rows = document.slice(document.indexOf("| attack ")).split("\n\n")[0].split("\n").slice(2)
  .map((row) => row.split("|").map((cell) => cell.trim()))
  .filter((cells) => cells.length === 5);

test("each attack that is withstood names a test, which has its case", async () => {
  assert.ok(rows.length >= 12, `${rows.length} rows`);
  for (const [, attack, result, shown] of rows) {
    if (result === "not") {
      assert.equal(shown, "", `${attack}: nothing can show it`);
      continue;
    }
    const [, path, name] = /^`(tests\/.*_test\.ts)`, "(.+)"$/.exec(shown) ?? [];
    assert.ok(path, `${attack}: name the file of a test and its case`);
    const text = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url)).catch(() => "");
    assert.ok(text.includes(name), `${attack}: "${name}" is not in ${path}`);
  }
});
