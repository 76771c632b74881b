// The demo data shows the terms of licenses: licenses in each state, devices that lapsed, changed and were replaced, seats and
// metered use. It is loaded on the first of a month, when little has been used.
import assert from "node:assert/strict";
import { loadDemoData } from "../../server/demo/demo_data.ts";
import { demo } from "../../server/demo_credentials.ts";
import { getLicenseByKey } from "../../server/domain/licenses/get_by_key.ts";
import { getLicenseUsage } from "../../server/domain/meters/administer.ts";
import { type ListedLicense, listLicenses } from "../../server/domain/licenses/list.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const ctx = await system.ctx(new Date("2024-03-01T00:05:00Z"));
await loadDemoData(ctx);
const { rows: licenses } = await listLicenses(ctx, { sort: "id", limit: 200 });
const of = (customer: string): ListedLicense =>
  licenses.find(({ customerName }) => customerName === customer)!;

test("the demo has a license in grace, one that is over its limit and one that no device has started", () => {
  assert.equal(of("Marigold Workwear").state, "in_grace");
  const { maxActivations, activationsInUse } = of("Pixel & Thread Exports");
  assert.deepEqual([maxActivations, activationsInUse], [4, 5]);
  const { startsWith, validUntil } = of("Juniper Quilts");
  assert.deepEqual([startsWith, validUntil], ["first_activation", null]);
});

test("devices of the demo lapsed, were recognised and replaced, and licenses renewed, started and scheduled", async () => {
  const rows = await system.db<{ type: string }[]>`select distinct type from events`;
  const types = new Set(rows.map(({ type }) => type));
  for (
    const type of [
      "activation.lapsed",
      "activation.rebound",
      "activation.replaced",
      "activation.over_limit",
      "license_file.issued",
      "license.renewed",
      "license.started",
      "license.trial_started",
      "usage.threshold",
    ]
  ) assert.ok(types.has(type), type);
  assert.ok(of("Parchment & Twill").disableAt);
});

test("seats of the demo are in use, on a license and on each device of one", async () => {
  const rows = await system.db<{ scope: string; seats: number }[]>`
    select l.seat_scope as scope, count(*) as seats
    from seats s
    join licenses l on l.id = s.license_id
    where s.expires_at > ${ctx.now}
    group by 1
    order by 1`;
  assert.deepEqual(rows.map(({ scope, seats }) => [scope, seats]), [["license", 10], ["machine", 5]]);
});

test("meters of the demo have a balance and a history", async () => {
  const { meters, past } = await getLicenseUsage(ctx, of("Pixel & Thread Exports").id);
  assert.deepEqual(meters.map(({ meter, used, reserved }) => [meter, used > 0, reserved]), [
    ["exports", true, 25],
    ["previews", true, 0],
  ]);
  assert.equal(past.filter(({ period }) => period === "month").length, 10);
  assert.ok(past.some(({ used, limit }) => used > limit));
});

test("the license of the documentation has the documented limits", async () => {
  const { maxActivations, maxUsers, validUntil } = await getLicenseByKey(ctx, demo.licenseKey);
  assert.deepEqual([maxActivations, maxUsers, validUntil], [5, 10, null]);
});
