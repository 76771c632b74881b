// Metered use as an app calls it: receipts, refusals with what to do, repeated requests that count once, and license info.
import assert from "node:assert/strict";
import { deleteLicense } from "../../server/domain/licenses/manage.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { times } from "../support/concurrency.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer({ RATE_LIMIT_PUBLIC: "1000000" });
const ctx = await server.ctx();
const manager = await makeAdministrator(server, "manager");
const authorized = { authorization: `Bearer ${manager.token}` };

async function meteredLicense(meters: object) {
  const license = await makeLicense(ctx);
  await server.db`update licenses set meters = ${meters as never} where id = ${license.id}`;
  return license;
}

const exports = (limit: number) => ({ exports: { limit, period: "forever", overage: 0 } });
const call = (verb: string, body: object, headers = {}) =>
  server.post(`/api/license/usage/${verb}`, body, headers);
const usageOf = async (key: string) =>
  (await server.get(`/api/license/usage?license_key=${encodeURIComponent(key)}`)).body.usage;

test("an app counts, and every answer has the balance after it", async () => {
  const { key } = await meteredLicense(exports(10));
  const first = await call("increment", { license_key: key, meter: "exports" });
  assert.equal(first.status, 200);
  const { id, ...balance } = first.body;
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(balance, {
    meter: "exports",
    amount: 1,
    used: 1,
    reserved: 0,
    limit: 10,
    remaining: 9,
    over_limit: false,
    period_start: null,
    period_ends: null,
  });
  const refused = await call("increment", { license_key: key, meter: "exports", amount: 10 });
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.body.error.details, {
    meter: "exports",
    limit: 10,
    used: 1,
    reserved: 0,
    period_ends: null,
  });
  assert.match(refused.body.error.message, /1 of 10 are used.*Raise the limit/);
  const { overage, period, ...rest } = (await usageOf(key)).exports;
  assert.deepEqual([overage, period, rest.used, rest.remaining], [0, "forever", 1, 9]);
});

test("an app reserves, and commits a part of it or releases it", async () => {
  const { key } = await meteredLicense(exports(10));
  const held = await call("reserve", { license_key: key, meter: "exports", amount: 6, ttl: 3600 });
  assert.equal(held.status, 201);
  const { reservation } = held.body;
  assert.deepEqual([held.body.reserved, held.body.remaining], [6, 4]);
  assert.equal((await call("commit", { reservation, amount: 7 })).status, 400);
  const committed = await call("commit", { reservation, amount: 5 });
  assert.deepEqual(
    [committed.status, committed.body.used, committed.body.reserved, committed.body.remaining],
    [200, 5, 0, 5],
  );
  const again = await call("release", { reservation });
  assert.deepEqual([again.status, again.body.error.details], [409, { reason: "committed" }]);
});

test("a request that is repeated with its key counts once, also at the same time", async () => {
  const { key } = await meteredLicense(exports(10));
  const body = { license_key: key, meter: "exports", amount: 3 };
  const answers = await times(5, () => call("increment", body, { "idempotency-key": "export-17" }));
  assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
  assert.equal((await usageOf(key)).exports.used, 3);
});

test("200 requests at once count exactly the limit", async () => {
  const { key } = await meteredLicense(exports(100));
  const answers = await times(200, () => call("increment", { license_key: key, meter: "exports" }));
  assert.equal(answers.filter(({ status }) => status === 200).length, 100);
  assert.ok(answers.every(({ status }) => status === 200 || status === 403));
  assert.equal((await usageOf(key)).exports.used, 100);
});

test("what cannot be counted is refused, and nothing is", async () => {
  const { key } = await meteredLicense(exports(10));
  for (const amount of [0, -1, 1.5, 1e10, 2 ** 53, "1"]) {
    assert.equal((await call("increment", { license_key: key, meter: "exports", amount })).status, 400);
  }
  assert.equal((await call("reserve", { license_key: key, meter: "exports", ttl: 3601 })).status, 400);
  const unknown = await call("increment", { license_key: key, meter: "imports" });
  assert.deepEqual([unknown.status, unknown.body.error.code], [404, "METER_NOT_FOUND"]);
  assert.equal((await call("commit", { reservation: crypto.randomUUID() })).status, 404);
  const { reservation } = (await call("reserve", { license_key: key, meter: "exports", amount: 2 })).body;
  for (const amount of [-1, 0.5, 3, 2 ** 53, "1"]) {
    assert.equal((await call("commit", { reservation, amount })).status, 400);
  }
  assert.equal((await call("release", { reservation })).status, 200);
  assert.equal((await usageOf(key)).exports.used, 0);
});

