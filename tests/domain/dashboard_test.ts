// Figures of the dashboard: licenses that expire in the next days, and the app versions in use.
import assert from "node:assert/strict";
import type { CalendarDay } from "../../server/domain/calendar.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateDevice } from "../../server/domain/devices/manage.ts";
import { deleteLicenses, setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import type { Context } from "../../server/domain/context.ts";
import { getExpiriesAhead, keepExpiriesAhead } from "../../server/domain/monitoring/expiries_ahead.ts";
import { getLiveStats } from "../../server/domain/monitoring/live_stats.ts";
import { rollUpStatistics } from "../../server/domain/monitoring/statistics.ts";
import { getVersionsInUse, keepVersionsInUse } from "../../server/domain/monitoring/versions.ts";
import { listProducts } from "../../server/domain/products/list.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx(new Date("2030-02-26T12:00:00Z"));

test("The licenses that expire are counted for each day, starting today", async () => {
  const { customerId, productId } = await makeLicense(ctx, { validUntil: null });
  const end = (validUntil: CalendarDay) =>
    makeLicense(ctx, { customerId, productId, validFrom: "2030-01-01", validUntil });
  for (
    const day of [
      "2030-02-25",
      "2030-02-26",
      "2030-03-01",
      "2030-03-01",
      "2030-03-04",
      "2030-03-05",
    ] as const
  ) {
    await end(day);
  }
  await setLicensesEnabled(ctx, { ids: [(await end("2030-03-01")).id], enabled: false });
  await deleteLicenses(ctx, [(await end("2030-03-01")).id]);
  assert.deepEqual((await getExpiriesAhead(ctx, 7)).days, [
    { day: "2030-02-26", licenses: 1 },
    { day: "2030-02-27", licenses: 0 },
    { day: "2030-02-28", licenses: 0 },
    { day: "2030-03-01", licenses: 2 },
    { day: "2030-03-02", licenses: 0 },
    { day: "2030-03-03", licenses: 0 },
    { day: "2030-03-04", licenses: 1 },
  ]);
});

test("Versions in use are those of activated machines, most used first", async () => {
  const product = await makeProduct(ctx);
  const license = await makeLicense(ctx, { productId: product.id, maxActivations: 100 });
  const other = await makeLicense(ctx);
  let number = 0;
  const run = async (appVersion: string | null, { key }: { key: string } = license) =>
    (await activateLicense(ctx, {
      licenseKey: key,
      hardwareId: `m${number++}`,
      machineName: null,
      appVersion,
    }))
      .activation.id;
  for (const version of ["1.0.0", "1.1.0", "1.1.0", null]) await run(version);
  await deactivateDevice(ctx, { licenseId: license.id, deviceId: await run("0.9.0") });
  await run("1.0.0", other);
  const deleted = await makeLicense(ctx, { productId: product.id });
  await run("1.0.0", deleted);
  await deleteLicenses(ctx, [deleted.id]);
  assert.deepEqual(await getVersionsInUse(ctx, { productId: product.id }), {
    versions: [
      { version: "1.1.0", machines: 2 },
      { version: "1.0.0", machines: 1 },
      { version: null, machines: 1 },
    ],
    others: 0,
    isEstimate: false,
    countedAt: null,
  });
  const all = await getVersionsInUse(ctx, {});
  assert.deepEqual(all.versions.map(({ machines }) => machines), [2, 2, 1]);
  for (let n = 0; n < 60; n++) await run(`2.${n}.0`);
  const { versions, others } = await getVersionsInUse(ctx, { productId: product.id });
  assert.deepEqual([versions.length, others], [50, 13]);
});

test("Version counts of very many machines are estimated from a sample", async () => {
  const license = await makeLicense(ctx, { maxActivations: 1_000_000 });
  await system.db`
    insert into activations (license_id, hardware_id, app_version, activated_at, last_heartbeat)
    select ${license.id}, 'many ' || n, case when n % 4 = 0 then '5.0.0' else '5.1.0' end, now(), now()
    from generate_series(1, 100000) as n`;
  await system.db`analyze activations`;
  const { versions, isEstimate } = await getVersionsInUse(ctx, { productId: license.productId });
  assert.deepEqual([isEstimate, versions.map(({ version }) => version)], [true, ["5.1.0", "5.0.0"]]);
  assert.ok(Math.abs(versions[0].machines / 75_000 - 1) < 0.2, String(versions[0].machines));
});

test("Many licenses and machines are counted by the worker, and the numbers say when", async () => {
  const { productId } = await makeLicense(ctx, { maxActivations: 5 });
  await system.db`
    insert into licenses (
      key, key_digest, product_id, customer_id, type, valid_from, max_activations, max_users, created_at, updated_at
    )
    select
      'many ' || n, sha256(('many ' || n)::bytea), ${productId}, (select min(id) from customers), 'perpetual',
      '2030-01-01', 5, 5, ${ctx.now}, ${ctx.now}
    from generate_series(1, 12000) as n`;
  await system.db`analyze licenses`;
  const licensesOf = async (ctx: Context) =>
    (await listProducts(ctx, {})).rows.filter(({ id }) => id === productId).map((
      { licenses, licensesCountedAt },
    ) => [licenses, licensesCountedAt]);
  assert.deepEqual(await licensesOf(ctx), [[12_001, null]], "without a worker they are counted");
  assert.equal((await getLiveStats(ctx)).countedAt, null);
  await rollUpStatistics(ctx);
  await keepVersionsInUse(ctx);
  const later = await system.ctx(new Date("2030-02-26T12:05:00Z"));
  const more = await makeLicense(later, { productId });
  assert.deepEqual(await licensesOf(later), [[12_001, ctx.now]]);
  const { metrics, countedAt } = await getLiveStats(later);
  assert.deepEqual(countedAt, ctx.now);
  assert.ok(metrics.activeLicenses >= 12_001);
  const inUse = await getVersionsInUse(later, {});
  assert.deepEqual([inUse.countedAt, inUse.isEstimate], [ctx.now, false]);
  assert.deepEqual(inUse.versions.slice(0, 2), [
    { version: "5.1.0", machines: 75_000 },
    { version: "5.0.0", machines: 25_000 },
  ]);
  assert.deepEqual([inUse.versions.length, inUse.others > 0], [50, true]);
  await deleteLicenses(later, [more.id]);
  await rollUpStatistics(later);
  assert.deepEqual(await licensesOf(later), [[12_001, later.now]]);
});

test("Of many licenses, a worker counts those that expire, as long as it runs", async () => {
  const { productId } = await makeLicense(ctx, { validFrom: "2030-01-01", validUntil: "2031-02-26" });
  const endingOn = async (ctx: Context, day: CalendarDay, days = 366) => {
    const { days: found, countedAt } = await getExpiriesAhead(ctx, days);
    assert.equal(found.length, days);
    return [found.find((each) => each.day === day)?.licenses, countedAt];
  };
  assert.deepEqual(await endingOn(ctx, "2031-02-26"), [1, null], "without a worker they are counted");
  await keepExpiriesAhead(ctx);
  await makeLicense(ctx, { productId, validFrom: "2030-01-01", validUntil: "2031-02-26" });
  const later = await system.ctx(new Date("2030-03-02T00:00:01Z"));
  assert.deepEqual(await endingOn(later, "2031-02-26"), [1, ctx.now]);
  assert.deepEqual((await getExpiriesAhead(later, 7)).days[0].day, "2030-03-02");
  const muchLater = await system.ctx(new Date("2030-03-06T12:00:00Z"));
  assert.deepEqual(await endingOn(muchLater, "2031-02-26"), [2, null], "the kept counts lack the last days");
  assert.deepEqual(await endingOn(muchLater, "2030-03-07", 28), [0, ctx.now]);
});

test("the database connections close", () => system.db.end());
