// Rule 7: the catalogue of events, the cache's tags and the database's triggers agree.
import assert from "node:assert/strict";
import { cachedKinds } from "../../server/domain/events/catalogue/cache_tags.ts";
import { catalogue, eventTypes } from "../../server/domain/events/catalogue/catalogue.ts";
import { systemNames } from "../../server/domain/events/search.ts";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";
import { assertNone, code, under } from "./source.ts";

const { db } = await cloneStores();

/** The kinds that triggers notify with. */
async function notifiedKinds(): Promise<string[]> {
  const rows = await db<{ kind: string }[]>`
    select distinct convert_from(split_part(encode(tgargs, 'escape'), '\\000', 1)::bytea, 'UTF8') as kind
    from pg_trigger t
    join pg_proc p on p.oid = t.tgfoid
    where p.proname = 'notify_change'`;
  return rows.map(({ kind }) => kind).sort();
}

test("every kind of cached value has a trigger that notifies, and every trigger notifies of such a kind", async () => {
  assert.deepEqual(await notifiedKinds(), [...cachedKinds]);
});

test("every kind of cached value is invalidated by an event of the catalogue", () => {
  const invalidated = eventTypes.flatMap((type) => catalogue[type].invalidates ?? []);
  assert.deepEqual([...new Set(invalidated)].sort(), [...cachedKinds]);
});

test("every name that the system has in events can be searched for", () => {
  const used = code.filter(({ path }) => under("server/", "worker/", "cli/")(path)).flatMap(({ text }) => [
    ...text.matchAll(/systemContext\(\s*(?:[^,"`]+),\s*"([^"]+)"/g),
    ...text.matchAll(/kind: "system", job: "([^"]+)"/g),
  ]).map(([, name]) => name);
  assert.deepEqual([...new Set(used)].sort(), [...systemNames], "Correct server/domain/events/search.ts.");
});

test("every event of the catalogue is recorded somewhere", () => {
  const text = code.filter(({ path }) =>
    path.startsWith("server/domain/") && !path.startsWith("server/domain/events/catalogue/")
  ).map(({ text }) => text).join("\n");
  // Composed of the subject's kind and the verb in server/domain/changes.ts.
  const composed = /\.(updated|deleted|restored)$/;
  assertNone(
    eventTypes.filter((type) => !text.includes(`"${type}"`) && !composed.test(type)),
    "These events of the catalogue are never recorded:",
  );
});

test("every event notifies the streams but the frequent ones", async () => {
  const [{ condition }] = await db<{ condition: string }[]>`
    select pg_get_triggerdef(oid) as condition
    from pg_trigger
    where tgname = 'notify_events'`;
  const excepted = [...condition.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, type]) => type);
  assert.deepEqual(excepted.sort(), eventTypes.filter((type) => catalogue[type].isFrequent).sort());
});

test("the databases close", () => db.end());
