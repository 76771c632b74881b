// Every row of `deno task torture` in its short form, or the test files that keep its promise.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "../support/test.ts";
import { listRows } from "./row.ts";

for (const [name, row] of await listRows()) {
  test(`the promise of the row ${name} holds`, async () => {
    for (const file of row.coveredBy ?? []) assert.ok(existsSync(file), `${file} does not exist`);
    if (row.coveredBy) return;
    const { held, figures } = await row.run("short");
    assert.ok(held, JSON.stringify(figures, null, 2));
  });
}
