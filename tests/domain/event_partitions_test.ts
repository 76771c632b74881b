// Events across partitions: a large month ends its partition, lists and readers go on over the boundary, a whole partition
// is dropped when all of it is too old, and a backup restores the partitions.
import assert from "node:assert/strict";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { readEventsAfter } from "../../server/domain/events/follow.ts";
import { beginEventPartition } from "../../server/domain/events/partitions.ts";
import { pruneEvents } from "../../server/domain/events/prune.ts";
import { getEvent, listEvents } from "../../server/domain/events/timeline.ts";
import { listLicenses } from "../../server/domain/licenses/list.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { backUp, backupFolder, digestRows, restore } from "../support/backups.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const daysAgo = (days: number) => system.ctx(new Date(Date.now() - days * 86_400_000));

/** Begins a partition if the month has changed and the current one has so many events. */
async function begin(minEvents: number): Promise<boolean> {
  const [{ begun }] = await db<{ begun: boolean }[]>`
    select begin_event_partition(${minEvents}) as begun`;
  return begun;
}

const partitions = async () =>
  (await db<{ number: number }[]>`select number from event_partitions order by number`).map(({ number }) =>
    number
  );

const numberOf = (id: number) => Math.floor(id / 100_000_000_000);

/** Records events about one customer; returns their ids, the oldest first. */
async function record(days: number, count: number): Promise<number[]> {
  const ctx = { ...await daysAgo(days), requestId: crypto.randomUUID() };
  for (let n = 0; n < count; n++) await createCustomer(ctx, { name: `Customer ${n}` });
  const rows = await db<
    { id: number }[]
  >`select id from events where request_id = ${ctx.requestId} order by id`;
  return rows.map(({ id }) => id);
}

/** Lets every reader have read everything. */
async function readAll(db = system.db): Promise<void> {
  await db`
    update event_readers
    set (transaction_id, event_id) = (
      select transaction_id, id
      from events
      order by transaction_id desc, id desc
      limit 1
    )`;
}

test("a partition begins when the current one is large and of an earlier month", async () => {
  const first = await record(120, 3);
  assert.equal(await beginEventPartition(await system.ctx()), false, "three events are few");
  assert.equal(await begin(1_000_000), false);
  assert.deepEqual([await begin(2), await partitions()], [true, [0, 1, 2]]);
  const second = await record(100, 3);
  assert.deepEqual([...first, ...second].map(numberOf), [0, 0, 0, 1, 1, 1]);
  assert.deepEqual([await begin(2), await begin(0)], [true, false], "one that is empty is not left");
  await record(0, 3);
  assert.deepEqual([await begin(2), await partitions()], [false, [0, 1, 2, 3]], "this month goes on");
});

test("lists, pages, single events and positions go on from one partition to the next", async () => {
  const ctx = await system.ctx();
  const ids: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvents(ctx, { type: "customer.created", limit: 2, cursor });
    assert.equal(page.total, 9);
    ids.push(...page.rows.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor);
  assert.deepEqual(ids.map(numberOf), [2, 2, 2, 1, 1, 1, 0, 0, 0]);
  assert.deepEqual(ids, ids.toSorted((a, b) => b - a));
  for (const id of ids) assert.equal((await getEvent(ctx, id)).id, id);
  await system.settled();
  const { events } = await readEventsAfter(ctx, "3:3:");
  const followed = events.map(({ event }) => event).filter(({ type }) => type === "customer.created");
  assert.deepEqual(followed.map(({ id }) => id), ids.toReversed());
});

test("pages are read from the newest partition on, and only as far as they need", async () => {
  // As if the tables were large.
  const plan = (sql: string) =>
    db.begin(async (tx) => {
      await tx.unsafe("set local enable_seqscan = off; set local enable_sort = off");
      const lines = await tx.unsafe(
        `explain (analyze, costs off, timing off, summary off, buffers off) ${sql}`,
      );
      return lines.flatMap((line) => Object.values(line)).join("\n");
    });
  await db`analyze events`;
  const page = await plan("select * from events where true order by id desc limit 2");
  assert.match(page, /Append/);
  assert.doesNotMatch(page, /Sort/);
  assert.match(page, /events_0\b.*never executed/);
  const [{ id }] = await db<{ id: number }[]>`select min(id) as id from events where id > 200000000000`;
  assert.doesNotMatch(await plan(`select * from events where id = ${id}`), /events_[013]/);
});

test("an event of any time has a partition, whatever the clock says", async () => {
  const before = await partitions();
  for (const days of [4000, -4000, 0]) assert.equal((await record(days, 1)).map(numberOf)[0], 2);
  assert.equal(await begin(1), false);
  assert.deepEqual(await partitions(), before);
});

