// Rule 10: the schema that the migrations produce is the committed one.
import assert from "node:assert/strict";
import { cloneStores } from "../support/database.ts";
import { describeSchema, schemaFile } from "../support/schema.ts";
import { test } from "../support/test.ts";

test("the migrations produce db/schema.sql", async () => {
  const { db } = await cloneStores();
  try {
    assert.equal(
      await describeSchema(db),
      await Deno.readTextFile(schemaFile),
      "Run `deno task schema` and check the difference that git shows.",
    );
  } finally {
    await db.end();
  }
});
