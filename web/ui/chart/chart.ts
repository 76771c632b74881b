// The data of a chart and the labels of its points.
import { emptyValue, formatNumber } from "../../lib/format.ts";
import { createTimeFormatter, isMidnight, LOCALE, shownTimeZone } from "../../lib/time_format.ts";

/** The length of one point. Hours are in the time zone that is shown; the others are calendar days in UTC. */
export type Bucket = "hour" | "day" | "week" | "month";

export interface Series {
  title: string;
  /** One per start; null is unknown. */
  values: (number | null)[];
  color: "accent" | "good" | "warn" | "bad";
  variant: "line" | "bars";
  /** Whether it is a state at a moment, so that its sum is meaningless. */
  isState?: boolean;
}

export interface ChartData {
  bucket: Bucket;
  /** The start of each point. */
  starts: Date[];
  series: Series[];
}

/** The time of a point, as filters of lists take it: from `since`, inclusive, to `until`, exclusive. */
export function timeOf({ starts, bucket }: ChartData, point: number): { since: string; until: string } {
  const start = starts[point];
  return { since: start.toISOString(), until: endOf(start, bucket).toISOString() };
}

function endOf(start: Date, bucket: Bucket): Date {
  if (bucket === "month") return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1));
  return new Date(start.getTime() + { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 }[bucket]);
}

/** The length of one point, for the title: "Hourly". */
export const bucketTitles: Record<Bucket, string> = {
  hour: "Hourly",
  day: "Daily",
  week: "Weekly",
  month: "Monthly",
};

/** The time zone of the points, for the title. */
export function zoneOf(bucket: Bucket): string {
  return bucket === "hour" ? shownTimeZone() : "UTC";
}

const hours = createTimeFormatter({
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const days = new Intl.DateTimeFormat(LOCALE, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const time = createTimeFormatter({ hour: "2-digit", minute: "2-digit" });
const shortDay = { day: "numeric", month: "short" } as const;
const localDay = createTimeFormatter(shortDay);
const calendarDay = new Intl.DateTimeFormat(LOCALE, { ...shortDay, timeZone: "UTC" });
const calendarMonth = new Intl.DateTimeFormat(LOCALE, {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** "Thu, Nov 12, 14:00", "Week of Mon, Nov 9, 2026". */
export function pointLabel(start: Date, bucket: Bucket): string {
  if (bucket === "hour") return hours(start);
  if (bucket === "month") return calendarMonth.format(start);
  return bucket === "week" ? `Week of ${days.format(start)}` : days.format(start);
}

/**
 * The label of a tick on the time axis.
 *
 * @param distance seconds between ticks
 */
export function tickLabel(at: Date, bucket: Bucket, distance: number): string {
  const DAY = 86_400;
  if (bucket === "week") return calendarDay.format(at);
  if (bucket === "day") return (distance >= 28 * DAY ? calendarMonth : calendarDay).format(at);
  return distance >= DAY || isMidnight(at) ? localDay(at) : time(at);
}

export function formatValue(value: number | null | undefined): string {
  return value === null || value === undefined ? emptyValue : formatNumber(value);
}

/** The total of a series: the sum of a counter, the last known value of a state. */
export function seriesTotal({ values, isState }: Series): number | null {
  if (isState) return values.findLast((value) => value !== null) ?? null;
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
