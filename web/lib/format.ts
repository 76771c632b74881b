// Formatting of dates, numbers and durations: in English, and in the time zone that the person chose.
import { type CalendarDay, dayOf, daysBetween, isCalendarDay } from "../../server/domain/calendar.ts";
import { createTimeFormatter, LOCALE } from "./time_format.ts";

const numbers = new Intl.NumberFormat(LOCALE);
const compact = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });
const exact = createTimeFormatter({ dateStyle: "medium", timeStyle: "medium" });
const moment = createTimeFormatter({ month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
const days = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "long" });

/** Shown in place of a missing value. */
export const emptyValue = "–";

export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** "12K", for chart axes. */
export function formatCompact(value: number): string {
  return compact.format(value);
}

/** A total that may be a lower bound: "412", "more than 10,000". */
export function formatTotal({ total, totalIsMore }: { total: number; totalIsMore: boolean }): string {
  return totalIsMore ? `more than ${formatNumber(total)}` : formatNumber(total);
}

/** A total with its noun: "1 license", "more than 10,000 licenses". */
export function formatTotalOf(
  page: { total: number; totalIsMore: boolean },
  one: string,
  many = `${one}s`,
): string {
  return `${formatTotal(page)} ${page.total === 1 ? one : many}`;
}

/** "1 license", "412 licenses". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** A date and time. */
export function formatInstant(instant: string | Date): string {
  return exact(new Date(instant));
}

/** The day of an instant in UTC, "2026-01-31". */
export function utcDay(instant: Date): CalendarDay {
  return dayOf(instant);
}

/** A time of one of the last days, for "since": "Nov 26, 10:40". */
export function formatMoment(instant: string | Date): string {
  return moment(new Date(instant));
}

/** Today in UTC, as licenses count days. */
export function today(): CalendarDay {
  return dayOf(new Date());
}

/** A calendar day "2026-01-31", which has no time zone. */
export function formatDay(day: string | null): string {
  return day === null ? emptyValue : days.format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** The distance from now: "3 minutes ago", "tomorrow". */
export function formatAgo(instant: string | Date, now: number = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return Math.abs(seconds) < 10 ? "just now" : relative.format(Math.round(seconds / size), unit);
}

const shortUnits: [unit: string, seconds: number][] = [
  ["y", 31_557_600],
  ["mo", 2_629_800],
  ["wk", 604_800],
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
];

/** The same for tables: "3 min ago", "in 4 h". */
export function formatAgoShort(instant: string | Date, now: number = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  if (Math.abs(seconds) < 10) return "just now";
  const [unit, size] = shortUnits.find(([, size]) => Math.abs(seconds) >= size) ?? ["s", 1];
  const distance = `${Math.round(Math.abs(seconds) / size)} ${unit}`;
  return seconds < 0 ? `${distance} ago` : `in ${distance}`;
}

/** The distance of a calendar day from today, for tables: "in 9 d", "2 d ago", "today". */
export function formatDaysUntilShort(day: string): string {
  if (!isCalendarDay(day)) return emptyValue;
  const days = daysBetween(today(), day);
  if (Math.abs(days) <= 1) return relative.format(days, "day");
  return days < 0 ? `${formatNumber(-days)} d ago` : `in ${formatNumber(days)} d`;
}

/** The distance of a calendar day from today: "in 9 days", "yesterday". */
export function formatDaysUntil(day: string): string {
  return isCalendarDay(day) ? relative.format(daysBetween(today(), day), "day") : emptyValue;
}

const units = { D: "day", M: "month", Y: "year", TH: "hour", TM: "minute" } as const;

/** "P1Y" as "1 year", "PT12H" as "12 hours"; null as "Perpetual". */
export function formatDuration(duration: string | null): string {
  const [, time, count, letter] = duration?.match(/^P(T?)(\d+)([DMYH])$/) ?? [];
  const parts = letter && [duration, count, `${time}${letter}`];
  if (!parts) return duration ?? "Perpetual";
  return formatCount(Number(parts[1]), units[parts[2] as keyof typeof units]);
}

/** "not_yet_valid" as "Not yet valid". */
export function formatWord(word: string): string {
  const words = word.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
