// What a chart is told, and how its points are called.
import { emptyValue, formatNumber } from "../../lib/format.ts";

/** How long one point lasts. Hours are the reader's; days and weeks are calendar days, which the server counts in UTC. */
export type Bucket = "hour" | "day" | "week";

export interface Series {
  title: string;
  /** One for each start; null where nothing is known. */
  values: (number | null)[];
  color: "accent" | "good" | "warn" | "bad";
  variant: "line" | "bars";
  /** Whether it tells how many there are at a moment, so that a sum of it says nothing. */
  isState?: boolean;
}

export interface ChartData {
  bucket: Bucket;
  /** When each point begins. */
  starts: Date[];
  series: Series[];
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** In which zone its times are, as its title says. */
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

/** What a point is called: "Thu 12 Nov, 14:00", "Week of Mon, 9 Nov 2026". */
export function pointLabel(start: Date, bucket: Bucket): string {
  if (bucket === "hour") return hours.format(start);
  return bucket === "week" ? `Week of ${days.format(start)}` : days.format(start);
}

/**
 * What stands below a tick of the axis.
 *
 * @param distance seconds from tick to tick
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

/** What a series comes to: the sum of what was counted, the last of what is known. */
export function seriesTotal({ values, isState }: Series): number | null {
  if (isState) return values.findLast((value) => value !== null) ?? null;
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
