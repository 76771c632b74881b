// The log of API requests: what is kept of a second under load is a fair part, a slow database loses rows and nothing else,
// and the table stays as small as the settings say.
import assert from "node:assert/strict";
import type { Db } from "../../db/connect.ts";
import { ConnectionError } from "../../db/connection_error.ts";
import { listApiRequests } from "../../server/domain/api_requests/list.ts";
import { pruneApiRequests, writeApiRequests } from "../../server/domain/api_requests/write.ts";
import { defaultSettings } from "../../server/domain/settings/schema.ts";
import {
  type ApiRequestWriter,
  budgets,
  type OfferedRequest,
  startApiRequestWriter,
} from "../../server/request/api_request_writer.ts";
import { FairSample } from "../../server/request/fair_sample.ts";
import { openLog } from "../../server/request/log.ts";
import { apiRequest, makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx();

/** Offers items of callers, each about a subject, and returns how many of each were kept. */
function sampleOf(size: number, offered: [caller: string, subject: string][]): Record<string, number> {
  const sample = new FairSample<string>(size);
  for (const [caller, subject] of offered) {
    const name = `${caller} ${subject}`;
    if (sample.admits(caller, subject)) sample.add(caller, subject, name);
    assert.ok(sample.kept <= size);
  }
  const { items, seen } = sample.take();
  assert.equal(seen, offered.length);
  assert.deepEqual(sample.take(), { items: [], seen: 0 }, "it begins again");
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

const repeat = (count: number, caller: string, subject: string) =>
  Array.from({ length: count }, () => [caller, subject] as [string, string]);

test("a sample with room keeps everything", () => {
  assert.deepEqual(sampleOf(10, [...repeat(7, "a", "1"), ...repeat(3, "b", "2")]), { "a 1": 7, "b 2": 3 });
});

test("a noisy caller hides no other one, and a noisy license no other one of its caller", () => {
  assert.deepEqual(
    sampleOf(10, [...repeat(500, "noisy", "1"), ...repeat(2, "quiet", "2"), ...repeat(500, "noisy", "1")]),
    { "noisy 1": 8, "quiet 2": 2 },
  );
  assert.deepEqual(
    sampleOf(4, [...repeat(100, "key", "noisy"), ["key", "quiet"], ...repeat(100, "key", "noisy")]),
    { "key noisy": 3, "key quiet": 1 },
  );
  assert.deepEqual(
    sampleOf(6, [...repeat(100, "a", "1"), ...repeat(100, "b", "2"), ...repeat(100, "c", "3")]),
    { "a 1": 2, "b 2": 2, "c 3": 2 },
  );
  const flood = Array.from({ length: 1000 }, (_, n) => ["unidentified", `address ${n}`] as [string, string]);
  const kept = sampleOf(10, [...flood, ...repeat(5, "key", "license")]);
  assert.equal(kept["key license"], 5);
});

const offered = (more: Partial<OfferedRequest> = {}): OfferedRequest => {
  const { seen: _, kept: __, ...request } = apiRequest(ctx.now, more);
  return request;
};

function startWriter(db: Db, settings = defaultSettings) {
  let lines = "";
  const log = openLog("info", (written) => lines += written);
  const writer = startApiRequestWriter({ db, log, now: () => ctx.now, settings: () => settings });
  return { writer, logged: async () => (await log.flush(), lines) };
}

/** Offers requests and returns how many were described. */
function offer(
  writer: ApiRequestWriter,
  count: number,
  outcome: "rejected" | "succeeded",
  caller = 1,
): number {
  let described = 0;
  for (let n = 0; n < count; n++) {
    if (!writer.admits(outcome, caller, 1)) continue;
    described++;
    writer.add(outcome, caller, 1, offered({ status: outcome === "rejected" ? 409 : 200 }));
  }
  return described;
}

test("of each second as many are written as the budgets allow, rejections before successes, and each says of how many", async () => {
  const { writer } = startWriter(ctx.db);
  assert.equal(offer(writer, 1000, "succeeded"), budgets.succeeded, "nothing is built for those left out");
  assert.equal(offer(writer, 25, "rejected"), 25);
  await writer.close();
  const rows = await ctx.db<{ status: number; seen: number; kept: number; count: number }[]>`
    select status, seen, kept, count(*) as count
    from api_requests
    group by status, seen, kept
    order by status`;
  assert.deepEqual([...rows], [
    { status: 200, seen: 1000, kept: budgets.succeeded, count: budgets.succeeded },
    { status: 409, seen: 25, kept: 25, count: 25 },
  ]);
  assert.deepEqual(writer.counts, {
    kept: budgets.succeeded + 25,
    sampledOut: 1000 - budgets.succeeded,
    dropped: 0,
  });
  assert.equal(writer.admits("rejected", 1, 1), false, "a closed writer takes no more");
});

test("a database that does not answer costs a bounded number of rows and one line of the log", async () => {
  let statements = 0;
  const fails: Db = Object.assign(
    () => (statements++, Promise.reject(new Error("the database is away"))),
    { json: (value: unknown) => value },
  ) as unknown as Db;
  const { writer, logged } = startWriter(fails);
  for (let second = 0; second < 30; second++) {
    offer(writer, 100, "rejected");
    await writer.flush();
  }
  assert.deepEqual(writer.counts, { kept: 0, sampledOut: 30 * 60, dropped: 30 * 40 });
  assert.equal(statements, 30, "one statement a second");
  await writer.close();
  assert.equal((await logged()).match(/API requests not logged/g)?.length, 1);
});

test("what a database that is away for a moment has not taken is written in the next second", async () => {
  let failures = 2;
  const away = new Proxy(ctx.db, {
    apply: (target, self, given) =>
      failures-- > 0
        ? Promise.reject(new ConnectionError("CONNECTION_CLOSED"))
        : Reflect.apply(target, self, given),
  });
  const { writer } = startWriter(away);
  offer(writer, 5, "rejected");
  await writer.flush();
  assert.deepEqual(writer.counts, { kept: 5, sampledOut: 0, dropped: 0 });
  await writer.close();
});

test("the log can be turned off", async () => {
  const before = (await listApiRequests(ctx, {})).total;
  const { writer } = startWriter(ctx.db, { ...defaultSettings, keepApiRequestsFor: 0 });
  offer(writer, 5, "rejected");
  await writer.close();
  assert.equal((await listApiRequests(ctx, {})).total, before);
  await ctx.db`truncate api_requests`;
});

test("a request gets customer and product of its license, and the license of its device", async () => {
  const license = await makeLicense(ctx);
  const [{ id: activationId }] = await ctx.db<{ id: number }[]>`
    insert into activations (license_id, hardware_id, machine_name, activated_at, last_heartbeat)
    values (${license.id}, 'pc', 'PC of Anne', ${ctx.now}, ${ctx.now})
    returning id`;
  await writeApiRequests(ctx.db, [
    apiRequest(ctx.now, { licenseId: license.id }),
    apiRequest(new Date(ctx.now.getTime() + 1), { activationId }),
    apiRequest(ctx.now, { licenseId: 999_999 }),
  ]);
  const { rows } = await listApiRequests(ctx, { customerId: license.customerId });
  const about = { licenseId: license.id, productId: license.productId, licenseKey: license.key };
  assert.deepEqual(
    rows.map(({ licenseId, productId, licenseKey, machineName }) => ({
      licenseId,
      productId,
      licenseKey,
      machineName,
    })),
    [{ ...about, machineName: "PC of Anne" }, { ...about, machineName: null }],
  );
});

test("requests older than the setting are deleted, and the oldest of those that are too many", async () => {
  await ctx.db`truncate api_requests`;
  const daysAgo = (days: number) => new Date(ctx.now.getTime() - days * 86_400_000);
  await writeApiRequests(ctx.db, [8, 8, 6.9, 2, 1].map((days) => apiRequest(daysAgo(days))));
  const settings = { keepApiRequestsFor: 7, maxApiRequests: 1000 };
  assert.equal(await pruneApiRequests({ ...ctx, settings }), 2);
  assert.equal(await pruneApiRequests({ ...ctx, settings: { ...settings, maxApiRequests: 2 } }), 1);
  assert.equal((await listApiRequests(ctx, {})).total, 2);
  assert.equal(await pruneApiRequests({ ...ctx, settings: { ...settings, keepApiRequestsFor: 0 } }), 2);
});

test("the connections close", () => system.db.end());
