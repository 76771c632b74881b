// The data set of `deno task bench:scale`, a very small part of it: its rows agree with each other, as triggers and foreign
// keys are off while it is loaded.
import assert from "node:assert/strict";
import { keyDigest, parseKey } from "../../server/domain/licenses/key.ts";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { loadDataSet } from "./scale/load.ts";
import { sampleKey } from "./scale/sample_key.ts";

const stores = await cloneStores();
const listIndexes = () =>
  stores.db`
    select indexdef
    from pg_indexes
    where schemaname = 'public'
    order by indexdef`;
const indexesBefore = await listIndexes();
await loadDataSet(stores.db, 0.0003);

test("the data set has all indexes and constraints of the schema afterwards", async () => {
  assert.deepEqual(await listIndexes(), indexesBefore);
});

test("the data set has counters that match the activations", async () => {
  const [counts] = await stores.db`
    select
      count(*) as licenses,
      count(*) filter (where l.activations_in_use <> (
        select count(*)
        from activations a
        where a.license_id = l.id and a.is_active
      )) as wrong,
      count(*) filter (where l.activations_in_use > l.max_activations) as beyond
    from licenses l`;
  assert.deepEqual({ ...counts }, { licenses: 300, wrong: 0, beyond: 0 });
});

test("the data set has rows for all references", async () => {
  const references = await stores.db<{ table: string; column: string; target: string }[]>`
    select c.conrelid::regclass::text as table, a.attname as column, c.confrelid::regclass::text as target
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
    where c.contype = 'f' and key.attname = 'id'`;
  for (const { table, column, target } of references) {
    const [{ missing }] = await stores.db.unsafe(
      `select count(*) as missing from ${table} where ${column} not in (select id from ${target})`,
    );
    assert.equal(missing, 0, `${table}.${column}`);
  }
});

test("the data set has keys that the product finds by their digest", async () => {
  for (const id of [1, 150, 300]) {
    const parsed = parseKey(sampleKey(id));
    assert.equal(parsed.checksumMismatch, false);
    const [row] = await stores.db`
      select id, key
      from licenses
      where key_digest = ${keyDigest(parsed)}`;
    assert.deepEqual({ ...row }, { id, key: sampleKey(id) });
  }
});

test("the data set has licenses in every state, and the next ones get the next ids", async () => {
  const [states] = await stores.db`
    select
      count(*) filter (where deleted_at is not null) > 0 as deleted,
      count(*) filter (where not is_active) > 0 as disabled,
      count(*) filter (where valid_until < current_date) > 0 as expired,
      count(*) filter (where valid_until >= current_date) > 0 as expiring,
      count(*) filter (where valid_until is null) > 0 as unlimited,
      nextval(pg_get_serial_sequence('licenses', 'id')) as next
    from licenses`;
  assert.deepEqual({ ...states }, {
    deleted: true,
    disabled: true,
    expired: true,
    expiring: true,
    unlimited: true,
    next: 301,
  });
});
