// Metered use at its edges: terms that change while units are reserved, calls that come late, and everything at once.
import assert from "node:assert/strict";
import { DomainError } from "../../server/domain/errors.ts";
import { adjustUsage } from "../../server/domain/meters/administer.ts";
import { closeLapsedReservations } from "../../server/domain/meters/close_lapsed.ts";
import { commitReservation, releaseReservation } from "../../server/domain/meters/end.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { countSuccesses, times } from "../support/concurrency.ts";
import { meteredSystem, monthly, refusal, usageOf, use } from "../support/meters.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const { at, meteredLicense, setMeters, sharing } = meteredSystem(system);

test("a limit that is lowered below what is reserved admits nothing more, and the reservations count", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const ctx = sharing(await at(0));
  const held = await times(4, () => reserveUsage(ctx, { ...use(license, 2), ttl: 60 }));
  await setMeters(license, { exports: monthly(5) });
  await assert.rejects(
    incrementUsage(ctx, use(license)),
    refusal("USAGE_LIMIT_REACHED", { limit: 5, used: 0, reserved: 8 }),
  );
  await assert.rejects(reserveUsage(ctx, { ...use(license), ttl: 60 }), refusal("USAGE_LIMIT_REACHED"));
  for (const { reservationId } of held.slice(0, 3)) {
    await commitReservation(ctx, { reservationId, amount: null });
  }
  await releaseReservation(ctx, held[3].reservationId);
  assert.deepEqual(await usageOf(ctx, license), { used: 6, reserved: 0 });
  await assert.rejects(incrementUsage(ctx, use(license)), refusal("USAGE_LIMIT_REACHED", { used: 6 }));
});

test("a committed reservation is neither released nor committed, and a released one not committed", async () => {
  const license = await meteredLicense({ exports: monthly(10) });
  const ctx = sharing(await at(0));
  const [first, second] = await times(2, () => reserveUsage(ctx, { ...use(license, 4), ttl: 60 }));
  await commitReservation(ctx, { reservationId: first.reservationId, amount: 0 });
  await assert.rejects(
    releaseReservation(ctx, first.reservationId),
    refusal("RESERVATION_ENDED", { reason: "released" }),
    "a commit of nothing releases it",
  );
  await commitReservation(ctx, { reservationId: second.reservationId, amount: null });
  for (
    const late of [
      releaseReservation(ctx, second.reservationId),
      commitReservation(ctx, { reservationId: second.reservationId, amount: 1 }),
    ]
  ) {
    await assert.rejects(late, refusal("RESERVATION_ENDED", { reason: "committed" }));
  }
  assert.deepEqual(await usageOf(ctx, license), { used: 4, reserved: 0 });
});

test("a meter that is counted by another period, or removed, ends its reservations where they were made", async () => {
  const license = await meteredLicense({ exports: monthly(10), renders: monthly(10) });
  const ctx = sharing(await at(0));
  const exports = await reserveUsage(ctx, { ...use(license, 7), ttl: 60 });
  const renders = await reserveUsage(ctx, { ...use(license, 7, "renders"), ttl: 60 });
  await setMeters(license, { exports: { limit: 8, period: "day", overage: 0 } });
  // The units of the month are none of the day.
  await incrementUsage(ctx, use(license, 8));
  await assert.rejects(incrementUsage(ctx, use(license, 1, "renders")), refusal("METER_NOT_FOUND"));
  const committed = await commitReservation(ctx, { reservationId: exports.reservationId, amount: null });
  assert.deepEqual([committed.period, committed.used, committed.limit], ["month", 7, 10]);
  const released = await releaseReservation(ctx, renders.reservationId);
  assert.deepEqual([released.used, released.reserved], [0, 0]);
  assert.deepEqual(await usageOf(ctx, license), { used: 8, reserved: 0 });
  await setMeters(license, { exports: monthly(10), renders: monthly(10) });
  assert.deepEqual(await usageOf(ctx, license), { used: 7, reserved: 0 });
  assert.deepEqual(await usageOf(ctx, license, "renders"), { used: 0, reserved: 0 });
});

test("a reservation of the last of February that lapses in March comes back in February alone", async () => {
  for (const [last, next] of [["2026-02-28", "2026-03-01"], ["2028-02-29", "2028-03-01"]]) {
    const license = await meteredLicense({
      exports: monthly(10),
      days: { limit: 10, period: "day", overage: 0 },
    });
    for (const meter of ["exports", "days"]) {
      const before = await at(`${last}T23:59:59Z`);
      await reserveUsage(before, { ...use(license, 10, meter), ttl: 2 });
      await incrementUsage(await at(`${next}T00:00:00Z`), use(license, 10, meter));
    }
    await closeLapsedReservations(await at(`${next}T00:00:01Z`), null);
    const rows = await db<{ startsOn: string; used: number; reserved: number }[]>`
      select starts_on, used, reserved
      from meter_usage
      where license_id = ${license.id}
      order by meter, starts_on`;
    const monthStart = `${last.slice(0, 8)}01`;
    assert.deepEqual(rows.map(({ startsOn, used, reserved }) => [startsOn, used, reserved]), [
      [last, 0, 0],
      [next, 10, 0],
      [monthStart, 0, 0],
      [next, 10, 0],
    ]);
  }
});

