// Licenses by what is used of their meters, and all periods of a license as a table.
import assert from "node:assert/strict";
import { allUsagePeriods } from "../../server/domain/meters/export_usage.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { listLicenses } from "../../server/domain/licenses/list.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { recordThresholds } from "../../server/domain/usage/usage.ts";
import type { MeterLevel } from "../../server/domain/usage/inputs.ts";
import { meteredSystem, monthly, use } from "../support/meters.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const { at, meteredLicense, setMeters } = meteredSystem(system);

/** The levels at which a license is listed. */
async function levelsOf({ id, productId }: { id: number; productId: number }, time: number | string = 0) {
  const found: MeterLevel[] = [];
  for (const usage of ["near_limit", "at_limit", "over_limit"] as const) {
    const { rows, total } = await listLicenses(await at(time), { productId, usage });
    assert.equal(total, rows.length);
    if (rows.some((row) => row.id === id)) found.push(usage);
  }
  return found;
}

test("licenses are listed from 80 % of a limit on, at it, and over it, while the period lasts", async () => {
  const license = await meteredLicense({ exports: monthly(10, 50), renders: monthly(0, null) });
  const ctx = await at(0);
  assert.deepEqual(await levelsOf(license), []);
  await incrementUsage(ctx, use(license, 7));
  await reserveUsage(ctx, { ...use(license, 3), ttl: 60 });
  assert.deepEqual(await levelsOf(license), [], "what is reserved is not used yet");
  await incrementUsage(ctx, use(license, 1));
  assert.deepEqual(await levelsOf(license), ["near_limit"]);
  await incrementUsage(ctx, use(license, 2));
  assert.deepEqual(await levelsOf(license), ["near_limit", "at_limit"]);
  await incrementUsage(ctx, use(license, 1));
  assert.deepEqual(await levelsOf(license), ["near_limit", "at_limit", "over_limit"]);
  assert.deepEqual(await levelsOf(license, "2026-03-31T23:59:59Z"), ["near_limit", "at_limit", "over_limit"]);
  assert.deepEqual(await levelsOf(license, "2026-04-01T00:00:00Z"), []);
  await incrementUsage(await at("2026-04-01T00:00:00Z"), use(license, 1, "renders"));
  assert.deepEqual((await levelsOf(license, "2026-04-01T00:00:00Z")).length, 3, "a limit of 0");
});

test("another limit is listed as it is now, also before something is counted", async () => {
  const license = await meteredLicense({
    exports: monthly(100),
    renders: { ...monthly(10), period: "forever" },
  });
  const ctx = await at(0);
  await incrementUsage(ctx, use(license, 50));
  await incrementUsage(ctx, use(license, 5, "renders"));
  const change = async (exports: number) => {
    await updateLicense(ctx, {
      id: license.id,
      changes: { meters: { exports: monthly(exports), renders: { ...monthly(10), period: "forever" } } },
    });
    await system.settled();
  };
  assert.deepEqual(await levelsOf(license), []);
  await change(60);
  await recordThresholds(ctx);
  assert.deepEqual(await levelsOf(license), ["near_limit"], "50 of 60 exports");
  await change(50);
  await recordThresholds(ctx);
  assert.deepEqual(await levelsOf(license), ["near_limit", "at_limit"]);
  await change(1000);
  assert.deepEqual(await levelsOf(license), [], "a raised limit before the job has run");
  await recordThresholds(ctx);
  assert.deepEqual(await levelsOf(license), []);
  await change(40);
  await recordThresholds(ctx);
  assert.deepEqual(await levelsOf(license), ["near_limit", "at_limit", "over_limit"]);
  await setMeters(license, {});
  assert.deepEqual(await levelsOf(license), [], "a meter that the license has no more");
});

test("all periods of a license are a table, however many", async () => {
  const license = await meteredLicense({ exports: { limit: 10, period: "day", overage: 0 } });
  await db`
    insert into meter_usage (license_id, meter, period, starts_on, ends_on, max_units, used, updated_at)
    select ${license.id}, name, 'day', day, day, 10, 3, now()
    from unnest(array['exports', 'old']) as name, generate_series('2024-01-01', '2026-03-09', '1 day'::interval) as day`;
  await incrementUsage(await at(0), use(license, 4));
  const rows = await Array.fromAsync(allUsagePeriods(await at(0), license.id));
  assert.equal(rows.length, 1 + 2 * 799);
  const written = rows.map(({ meter, startsOn, used }) => `${startsOn} ${meter} ${used}`);
  assert.deepEqual(written.slice(0, 3), ["2026-03-10 exports 4", "2026-03-09 exports 3", "2026-03-09 old 3"]);
  assert.equal(new Set(written).size, written.length);
  assert.equal(written.at(-1), "2024-01-01 old 3");
});
