// Rule 10: the schema that the migrations produce is the committed one, and its constraints and indexes have names that
// were chosen.
import assert from "node:assert/strict";
import { cloneStores } from "../support/database.ts";
import { describeSchema, schemaFile } from "../support/schema.ts";
import { test } from "../support/test.ts";
import { assertNone } from "./source.ts";

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

test("every check, unique constraint and index has a name that starts with its table and was chosen", async () => {
  const { db } = await cloneStores();
  const names = await db<{ table: string; name: string }[]>`
    select conrelid::regclass::text as table, conname as name
    from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid <> 0 and contype in ('c', 'u', 'x')
    union
    select tablename, indexname
    from pg_indexes
    where schemaname = 'public'
    order by 1, 2`;
  await db.end();
  assertNone(
    names.filter(({ table, name }) =>
      !name.startsWith(`${table}_`) || /_(?:key|check|excl|idx)\d*$/.test(name)
    )
      .map(({ table, name }) => `${name} of ${table}`),
    "Errors are mapped by these names. Write `constraint table_column_rule …`, or `create index table_by_column …`:",
  );
});
