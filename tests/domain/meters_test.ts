// Metered use: limits, reservations that come back, and what is refused.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import type { Context } from "../../server/domain/context.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { closeLapsedReservations, deleteEndedReservations } from "../../server/domain/meters/close_lapsed.ts";
import { commitReservation, releaseReservation } from "../../server/domain/meters/end.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { getUsageByKey } from "../../server/domain/meters/usage.ts";
import { times } from "../support/concurrency.ts";
import { makeProduct } from "../support/fixtures.ts";
import { meteredSystem, monthly, refusal, usageOf, use } from "../support/meters.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const { at, meteredLicense, setMeters, sharing } = meteredSystem(system);

test("an increment that does not fit counts nothing and says what is left", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const ctx = await at(0);
  await incrementUsage(ctx, use(license, 8));
  await assert.rejects(
    incrementUsage(ctx, use(license, 3)),
    refusal("USAGE_LIMIT_REACHED", {
      meter: "exports",
      limit: 10,
      used: 8,
      reserved: 0,
      periodEnds: new Date("2026-04-01T00:00:00Z"),
    }),
  );
  const receipt = await incrementUsage(ctx, use(license, 2));
  assert.equal(receipt.used, 10);
});

test("overage admits a percentage beyond the limit, or any number", async () => {
  const license = await meteredLicense({ exports: monthly(10, 25), renders: monthly(10, null) });
  const ctx = await at(0);
  const receipt = await incrementUsage(ctx, use(license, 12));
  assert.equal(receipt.used - receipt.limit, 2);
  await assert.rejects(incrementUsage(ctx, use(license)), refusal("USAGE_LIMIT_REACHED"));
  await incrementUsage(ctx, use(license, 1_000_000_000, "renders"));
  assert.deepEqual(await usageOf(ctx, license, "renders"), { used: 1_000_000_000, reserved: 0 });
});

test("a count that JSON numbers do not hold is refused", async () => {
  const license = await meteredLicense({ exports: monthly(0, null) });
  const ctx = await at(0);
  await incrementUsage(ctx, use(license));
  await db`
    update meter_usage
    set used = ${Number.MAX_SAFE_INTEGER - 1}
    where license_id = ${license.id}`;
  await assert.rejects(incrementUsage(ctx, use(license, 2)), refusal("USAGE_LIMIT_REACHED"));
  await incrementUsage(ctx, use(license, 1));
});

test("reservations count as used, and come back when they are released", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const ctx = await at(0);
  const held = await reserveUsage(ctx, { ...use(license, 7), ttl: 60 });
  assert.deepEqual(await usageOf(ctx, license), { used: 0, reserved: 7 });
  await assert.rejects(incrementUsage(ctx, use(license, 4)), refusal("USAGE_LIMIT_REACHED", { reserved: 7 }));
  const { amount, reserved } = await releaseReservation(ctx, held.reservationId);
  assert.deepEqual([amount, reserved], [0, 0]);
  await incrementUsage(ctx, use(license, 10));
  await assert.rejects(
    releaseReservation(ctx, held.reservationId),
    refusal("RESERVATION_ENDED", { reason: "released" }),
  );
});

test("a commit counts what was used, and the rest comes back", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const ctx = await at(0);
  const { reservationId } = await reserveUsage(ctx, { ...use(license, 7), ttl: 60 });
  await assert.rejects(
    commitReservation(ctx, { reservationId, amount: 8 }),
    refusal("INVALID_REQUEST", { field: "amount", maximum: 7 }),
  );
  const receipt = await commitReservation(ctx, { reservationId, amount: 4 });
  assert.deepEqual([receipt.amount, receipt.used, receipt.reserved], [4, 4, 0]);
  await assert.rejects(
    commitReservation(ctx, { reservationId, amount: null }),
    refusal("RESERVATION_ENDED", { reason: "committed" }),
  );
  assert.deepEqual(await usageOf(ctx, license), { used: 4, reserved: 0 });
});

test("a reservation that lapsed comes back at once, and cannot be committed", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const { reservationId } = await reserveUsage(await at(0), { ...use(license, 10), ttl: 60 });
  await assert.rejects(incrementUsage(await at(59), use(license)), refusal("USAGE_LIMIT_REACHED"));
  assert.deepEqual(await usageOf(await at(59), license), { used: 0, reserved: 10 });
  assert.deepEqual(await usageOf(await at(60), license), { used: 0, reserved: 0 });
  await assert.rejects(
    commitReservation(await at(60), { reservationId, amount: null }),
    refusal("RESERVATION_ENDED", { reason: "lapsed" }),
  );
  const receipt = await incrementUsage(await at(60), use(license, 10));
  assert.deepEqual([receipt.used, receipt.reserved], [10, 0]);
  await assert.rejects(
    commitReservation(await at(61), { reservationId, amount: null }),
    refusal("RESERVATION_ENDED", { reason: "lapsed" }),
  );
});

