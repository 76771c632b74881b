// Periods of lists: every list with a range of times has the rows of that range, in both orders and with their number,
// although the times of some are equal or not in the order of their ids.
import assert from "node:assert/strict";
import { listUsers } from "../../server/domain/accounts/list_users.ts";
import type { Context } from "../../server/domain/context.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { listDevices } from "../../server/domain/devices/list.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { listLicenses } from "../../server/domain/licenses/list.ts";
import type { Page } from "../../server/domain/lists.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const { db } = system;

/** Days of rows by their ids: in order, equal ones, and those of a clock that was put back and of one that was ahead. */
const days = [10, 11, 11, 12, 3, 13, 13, 13, 30, 14, 15, 2, 15, 16];
const onDay = (day: number) => new Date(Date.UTC(2021, 0, day));

const { customerId, productId } = await makeLicense(ctx);
const licenses = [];
for (const _ of days) licenses.push(await makeLicense(ctx, { customerId, productId }));
const times = days.map((day) => onDay(day).toISOString());
await db`
  update licenses l
  set created_at = given.at
  from unnest(${licenses.map(({ id }) => id)}::bigint[], ${times}::text[]::timestamptz[]) as given (id, at)
  where l.id = given.id`;
await db`
  insert into activations (license_id, hardware_id, activated_at, last_heartbeat)
  select ${licenses[0].id}, 'machine ' || n, at, at
  from unnest(${times}::text[]::timestamptz[]) with ordinality as given (at, n)
  order by n`;
await db`
  insert into users (email, name, created_at, updated_at)
  select 'user' || n || '@example.com', 'User', at, at
  from unnest(${times}::text[]::timestamptz[]) with ordinality as given (at, n)
  order by n`;
await db`
  insert into customers (name, created_at, updated_at)
  select 'Customer of a day', at, at
  from unnest(${times}::text[]::timestamptz[]) with ordinality as given (at, n)
  order by n`;

type Period = { since?: string; until?: string };
type Sort = "id" | "-id";

interface List {
  table: string;
  time: string;
  read(ctx: Context, period: Period, sort: Sort): Promise<Page<{ id: number }>>;
}

const lists: Record<string, List> = {
  devices: {
    table: "activations",
    time: "activated_at",
    read: (ctx, { since, until }, sort) =>
      listDevices(ctx, { activatedSince: since, activatedUntil: until, sort, limit: 200 }),
  },
  licenses: {
    table: "licenses",
    time: "created_at",
    read: (ctx, { since, until }, sort) =>
      listLicenses(ctx, { createdSince: since, createdUntil: until, sort, limit: 200 }),
  },
  events: {
    table: "events",
    time: "occurred_at",
    read: (ctx, period, sort) => listEvents(ctx, { ...period, sort, limit: 200 }),
  },
  users: {
    table: "users",
    time: "created_at",
    read: (ctx, { since, until }, sort) =>
      listUsers(ctx, { createdSince: since, createdUntil: until, sort, limit: 200 }),
  },
  customers: {
    table: "customers",
    time: "created_at",
    read: (ctx, { since, until }, sort) =>
      listCustomers(ctx, { createdSince: since, createdUntil: until, sort, limit: 200 }),
  },
};

/** Before the first row, at the time of several, between two, of the one that is ahead, after the last. */
const moments = [1, 3, 11, 13, 13.5, 17, 30, 31].map(onDay);

for (const [name, { table, time, read }] of Object.entries(lists)) {
  test(`A period of ${name} has the rows of that time, whichever order their ids are in`, async () => {
    const rows = await db<{ id: number; at: Date }[]>`
      select id, ${db(time)} as at
      from ${db(table)}
      order by id`;
    for (const since of [null, ...moments]) {
      for (const until of [null, ...moments]) {
        const period = { since: since?.toISOString(), until: until?.toISOString() };
        const expected = rows.filter(({ at }) => (!since || at >= since) && (!until || at < until));
        const ids = expected.map(({ id }) => id);
        const page = await read(ctx, period, "id");
        assert.deepEqual(page.rows.map(({ id }) => id), ids, JSON.stringify(period));
        assert.deepEqual([page.total, page.totalIsMore], [ids.length, false]);
        if (until === null || since === null) {
          const { rows } = await read(ctx, period, "-id");
          assert.deepEqual(rows.map(({ id }) => id), ids.toReversed(), JSON.stringify(period));
        }
      }
    }
  });
}

test("A period of a list without rows is empty", async () => {
  await db`truncate activations cascade`;
  const [at] = moments;
  const { rows, total } = await listDevices(ctx, { activatedSince: at.toISOString() });
  assert.deepEqual([rows, total], [[], 0]);
  assert.deepEqual((await listDevices(ctx, { activatedUntil: at.toISOString() })).rows, []);
});
