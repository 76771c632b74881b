// The widths of columns, ranges of dates and the pace of searches, without a browser.
import assert from "node:assert/strict";
import { addDays } from "../../server/domain/calendar.ts";
import { describeEnds, resolveDate, resolveEnds } from "../../web/lib/date_ranges.ts";
import { formatAgoShort, formatDaysUntilShort, today } from "../../web/lib/format.ts";
import { createThrottle } from "../../web/lib/throttle.ts";
import { fitWidths } from "../../web/ui/list/column_widths.ts";
import { describeRows, firstRow } from "../../web/ui/list/shown_rows.ts";
import { eventually, test } from "../support/test.ts";

const column = (width: number, minWidth: number, priority = 1) => ({ width, minWidth, priority });

test("columns become narrow in the order of their priority, no further than their content allows", () => {
  const columns = [column(200, 100, 2), column(100, 60, 0), column(100, 50, 1)];
  assert.deepEqual(fitWidths(columns, 500), [200, 100, 100], "there is room");
  assert.deepEqual(fitWidths(columns, 380), [200, 80, 100]);
  assert.deepEqual(fitWidths(columns, 335), [200, 60, 75]);
  assert.deepEqual(fitWidths(columns, 250), [140, 60, 50]);
  assert.deepEqual(fitWidths(columns, 100), [100, 60, 50], "the table scrolls");
  assert.deepEqual(fitWidths([column(100, 40), column(200, 80)], 240), [80, 160], "in proportion");
  assert.deepEqual(fitWidths([column(80, 120)], 60), [80], "a column is not made wider");
});

test("days of a range are relative, and instants are those of whole days", () => {
  assert.equal(resolveDate("today-7", "day"), addDays(today(), -7));
  assert.equal(resolveDate("today+30", "day"), addDays(today(), 30));
  assert.equal(resolveDate("2030-01-31", "instant"), "2030-01-31");
  assert.deepEqual(resolveEnds({ from: "2030-01-31", until: "2030-02-01" }, "day"), {
    from: "2030-01-31",
    until: "2030-02-01",
  });
  const { from, until } = resolveEnds({ from: "2030-01-31", until: "2030-01-31" }, "instant");
  assert.equal(Date.parse(until!) - Date.parse(from!), 86_400_000);
  assert.deepEqual(resolveEnds({ until: "2030-01-01T10:00:00.000Z" }, "instant"), {
    from: undefined,
    until: "2030-01-01T10:00:00.000Z",
  });
  assert.deepEqual(resolveEnds({ from: "not a day" }, "instant").from, "not a day", "the server refuses it");
  assert.equal(describeEnds({ from: "today-6", until: "today" }, "instant"), "last 7 days");
  assert.match(describeEnds({ from: "2030-01-31" }, "day"), /^from .*2030/);
  assert.match(describeEnds({ until: "2030-01-31" }, "day"), /^until .*2030/);
  assert.match(describeEnds({ from: "2030-01-01", until: "2030-01-31" }, "day"), / – /);
});

test("a search runs at once, and during typing with the latest text", async () => {
  const runs: string[] = [];
  const { call, cancel } = createThrottle((text: string) => runs.push(text), 10);
  call("a");
  assert.deepEqual(runs, ["a"]);
  call("ab");
  call("abc");
  assert.deepEqual(runs, ["a"]);
  await eventually(() => Promise.resolve(runs.length === 2));
  assert.deepEqual(runs, ["a", "abc"]);
  call("abcd");
  cancel();
  call("x");
  assert.deepEqual(runs, ["a", "abc", "x"]);
  cancel();
});

test("the foot of a list says only what is known", () => {
  const page = (length: number, ends: string, total: number, totalIsMore = false) => ({
    rows: Array(length),
    previous: ends.includes("first") ? null : "p",
    next: ends.includes("last") ? null : "n",
    total,
    totalIsMore,
  });
  const say = (shown: ReturnType<typeof page>, counted: number | null) =>
    describeRows(shown, firstRow(shown, counted), ["key", "keys"]);
  assert.equal(say(page(50, "first", 119), null), "Showing 1–50 of 119 keys");
  assert.equal(say(page(50, "", 119), 51), "Showing 51–100 of 119 keys");
  assert.equal(say(page(50, "", 119), null), "Showing 50 of 119 keys", "a link to the middle");
  assert.equal(say(page(50, "", 119), 101), "Showing 50 of 119 keys", "rows were deleted");
  assert.equal(say(page(19, "last", 119), null), "Showing 101–119 of 119 keys");
  assert.equal(say(page(50, "", 10_000, true), 12_001), "Showing 12,001–12,050 of more than 10,000 keys");
  assert.equal(say(page(19, "last", 10_000, true), null), "Showing 19 of more than 10,000 keys");
  assert.equal(say(page(1, "first last", 1), null), "Showing 1 of 1 key");
  assert.equal(say(page(0, "first last", 0), null), "Showing 0 of 0 keys");
});

test("distances in tables are short", () => {
  const now = Date.parse("2030-01-01T00:00:00Z");
  const say = (seconds: number) => formatAgoShort(new Date(now + seconds * 1000), now);
  const day = 86_400;
  assert.deepEqual(
    [-3, -57, 90, -3 * 3600, 5 * day, -20 * day, -70 * day, 800 * day].map(say),
    ["just now", "57 s ago", "in 2 min", "3 h ago", "in 5 d", "3 wk ago", "2 mo ago", "in 2 y"],
  );
  assert.deepEqual([0, 1, 364, -2].map((days) => formatDaysUntilShort(addDays(today(), days))), [
    "today",
    "tomorrow",
    "in 364 d",
    "2 d ago",
  ]);
});
