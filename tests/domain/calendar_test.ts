// Calendar arithmetic as properties: days, their order and the periods of licenses, in TypeScript and in SQL.
import assert from "node:assert/strict";
import fc from "../support/property.ts";
import {
  addDays,
  type CalendarDay,
  compareDays,
  dayOf,
  daysBetween,
  endOf,
  endOfPeriod,
  extendPeriod,
  FIRST_DAY,
  isAnchor,
  isBefore,
  isCalendarDay,
  LAST_DAY,
  MILLISECONDS_PER_DAY,
  type PeriodEnd,
  startOf,
} from "../../server/domain/calendar.ts";
import { day as daySchema, instant, period as periodSchema } from "../../server/domain/input_fields.ts";
import { defaultTerms } from "../../server/domain/policy/inputs.ts";
import { evaluate } from "../../server/domain/policy/evaluate.ts";
import { cloneStores } from "../support/database.ts";
import { test } from "../support/test.ts";

const { db } = await cloneStores();

const span = daysBetween(FIRST_DAY, LAST_DAY);
/** Every day there is, those at the ends of months more often. */
const day: fc.Arbitrary<CalendarDay> = fc.oneof(
  fc.integer({ min: 0, max: span }).map((days) => addDays(FIRST_DAY, days)),
  fc.tuple(
    fc.integer({ min: 1900, max: 9998 }),
    fc.integer({ min: 0, max: 11 }),
    fc.integer({ min: -3, max: 1 }),
  )
    .map(([year, month, offset]) => addDays(dayOf(new Date(Date.UTC(year, month + 1, 1))), offset)),
);
const soon = fc.integer({ min: 0, max: daysBetween(FIRST_DAY, "2200-12-31") })
  .map((days) => addDays(FIRST_DAY, days));
const unit = fc.constantFrom("D", "M", "Y");
const count = fc.integer({ min: 1, max: 36 });
const period = fc.tuple(count, unit).map(([count, unit]) => `P${count}${unit}`);

function always<T extends [unknown, ...unknown[]]>(
  values: { [Index in keyof T]: fc.Arbitrary<T[Index]> },
  holds: (...values: T) => void,
): void {
  fc.assert(fc.property(...values, holds), { numRuns: 2000, seed: 20260131 });
}

function extended(end: PeriodEnd, period: string, times: number): PeriodEnd {
  return times === 0 ? end : extended(extendPeriod(end, period)!, period, times - 1);
}

test("the order of days is the order of their instants", () => {
  always([day, day], (a, b) => {
    assert.equal(Math.sign(compareDays(a, b)), Math.sign(startOf(a).getTime() - startOf(b).getTime()));
    assert.equal(isBefore(a, b), daysBetween(a, b) > 0);
  });
});

test("a day contains the instants from its start to its end", () => {
  always([day, fc.integer({ min: 0, max: MILLISECONDS_PER_DAY - 1 })], (day, time) => {
    assert.equal(dayOf(new Date(startOf(day).getTime() + time)), day);
    if (day !== LAST_DAY) assert.equal(dayOf(endOf(day)), addDays(day, 1));
  });
  assert.equal(endOf(LAST_DAY).toISOString(), "9999-12-31T23:59:59.000Z");
});

test("adding and subtracting days are inverse", () => {
  always([day, day], (a, b) => {
    assert.equal(addDays(a, daysBetween(a, b)), b);
    assert.equal(daysBetween(a, b) + daysBetween(b, a), 0);
  });
  assert.throws(() => addDays(LAST_DAY, 1), RangeError);
  assert.throws(() => addDays(FIRST_DAY, -1), RangeError);
  assert.throws(() => dayOf(new Date(NaN)), RangeError);
});

test("renewing n times by a period is buying n periods at once", () => {
  always([soon, count, unit, fc.integer({ min: 1, max: 24 })], (from, count, unit, times) => {
    const end = extended(endOfPeriod(from, `P${count}${unit}`)!, `P${count}${unit}`, times - 1);
    assert.deepEqual(end, endOfPeriod(from, `P${count * times}${unit}`));
  });
});

test("a year is twelve months", () => {
  always([soon, count], (from, years) => {
    assert.deepEqual(endOfPeriod(from, `P${years}Y`), endOfPeriod(from, `P${12 * years}M`));
  });
});

test("a period ends no earlier than it begins, and extending never shortens", () => {
  always([day, period, period], (from, first, then) => {
    const end = endOfPeriod(from, first);
    if (!end) return;
    assert.ok(!isBefore(end.validUntil, from));
    assert.ok(isAnchor(end.validUntil, end.anchorDay));
    const later = extendPeriod(end, then);
    if (later) assert.ok(isBefore(end.validUntil, later.validUntil));
  });
});

test("of two periods the one that begins earlier ends no later", () => {
  always([day, day, period], (a, b, period) => {
    const [first, second] = compareDays(a, b) <= 0 ? [a, b] : [b, a];
    const [one, other] = [endOfPeriod(first, period), endOfPeriod(second, period)];
    if (one && other) assert.ok(compareDays(one.validUntil, other.validUntil) <= 0);
    else assert.equal(other, null);
  });
});