test("a job closes lapsed reservations, and deletes them a day later", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const { reservationId } = await reserveUsage(await at(0), { ...use(license, 6), ttl: 60 });
  await reserveUsage(await at(0), { ...use(license, 3), ttl: 600 });
  const stored = async () => {
    const [row] = await db<{ reserved: number; open: number }[]>`
      select reserved, (
        select count(*)
        from meter_reservations v
        where v.license_id = u.license_id and state = 'open'
      ) as open
      from meter_usage u
      where license_id = ${license.id}`;
    return { ...row };
  };
  assert.deepEqual(await stored(), { reserved: 9, open: 2 });
  assert.ok(await closeLapsedReservations(await at(61), null) >= 1);
  assert.deepEqual(await stored(), { reserved: 3, open: 1 });
  await closeLapsedReservations(await at(601), null);
  assert.deepEqual(await stored(), { reserved: 0, open: 0 });
  await deleteEndedReservations(await at(86_400 + 61));
  await assert.rejects(
    commitReservation(await at(86_400 + 61), { reservationId, amount: null }),
    refusal("RESERVATION_NOT_FOUND"),
  );
});

test("the license has to be valid, and its machine activated where one is named", async () => {
  const license = await meteredLicense({ exports: monthly(10) }, { validUntil: "2026-06-30" });
  const ctx = await at(0);
  const onMachine = { ...use(license), hardwareId: "PC-1" };
  await assert.rejects(incrementUsage(ctx, onMachine), refusal("NOT_ACTIVATED"));
  await activateLicense(ctx, {
    licenseKey: license.key,
    hardwareId: "PC-1",
    machineName: null,
    appVersion: null,
  });
  await incrementUsage(ctx, onMachine);
  await assert.rejects(
    incrementUsage(ctx, use(license, 1, "export")),
    refusal("METER_NOT_FOUND", { meters: ["exports"] }),
  );
  await assert.rejects(
    incrementUsage(await at("2026-07-01T00:00:00Z"), use(license)),
    refusal("LICENSE_EXPIRED"),
  );
  const { reservationId } = await reserveUsage(ctx, { ...use(license, 3), ttl: 60 });
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await assert.rejects(incrementUsage(ctx, use(license)), refusal("LICENSE_INACTIVE"));
  // The work of the reservation is done: it is counted all the same.
  const receipt = await commitReservation(ctx, { reservationId, amount: null });
  assert.equal(receipt.used, 4);
});

test("an API key of another product finds neither license nor reservation", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const ctx = await at(0);
  const other: Context = {
    ...ctx,
    actor: { kind: "api_key", id: 1, name: "other", productId: (await makeProduct(ctx)).id },
  };
  const { reservationId } = await reserveUsage(ctx, { ...use(license), ttl: 60 });
  await assert.rejects(incrementUsage(other, use(license)), refusal("INVALID_LICENSE"));
  await assert.rejects(getUsageByKey(other, license.key), refusal("INVALID_LICENSE"));
  await assert.rejects(
    commitReservation(other, { reservationId, amount: null }),
    refusal("RESERVATION_NOT_FOUND"),
  );
});

test("lowering the limit takes nothing away, and removing a meter keeps its history", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const ctx = await at(0);
  await incrementUsage(ctx, use(license, 6));
  const { reservationId } = await reserveUsage(ctx, { ...use(license, 2), ttl: 60 });
  await setMeters(license, { exports: monthly(5) });
  await assert.rejects(
    incrementUsage(ctx, use(license)),
    refusal("USAGE_LIMIT_REACHED", { used: 6, limit: 5 }),
  );
  await setMeters(license, {});
  const receipt = await commitReservation(ctx, { reservationId, amount: null });
  assert.deepEqual([receipt.used, receipt.limit], [8, 10]);
  await setMeters(license, { exports: monthly(20) });
  assert.deepEqual(await usageOf(ctx, license), { used: 8, reserved: 0 });
});

test("thresholds and the end of the limit are recorded once in each period", async () => {
  const license = await meteredLicense({ exports: monthly(10, 10) });
  const events = async () => {
    const rows = await db<{ type: string; after: { threshold?: number; periodEndsOn?: string } }[]>`
      select type, after
      from events
      where license_id = ${license.id} and type in ('usage.threshold', 'usage.limit_reached')
      order by id`;
    return rows.map(({ type, after }) => type === "usage.threshold" ? after.threshold : after.periodEndsOn);
  };
  const ctx = sharing(await at(0));
  await times(7, () => incrementUsage(ctx, use(license)));
  assert.deepEqual(await events(), []);
  await times(2, () => incrementUsage(ctx, use(license)));
  assert.deepEqual(await events(), [80, 90]);
  const { reservationId } = await reserveUsage(ctx, { ...use(license, 2), ttl: 60 });
  assert.deepEqual(await events(), [80, 90], "what is reserved is not used yet");
  await commitReservation(ctx, { reservationId, amount: null });
  assert.deepEqual(await events(), [80, 90, 100, "2026-03-31"]);
  const next = await at("2026-04-01T00:00:00Z");
  await incrementUsage(next, use(license, 11));
  assert.deepEqual((await events()).slice(4), [80, 90, 100, "2026-04-30"]);
});
