// What was used of a meter in its periods, as the data of a chart.
import { addDays, type CalendarDay, isBefore, startOf } from "../../../server/domain/calendar.ts";
import type { Outputs } from "../../lib/trpc.ts";
import type { ChartData } from "../../ui/chart/chart.ts";

type Usage = Outputs["licenses"]["usage"];

/** Points of a chart at most: a bar has to be wide enough to be seen. */
const MAX_POINTS = 90;

/**
 * The days or months of a meter, the latest last; those without use are 0. Null for a meter that has no such periods, or whose
 * first one has not ended.
 */
export function historyOf(meter: Usage["meters"][number], past: Usage["past"]): ChartData | null {
  const { period } = meter;
  if (period !== "day" && period !== "month") return null;
  const used = new Map(
    past.filter((each) => each.meter === meter.meter && each.period === period)
      .map((each) => [each.startsOn, each.used]),
  );
  if (used.size === 0) return null;
  const first = [...used.keys()].reduce((one, other) => isBefore(one, other) ? one : other);
  used.set(meter.startsOn, meter.used);
  const starts: CalendarDay[] = [];
  for (
    let day = meter.startsOn;
    !isBefore(day, first) && starts.length < MAX_POINTS;
    day = startBefore(day, period)
  ) {
    starts.unshift(day);
  }
  return {
    bucket: period,
    starts: starts.map(startOf),
    series: [{
      title: "Used",
      color: "accent",
      variant: "bars",
      values: starts.map((day) => used.get(day) ?? 0),
    }],
  };
}

/** The first day of the period before the one that begins on a day. */
function startBefore(day: CalendarDay, period: "day" | "month"): CalendarDay {
  const last = addDays(day, -1);
  return period === "day" ? last : addDays(last, 1 - Number(last.slice(-2)));
}