test("license info shows the meters of a license that has some", async () => {
  const metered = await meteredLicense(exports(10));
  await call("increment", { license_key: metered.key, meter: "exports", amount: 4 });
  const { usage } = (await server.get(`/api/license/info/${metered.key}`)).body;
  assert.deepEqual([usage.exports.used, usage.exports.limit, usage.exports.remaining], [4, 10, 6]);
  const plain = await makeLicense(ctx);
  assert.ok(!("usage" in (await server.get(`/api/license/info/${plain.key}`)).body));
});

test("administrators read the use of a license, and correct it with a reason", async () => {
  const { id, key, customerId } = await meteredLicense(exports(10));
  await call("increment", { license_key: key, meter: "exports", amount: 8 });
  const usage = `/api/admin/licenses/${id}/usage`;
  const { meters } = (await server.get(usage, authorized)).body;
  assert.deepEqual([meters[0].meter, meters[0].used, meters[0].remaining], ["exports", 8, 2]);
  const listed = async (level: string) =>
    (await server.get(`/api/admin/licenses?usage=${level}&customer_id=${customerId}`, authorized)).body;
  assert.deepEqual((await listed("near_limit")).rows.map((license: { id: number }) => license.id), [id]);
  assert.deepEqual((await listed("at_limit")).rows, []);
  assert.equal((await listed("nowhere")).error.details.field, "usage");
  const file = await fetch(`${server.url}${usage}/export`, { headers: authorized });
  assert.match(file.headers.get("content-disposition")!, /filename="usage-\d+\.csv"/);
  assert.match(
    await file.text(),
    /^\uFEFF?Meter,Period,From,To,Used,Reserved,Limit\r?\nexports,forever,1900-01-01,,8,0,10\r?\n$/,
  );
  const adjusted = await server.post(
    `${usage}/adjust`,
    { meter: "exports", used: 2, reason: "Six exports failed" },
    authorized,
  );
  assert.deepEqual([adjusted.status, adjusted.body.used], [200, 2]);
  const [event] = await server.db`
    select before, after
    from events
    where license_id = ${id} and type = 'usage.adjusted'`;
  assert.deepEqual({ ...event }, {
    before: { meter: "exports", used: 8 },
    after: { meter: "exports", used: 2, reason: "Six exports failed" },
  });
  await server.db`update licenses set meters = '{}' where id = ${id}`;
  const after = (await server.get(usage, authorized)).body;
  assert.deepEqual([after.meters, after.past[0].used], [[], 2], "a removed meter keeps its history");
  const unknown = await server.post(
    `${usage}/adjust`,
    { meter: "exports", used: 1, reason: "x" },
    authorized,
  );
  assert.equal(unknown.status, 404);
  await deleteLicense(ctx, id);
});

test("administrators add and subtract, and never more than is used", async () => {
  const { id, key } = await meteredLicense(exports(10));
  await call("increment", { license_key: key, meter: "exports", amount: 8 });
  const adjust = (correction: object) =>
    server.post(
      `/api/admin/licenses/${id}/usage/adjust`,
      { meter: "exports", reason: "A test", ...correction },
      authorized,
    );
  const answers = await times(200, (n) => adjust({ by: n % 2 === 0 ? -1 : 1 }));
  assert.ok(
    answers.every(({ status, body }) => status === 200 || body.error.details.reason === "more_than_used"),
  );
  const refused = answers.filter(({ status }) => status !== 200).length;
  assert.equal((await usageOf(key)).exports.used, 8 + refused);
  for (
    const [correction, field] of [[{ by: -1000 }, "by"], [{}, "used"], [{ by: 1, used: 1 }, "by"]] as const
  ) {
    const answer = await adjust(correction);
    assert.deepEqual([answer.status, answer.body.error.details.field], [400, field]);
  }
  assert.equal((await usageOf(key)).exports.used, 8 + refused, "nothing was changed");
});

test("use that reaches 80 % is an event that webhooks deliver", async () => {
  const { id, key } = await meteredLicense(exports(10));
  await call("increment", { license_key: key, meter: "exports", amount: 8 });
  await eventually(async () => {
    const rows = await server.db`
      select after
      from events
      where license_id = ${id} and type = 'usage.threshold'`;
    return rows.length === 1 && rows[0].after.meter === "exports";
  });
});
