// The widths of columns, ranges of dates and the pace of searches, without a browser.
import assert from "node:assert/strict";
import { addDays } from "../../server/domain/calendar.ts";
import { describeEnds, resolveDate, resolveEnds } from "../../web/lib/date_ranges.ts";
import { today } from "../../web/lib/format.ts";
import { createThrottle } from "../../web/lib/throttle.ts";
import { fitWidths } from "../../web/ui/list/column_widths.ts";
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
