// The periods of meters.
import assert from "node:assert/strict";
import { type CalendarDay, endOfPeriod } from "../../server/domain/calendar.ts";
import { commitReservation } from "../../server/domain/meters/end.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { meteredSystem, monthly, refusal, use } from "../support/meters.ts";
import fc from "../support/property.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const { at, meteredLicense } = meteredSystem(system);

test("days and months begin at midnight in UTC", async () => {
  const license = await meteredLicense({
    exports: monthly(3),
    renders: { limit: 3, period: "day", overage: 0 },
  });
  for (const meter of ["exports", "renders"]) {
    await incrementUsage(await at("2026-02-28T23:59:59.999Z"), use(license, 3, meter));
    await assert.rejects(
      incrementUsage(await at("2026-02-28T23:59:59.999Z"), use(license, 1, meter)),
      refusal("USAGE_LIMIT_REACHED", { periodEnds: new Date("2026-03-01T00:00:00Z") }),
    );
    const receipt = await incrementUsage(await at("2026-03-01T00:00:00Z"), use(license, 2, meter));
    assert.deepEqual([receipt.used, receipt.startsOn], [2, "2026-03-01"]);
  }
});

test("a reservation is committed in the period in which it was made", async () => {
  const license = await meteredLicense({ exports: monthly(3) });
  const { reservationId } = await reserveUsage(await at("2026-03-31T23:59:50Z"), {
    ...use(license, 3),
    ttl: 60,
  });
  await incrementUsage(await at("2026-04-01T00:00:05Z"), use(license, 3));
  const receipt = await commitReservation(await at("2026-04-01T00:00:10Z"), { reservationId, amount: null });
  assert.deepEqual([receipt.used, receipt.startsOn, receipt.endsOn], [3, "2026-03-01", "2026-03-31"]);
});

test("use on 9999-12-31 is counted", async () => {
  const license = await meteredLicense({
    a: { limit: 3, period: "day", overage: 0 },
    b: monthly(3),
    c: { limit: 3, period: "license", overage: 0 },
    d: { limit: 3, period: "forever", overage: 0 },
  }, { duration: "P1M" });
  const last = await at("9999-12-31T23:59:59Z");
  for (
    const [meter, endsOn] of [["a", "9999-12-31"], ["b", "9999-12-31"], ["c", "9999-12-31"], ["d", null]]
  ) {
    const receipt = await incrementUsage(last, use(license, 1, meter!));
    assert.deepEqual([receipt.used, receipt.endsOn], [1, endsOn], meter!);
  }
});

test("periods of a license are those of its renewals, anchored to its first day", async () => {
  const days = fc.integer({ min: 0, max: 200_000 }).map((offset) =>
    new Date(Date.UTC(1900, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10) as CalendarDay
  );
  const durations = fc.constantFrom("P1D", "P30D", "P9999D", "P1M", "P3M", "P12M", "P1Y", "P7Y", "P999Y");
  const property = fc.asyncProperty(
    fc.array(fc.tuple(days, durations, fc.integer({ min: 0, max: 40 })), { minLength: 50, maxLength: 50 }),
    async (cases) => {
      const checked = cases.flatMap(([firstDay, duration, number]) => {
        const times = (count: number) => duration.replace(/\d+/, (digits) => String(Number(digits) * count));
        const isPeriod = (period: string) => /^P(?:\d{1,4}[DM]|\d{1,3}Y)$/.test(period);
        if (!isPeriod(times(number + 1))) return [];
        const before = number === 0 ? null : endOfPeriod(firstDay, times(number));
        const end = endOfPeriod(firstDay, times(number + 1));
        if (!end || (number > 0 && !before)) return [];
        return [{ firstDay, duration, endsOn: end.validUntil, lastBefore: before?.validUntil ?? null }];
      });
      if (checked.length === 0) return;
      const rows = await db<{ endsOn: string; onLastDay: string; onFirstDay: string; startsOn: string }[]>`
        select on_last.ends_on as on_last_day, on_first.ends_on as on_first_day, on_first.starts_on
        from unnest(
          ${checked.map(({ firstDay }) => firstDay)}::date[], ${
        checked.map(({ duration }) => duration)
      }::text[],
          ${checked.map(({ endsOn }) => endsOn)}::date[], ${
        checked.map(({ lastBefore }) => lastBefore)
      }::date[]
        ) with ordinality as c (first_day, duration, ends_on, last_before, position)
        cross join lateral meter_period('license', c.ends_on, c.first_day, c.duration) as on_last
        cross join lateral meter_period(
          'license', coalesce(c.last_before + 1, c.first_day), c.first_day, c.duration
        ) as on_first
        order by position`;
      checked.forEach(({ firstDay, duration, endsOn, lastBefore }, n) => {
        const of = `${duration} from ${firstDay}, until ${endsOn}`;
        assert.equal(rows[n].onLastDay, endsOn, `on the last day: ${of}`);
        assert.equal(rows[n].onFirstDay, endsOn, `on the first day: ${of}`);
        if (lastBefore === null) assert.equal(rows[n].startsOn, firstDay, of);
      });
    },
  );
  await fc.assert(property, { numRuns: 30 });
});