test("a license is valid on its last day and not on the next", () => {
  const terms = {
    isActive: true,
    ...defaultTerms,
    updatesUntil: null,
    maxActivations: 1,
    maxUsers: 1,
    deletedAt: null,
  };
  always([day, period], (validFrom, period) => {
    const validUntil = endOfPeriod(validFrom, period)?.validUntil ?? LAST_DAY;
    const codeOn = (day: CalendarDay) => evaluate({ ...terms, validFrom, validUntil }, { day }).code;
    assert.deepEqual([codeOn(validFrom), codeOn(validUntil)], ["VALID", "VALID"]);
    if (validFrom !== FIRST_DAY) assert.equal(codeOn(addDays(validFrom, -1)), "LICENSE_NOT_YET_VALID");
    if (validUntil !== LAST_DAY) assert.equal(codeOn(addDays(validUntil, 1)), "LICENSE_EXPIRED");
  });
});

test("every day that is computed is accepted as input, and nothing else is a day", () => {
  always([day, period], (from, period) => {
    const end = endOfPeriod(from, period)?.validUntil ?? LAST_DAY;
    for (const day of [from, end]) assert.equal(daySchema.parse(day), day);
    assert.equal(instant.parse(endOf(end).toISOString()), endOf(end).toISOString());
  });
  always([fc.string()], (text) => assert.equal(isCalendarDay(text), daySchema.safeParse(text).success));
  for (
    const text of [
      "0000-01-01",
      "0001-01-01",
      "1899-12-31",
      "10000-01-01",
      "+010000-01-01",
      "12025-01-31",
      "-000001-01-01",
      "2026-02-29",
      "2026-02-30",
      "2026-13-01",
      "2026-00-10",
      "2026-1-1",
      " 2026-01-01",
      "2026-01-01\n",
      "2026-01-01T00:00:00Z",
      "２０２６-01-01",
      "infinity",
      "today",
      "",
    ]
  ) {
    assert.ok(!isCalendarDay(text), text);
    assert.ok(!daySchema.safeParse(text).success, text);
  }
  for (
    const text of [
      "0000-01-01T00:00:00Z",
      "1899-12-31T23:59:59Z",
      "9999-12-31T23:59:59-00:01",
      "+010000-01-01T00:00:00Z",
    ]
  ) {
    assert.ok(!instant.safeParse(text).success, text);
  }
  for (
    const text of ["P0D", "P1W", "P1000Y", "P10000D", "P-1M", "P1.5M", "PT1H", "P1M1D", "P1M\n", "p1m", ""]
  ) {
    assert.ok(!periodSchema.safeParse(text).success, text);
  }
});

for (
  const [from, period, ends] of [
    ["2025-01-31", "P1M", ["2025-02-27", "2025-03-30", "2025-04-29", "2025-05-30"]],
    ["2024-01-31", "P1M", ["2024-02-28", "2024-03-30", "2024-04-29", "2024-05-30"]],
    ["2025-01-30", "P1M", ["2025-02-27", "2025-03-29", "2025-04-29", "2025-05-29"]],
    ["2025-02-28", "P1M", ["2025-03-27", "2025-04-27"]],
    ["2024-02-29", "P1Y", ["2025-02-27", "2026-02-27", "2027-02-27", "2028-02-28"]],
    ["2025-01-01", "P1M", ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]],
    ["2099-12-31", "P2M", ["2100-02-27", "2100-04-29", "2100-06-29", "2100-08-30"]],
    ["2025-12-28", "P7D", ["2026-01-03", "2026-01-10"]],
    ["9999-11-30", "P1M", ["9999-12-29"]],
    ["9999-12-01", "P1M", ["9999-12-31"]],
  ] as const
) {
  test(`periods of ${period} from ${from} end on ${ends.join(", ")}`, () => {
    const first = endOfPeriod(from, period)!;
    assert.deepEqual(ends.map((_, times) => extended(first, period, times).validUntil), ends);
  });
}

test("nothing ends after 9999-12-31", () => {
  for (
    const [from, period] of [["9999-12-02", "P1M"], ["9999-12-31", "P2D"], ["9001-01-02", "P999Y"]] as const
  ) {
    assert.equal(endOfPeriod(from, period), null);
  }
  assert.equal(extendPeriod({ validUntil: LAST_DAY, anchorDay: null }, "P1D"), null);
  assert.equal(endOfPeriod(LAST_DAY, "P1D")?.validUntil, LAST_DAY);
});

test("SQL computes the same periods and anchors", async () => {
  const cases = fc.sample(fc.tuple(day, period, period), { numRuns: 3000, seed: 20260131 })
    .flatMap(([from, first, then]) => {
      const end = endOfPeriod(from, first);
      const after = end && extendPeriod(end, then);
      return end && after ? [{ from, first, then, end, after }] : [];
    });
  const rows = await db<{ position: number; first: PeriodEnd; second: PeriodEnd }[]>`
    select position, jsonb_build_object('validUntil', one, 'anchorDay', anchor) as first,
      jsonb_build_object('validUntil', two, 'anchorDay', period_anchor(one + 1, anchor, second, two)) as second
    from unnest(
      ${cases.map(({ from }) => from)}::date[], ${cases.map(({ first }) => first)}::text[],
      ${cases.map(({ then }) => then)}::text[]
    ) with ordinality as given (starts, first, second, position),
      lateral (select period_end(starts, null, first) as one) as a,
      lateral (select period_anchor(starts, null, first, one) as anchor) as b,
      lateral (select period_end(one + 1, anchor, second) as two) as c
    order by position`;
  assert.ok(rows.length > 2500, `${rows.length} cases`);
  for (const [index, { from, first, then, end, after }] of cases.entries()) {
    assert.deepEqual([rows[index].first, rows[index].second], [end, after], `${from} ${first} ${then}`);
  }
  await assert.rejects(db`select period_end('9999-12-02', null, 'P1M')`, { constraint_name: "period_end" });
});

test("the database connections close", () => db.end());
