// The data of a chart and the labels of its points.
import { emptyValue, formatNumber } from "../../lib/format.ts";

/** The length of one point. Hours are in the browser's time zone; days and weeks are calendar days in UTC. */
export type Bucket = "hour" | "day" | "week";

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

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time zone of the points, for the title. */
export function zoneOf(bucket: Bucket): string {
  return bucket === "hour" ? `times in ${zone}` : "days in UTC";
}

const hours = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const days = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const shortDay = { day: "numeric", month: "short" } as const;
const localDay = new Intl.DateTimeFormat(undefined, shortDay);
const calendarDay = new Intl.DateTimeFormat(undefined, { ...shortDay, timeZone: "UTC" });
const calendarMonth = new Intl.DateTimeFormat(undefined, {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** "Thu 12 Nov, 14:00", "Week of Mon, 9 Nov 2026". */
export function pointLabel(start: Date, bucket: Bucket): string {
  if (bucket === "hour") return hours.format(start);
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
  const isMidnight = at.getHours() === 0 && at.getMinutes() === 0;
  return distance >= DAY || isMidnight ? localDay.format(at) : time.format(at);
}

export function formatValue(value: number | null | undefined): string {
  return value === null || value === undefined ? emptyValue : formatNumber(value);
}

/** The total of a series: the sum of a counter, the last known value of a state. */
export function seriesTotal({ values, isState }: Series): number | null {
  if (isState) return values.findLast((value) => value !== null) ?? null;
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
