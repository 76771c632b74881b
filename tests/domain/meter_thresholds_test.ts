// Thresholds of meters: each is told once in a period, by an event and a mail, whatever is corrected and whoever counts at
// the same time; those of another limit are told again.
import assert from "node:assert/strict";
import { queueCustomerMails } from "../../server/domain/mail/customers/queue_customer_mails.ts";
import { adjustUsage } from "../../server/domain/meters/administer.ts";
import { commitReservation } from "../../server/domain/meters/end.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { times } from "../support/concurrency.ts";
import { meteredSystem, monthly, use } from "../support/meters.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const { at, meteredLicense, setMeters, sharing } = meteredSystem(system);

/** What was told of a license: percent, and "end" when it was used up. */
async function told({ id }: { id: number }): Promise<(number | "end")[]> {
  const rows = await db<{ type: string; after: { threshold?: number } }[]>`
    select type, after
    from events
    where license_id = ${id} and type in ('usage.threshold', 'usage.limit_reached')
    order by id`;
  return rows.map(({ after }) => after.threshold ?? "end");
}

async function mailsAbout({ id }: { id: number }): Promise<string[]> {
  await system.settled();
  const ctx = await at(0);
  const settings = { ...ctx.settings, mailUsageReached: true, mailLicenseDelivered: false };
  await queueCustomerMails({ ...ctx, settings }, { publicUrl: "https://l.example", isReady: true });
  const rows = await db<{ subject: string }[]>`
    select subject
    from mails
    where ${id} = any(license_ids)
    order by id`;
  return rows.map(({ subject }) => subject.match(/\d+ %/)![0]);
}

const correct = async ({ id }: { id: number }, used: number) =>
  await adjustUsage(await at(0), { id, meter: "exports", used, reason: "a test" });

test("a threshold that 200 cross at once is one event and one mail, also when it is crossed again", async () => {
  const customer = { name: "Mia", email: "mia@example.com" };
  const license = await meteredLicense({ exports: monthly(300) }, { customer });
  const ctx = sharing(await at(0));
  const cross = () =>
    times(200, async (n) => {
      if (n % 2 === 0) return await incrementUsage(ctx, use(license));
      const { reservationId } = await reserveUsage(ctx, { ...use(license), ttl: 60 });
      return await commitReservation(ctx, { reservationId, amount: null });
    });
  await correct(license, 60);
  await cross();
  assert.deepEqual(await told(license), [80]);
  await correct(license, 60);
  await cross();
  assert.deepEqual(await told(license), [80]);
  assert.deepEqual(await mailsAbout(license), ["80 %"]);
  await times(20, () => incrementUsage(ctx, use(license)));
  assert.deepEqual(await told(license), [80, 90]);
  await times(20, () => incrementUsage(ctx, use(license)));
  assert.deepEqual(await told(license), [80, 90, 100, "end"]);
  await correct(license, 0);
  await incrementUsage(ctx, use(license, 300));
  assert.deepEqual(await told(license), [80, 90, 100, "end"]);
  assert.deepEqual(await mailsAbout(license), ["80 %", "90 %", "100 %"]);
  await incrementUsage(await at("2026-04-01T00:00:00Z"), use(license, 250));
  assert.deepEqual((await told(license)).slice(4), [80]);
});

test("200 increments at once without shared statements tell once", async () => {
  const license = await meteredLicense({ exports: monthly(240) });
  const ctx = await at(0);
  await times(200, () => incrementUsage(ctx, use(license)));
  assert.deepEqual(await told(license), [80]);
});

test("what a lowered limit or a correction reached is told with the next use, not with a reservation", async () => {
  const license = await meteredLicense({ exports: monthly(1000) });
  const ctx = sharing(await at(0));
  await incrementUsage(ctx, use(license, 850));
  await setMeters(license, { exports: monthly(900) });
  const { reservationId } = await reserveUsage(ctx, { ...use(license), ttl: 60 });
  assert.deepEqual(await told(license), [80]);
  await commitReservation(ctx, { reservationId, amount: null });
  assert.deepEqual(await told(license), [80, 90]);
  const corrected = await meteredLicense({ exports: monthly(1000) });
  await correct(corrected, 950);
  await times(2, () => incrementUsage(ctx, use(corrected)));
  assert.deepEqual(await told(corrected), [80, 90]);
});

test("the thresholds of a raised limit are told, and those of a lowered one after a correction", async () => {
  const license = await meteredLicense({ exports: monthly(100, 10) });
  const ctx = sharing(await at(0));
  await incrementUsage(ctx, use(license, 110));
  assert.deepEqual(await told(license), [80, 90, 100, "end"]);
  await setMeters(license, { exports: monthly(100, 20) });
  await incrementUsage(ctx, use(license, 10));
  assert.deepEqual((await told(license)).slice(4), ["end"]);
  await setMeters(license, { exports: monthly(200) });
  await incrementUsage(ctx, use(license, 45));
  assert.deepEqual((await told(license)).slice(5), [80]);
  await correct(license, 0);
  await setMeters(license, { exports: monthly(50) });
  await incrementUsage(ctx, use(license, 41));
  assert.deepEqual((await told(license)).slice(6), [80]);
});

test("what is committed of a period that is over tells nothing, and keeps that period's limit", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const { reservationId } = await reserveUsage(await at("2026-03-31T23:59:30Z"), {
    ...use(license, 9),
    ttl: 60,
  });
  await setMeters(license, { exports: monthly(5) });
  const receipt = await commitReservation(await at("2026-04-01T00:00:10Z"), { reservationId, amount: null });
  assert.deepEqual([receipt.startsOn, receipt.used, receipt.limit], ["2026-03-01", 9, 10]);
  assert.deepEqual(await told(license), []);
});