test("a period has the same events, although the times of some are not in the order of their ids", async () => {
  const ctx = await system.ctx();
  const events = await db<{ id: number; at: Date }[]>`
    select id, occurred_at as at
    from events
    order by id desc`;
  const idsOf = async (query: { since?: string; until?: string }) =>
    (await listEvents(ctx, { ...query, limit: 200 })).rows.map(({ id }) => id);
  const times = [...new Set(events.map(({ at }) => at.getTime())), 0, Date.UTC(2100, 0)];
  for (const time of times) {
    const moment = new Date(time);
    const before = events.filter(({ at }) => at < moment).map(({ id }) => id);
    const since = events.filter(({ at }) => at >= moment).map(({ id }) => id);
    assert.deepEqual(await idsOf({ until: moment.toISOString() }), before);
    assert.deepEqual(await idsOf({ since: moment.toISOString() }), since);
    assert.deepEqual(await idsOf({ since: moment.toISOString(), until: moment.toISOString() }), []);
  }
});

test("partitions refuse changes as the table does", async () => {
  await assert.rejects(db`delete from events_0`, /append-only/);
  await assert.rejects(db`update events_1 set type = 'a.b'`, /append-only/);
  await assert.rejects(db`truncate events_3 cascade`, /append-only/);
});

test("while another transaction reads events, nothing waits for a new partition, and it begins later", async () => {
  await db.unsafe("select setval('events_id_seq', 300000000000, false)");
  await record(70, 3);
  const reader = await db.reserve();
  await reader.unsafe("begin; select from events limit 1");
  assert.equal(await begin(1), false);
  await reader.unsafe("commit");
  reader.release();
});

test("a partition is dropped at once when all of it is too old, read and not referred to", async () => {
  await changeSetting(await system.ctx(), "keepEventsFor", 95);
  const ctx = await system.ctx();
  await readAll();
  await db`analyze events`;
  // Of the first two partitions all events are older; one of the second is to be delivered.
  const [{ id }] = await db<{ id: number }[]>`select min(id) as id from events where id >= 100000000000`;
  await db`
    with webhook as (
      insert into webhooks (url, event_types, headers, secret, created_at, updated_at)
      values ('https://example.com', '{*}', '', '', now(), now())
      returning id
    )
    insert into webhook_deliveries (webhook_id, event_id, due_at, created_at)
    select id, ${id}, now(), now()
    from webhook`;
  assert.equal(await pruneEvents(ctx), 3);
  assert.deepEqual((await partitions())[0], 1, "the first is gone");
  const { rows: [pruned] } = await listEvents(ctx, { type: "history.pruned", sort: "id" });
  assert.equal(pruned.after?.count, 3);

  assert.equal((await getEvent(ctx, id)).id, id);
  await db`delete from webhook_deliveries`;
  await db`update event_readers set transaction_id = '0', event_id = 0 where name = 'usage'`;
  await pruneEvents(ctx);
  assert.deepEqual((await partitions())[0], 1, "a reader has not read it");
  await readAll();
  await pruneEvents(ctx);
  assert.deepEqual((await partitions())[0], 2);
});

test("events of a large partition wait at most a month for the others of it", async () => {
  const { db, ctx } = await createTestSystem();
  for (const days of [97, 96, 94]) {
    await createCustomer(await ctx(new Date(Date.now() - days * 86_400_000)), { name: "A" });
  }
  await readAll(db);
  const prune = async (keptFor: number, large: number) => {
    const [{ count }] = await db<{ count: number }[]>`
      select prune_events(now() - ${keptFor} * interval '1 day', 1000, ${large}::bigint) as count`;
    return count;
  };
  assert.equal(await prune(95, 1), 0, "it began less than 31 days before the limit");
  assert.equal(await prune(95, 1_000_000), 2, "a small partition keeps to the day");
  assert.equal(await prune(62, 1), 1, "it began 32 days before the limit");
});

test("a backup restores the partitions, and events go on in the last one", async () => {
  const license = await makeLicense(await system.ctx());
  const file = await backUp(system, backupFolder());
  const stores = await createEmptyDatabase();
  await restore(stores, file, { keepSignIns: true });
  const { events, ...others } = await digestRows(stores.db);
  const before = await digestRows(db);
  assert.equal(events, before.events);
  assert.deepEqual(others, { ...others, licenses: before.licenses });
  const restored = await stores.db<{ number: number }[]>`select number from event_partitions order by number`;
  assert.deepEqual(restored.map(({ number }) => number), await partitions());
  await assert.rejects(stores.db`delete from events_3`, /append-only/);
  const ctx = { ...await system.ctx(), db: stores.db };
  const [{ id }] = await stores.db<{ id: number }[]>`select max(id) as id from events`;
  assert.equal(numberOf(id), 3);
  assert.equal((await listLicenses(ctx, { q: license.key })).rows[0].id, license.id);
  await createCustomer(ctx, { name: "After" });
  const { rows: [event] } = await listEvents(ctx, { type: "customer.created" });
  assert.equal(numberOf(event.id), 3);
  const triggers = await stores
    .db`select from pg_trigger where tgname = 'notify_events' and tgenabled <> 'O'`;
  assert.equal(triggers.length, 0);
  await stores.db.end();
});