test("months counted from the 31st lose and gain no day", async () => {
  const license = await meteredLicense({ exports: { limit: 10, period: "license", overage: 0 } }, {
    duration: "P1M",
    validFrom: "2026-01-31",
  });
  const startOn = async (day: string) =>
    (await incrementUsage(await at(`${day}T12:00:00Z`), use(license))).startsOn;
  assert.equal(await startOn("2026-01-31"), "2026-01-31");
  assert.equal(await startOn("2026-02-27"), "2026-01-31");
  assert.equal(await startOn("2026-02-28"), "2026-02-28");
  assert.equal(await startOn("2026-03-30"), "2026-02-28");
  assert.equal(await startOn("2026-03-31"), "2026-03-31");
  assert.equal(await startOn("2026-04-30"), "2026-04-30");
});

test("a reservation on 9999-12-31 is committed, and a full meter says when it is free again", async () => {
  const license = await meteredLicense({ exports: monthly(3) });
  const ctx = await at("9999-12-31T23:59:00Z");
  const { reservationId } = await reserveUsage(ctx, { ...use(license, 3), ttl: 3600 });
  await assert.rejects(incrementUsage(ctx, use(license)), refusal("USAGE_LIMIT_REACHED", { reserved: 3 }));
  const receipt = await commitReservation(ctx, { reservationId, amount: null });
  assert.deepEqual([receipt.used, receipt.endsOn], [3, "9999-12-31"]);
});

test("a correction leaves room for what is reserved, up to what JSON numbers hold", async () => {
  const license = await meteredLicense({ exports: monthly(10, null) });
  const ctx = await at(0);
  const { reservationId } = await reserveUsage(ctx, { ...use(license, 1000), ttl: 60 });
  await db`
    update meter_usage
    set used = ${Number.MAX_SAFE_INTEGER - 1000}
    where license_id = ${license.id}`;
  const correction = { id: license.id, meter: "exports", reason: "a test" };
  await assert.rejects(
    adjustUsage(ctx, { ...correction, by: 1 }),
    refusal("INVALID_REQUEST", { field: "by" }),
  );
  const receipt = await commitReservation(ctx, { reservationId, amount: null });
  assert.equal(receipt.used, Number.MAX_SAFE_INTEGER);
});

for (const isShared of [true, false]) {
  test(`200 who increment, reserve, commit and release at once never pass the limit${isShared ? "" : ", alone"}`, async () => {
    const license = await meteredLicense({ exports: monthly(100, 10) });
    const ctx = isShared ? sharing(await at(0)) : await at(0);
    const balances: { used: number; reserved: number }[] = [];
    let counted = 0;
    const calls = Array.from({ length: 200 }, (_, n) => async () => {
      const amount = 1 + n % 3;
      if (n % 4 === 0) {
        balances.push(await incrementUsage(ctx, use(license, amount)));
        counted += amount;
        return;
      }
      const held = await reserveUsage(ctx, { ...use(license, amount), ttl: 60 });
      balances.push(held);
      if (n % 4 === 3) return;
      const { reservationId } = held;
      // Two end it at once, and one of them does.
      const ends = [
        () =>
          n % 4 === 1
            ? commitReservation(ctx, { reservationId, amount: 1 })
            : releaseReservation(ctx, reservationId),
        () => commitReservation(ctx, { reservationId, amount: 1 }),
      ];
      const ended = await Promise.allSettled(ends.map((end) => end()));
      const done = ended.filter((each) => each.status === "fulfilled");
      for (const each of ended) {
        if (each.status === "rejected") assert.ok(each.reason instanceof DomainError, each.reason);
      }
      assert.equal(done.length, 1);
      balances.push(done[0].value);
      counted += done[0].value.amount;
    });
    await countSuccesses(calls);
    assert.ok(balances.every(({ used, reserved }) => used + reserved <= 110 && reserved >= 0));
    const { used, reserved } = await usageOf(ctx, license);
    assert.equal(used, counted);
    const [{ open }] = await db<{ open: number }[]>`
      select coalesce(sum(amount), 0)::bigint as open
      from meter_reservations
      where license_id = ${license.id} and state = 'open'`;
    assert.equal(reserved, open);
    assert.ok(used + reserved <= 110);
  });
}
