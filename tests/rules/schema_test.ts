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

test("checks and unique constraints are named table_column_rule", async () => {
  const { db } = await cloneStores();
  const constraints = await db<{ table: string; name: string; columns: string[] }[]>`
    select
      c.relname as table,
      k.conname as name,
      array(
        select a.attname::text
        from pg_attribute a
        where a.attrelid = c.oid and a.attnum = any(k.conkey)
      ) as columns
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    where k.connamespace = 'public'::regnamespace and k.contype in ('c', 'u', 'x') and not c.relispartition`;
  await db.end();
  assertNone(
    constraints.filter(({ table, name, columns }) =>
      /_(?:key|check|excl)\d*$/.test(name) ||
      !columns.some((column) => name.startsWith(`${table}_${column}_`))
    ).map(({ table, name, columns }) => `${name} of ${table} (${columns.join(", ")})`),
    "Errors are mapped by these names. Write `constraint table_column_rule …`, with one of its columns:",
  );
});

test("every index has a name that starts with its table and was chosen", async () => {
  const { db } = await cloneStores();
  const indexes = await db<{ table: string; name: string }[]>`
    select tablename as table, indexname as name
    from pg_indexes
    where schemaname = 'public' and not (
      select relispartition
      from pg_class
      where oid = indexname::regclass
    )
    order by indexname`;
  await db.end();
  assertNone(
    indexes.filter(({ table, name }) => !name.startsWith(`${table}_`) || /_(?:key|idx)\d*$/.test(name))
      .map(({ table, name }) => `${name} of ${table}`),
    "Write `create index table_by_column …`:",
  );
});
