// Calendar days in UTC and the periods of licenses. Pure functions that the panel uses as well; `period_end` of
// 0006_licenses.sql computes the same in SQL, and a property test holds that both agree.

export const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * An existing day from 1900-01-01 to 9999-12-31, "2026-01-31". Days are compared with the functions below and never as
 * text (tests/rules/calendar_test.ts).
 */
export type CalendarDay = `${number}-${number}-${number}`;

export const FIRST_DAY: CalendarDay = "1900-01-01";
/** Nothing ends later; what never ends has no day. */
export const LAST_DAY: CalendarDay = "9999-12-31";

/** The form of a period: whole days, months or years, at most 999 years. */
export const periodForm = /^P(?:[1-9]\d{0,3}[DM]|[1-9]\d{0,2}Y)$/;

let lastDay: { number: number; day: CalendarDay } = { number: -1, day: "1969-12-31" };

/**
 * The calendar day of an instant in UTC.
 *
 * @throws RangeError before 1900 and after 9999
 */
export function dayOf(instant: Date): CalendarDay {
  // Validation needs the same day thousands of times a second, and toISOString() is measurably slow.
  const number = Math.floor(instant.getTime() / MILLISECONDS_PER_DAY);
  if (number !== lastDay.number) lastDay = { number, day: dayOfNumber(number) };
  return lastDay.day;
}

/** Whether a text is a calendar day within the bounds. */
export function isCalendarDay(text: string): text is CalendarDay {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const number = Date.parse(text) / MILLISECONDS_PER_DAY;
  // Date.parse() accepts 30 February in some engines and moves it to March.
  return isInBounds(number) && dayOfNumber(number) === text;
}

/** Whether an instant is within the bounds of calendar days. */
export function isInstantInBounds(instant: Date): boolean {
  return isInBounds(Math.floor(instant.getTime() / MILLISECONDS_PER_DAY));
}

/** Negative when `a` is before `b`, positive when it is after it, 0 when both are the same day. */
export function compareDays(a: CalendarDay, b: CalendarDay): number {
  return rankOf(a) - rankOf(b);
}

export function isBefore(a: CalendarDay, b: CalendarDay): boolean {
  return rankOf(a) < rankOf(b);
}

/** The first instant of a day. */
export function startOf(day: CalendarDay): Date {
  return new Date(numberOf(day) * MILLISECONDS_PER_DAY);
}

/**
 * The first instant after a day, which is when a license expires whose last day it is. That of 9999-12-31 is its last
 * second, because RFC 3339 and PostgreSQL's ISO format have no year 10000.
 */
export function endOf(day: CalendarDay): Date {
  const end = startOf(day).getTime() + MILLISECONDS_PER_DAY;
  return new Date(day === LAST_DAY ? end - 1000 : end);
}

/**
 * The day a number of days later, or earlier.
 *
 * @throws RangeError outside the bounds
 */
export function addDays(day: CalendarDay, days: number): CalendarDay {
  return dayOfNumber(numberOf(day) + days);
}

/** The number of days from one day to another; negative when that is earlier. */
export function daysBetween(from: CalendarDay, to: CalendarDay): number {
  return numberOf(to) - numberOf(from);
}

/** How a period ends. */
export interface PeriodEnd {
  /** The last day, inclusive. */
  validUntil: CalendarDay;
  /**
   * The day of the month on which the next period would begin, where its month is too short for it; null where it
   * begins on that day. A monthly period from 31 January ends on 27 February with anchor 31; the next begins on 28
   * February and ends on 30 March.
   */
  anchorDay: number | null;
}

/**
 * The end of a period. Months and years are calendar months, counted from the first day to the first day after the
 * period, so that consecutive periods neither lose nor gain days: the end of n periods in a row is the end of one
 * period n times as long.
 *
 * @param firstDay the first day of the period
 * @param period an ISO 8601 duration of `periodForm`
 * @param anchorDay the anchor of the period before, when this one continues it
 * @returns null when the period would end after 9999-12-31
 */
export function endOfPeriod(
  firstDay: CalendarDay,
  period: string,
  anchorDay: number | null = null,
): PeriodEnd | null {
  return endFrom(numberOf(firstDay), period, anchorDay);
}

/**
 * The end after another period.
 *
 * @param end the last day and the anchor so far
 * @returns null when the period would end after 9999-12-31
 */
export function extendPeriod({ validUntil, anchorDay }: PeriodEnd, period: string): PeriodEnd | null {
  return endFrom(numberOf(validUntil) + 1, period, anchorDay);
}

/**
 * Whether a period that ends on this day can have this anchor: the next one begins on the last day of a month that is
 * shorter.
 */
export function isAnchor(validUntil: CalendarDay, anchorDay: number | null): boolean {
  if (anchorDay === null) return true;
  const next = new Date((numberOf(validUntil) + 1) * MILLISECONDS_PER_DAY);
  const dayAfter = new Date(next.getTime() + MILLISECONDS_PER_DAY);
  return anchorDay > next.getUTCDate() && anchorDay <= 31 && dayAfter.getUTCDate() === 1;
}

function endFrom(first: number, period: string, anchorDay: number | null): PeriodEnd | null {
  const [, digits, unit] = period.match(/^P(\d+)([DMY])$/) ?? [];
  if (unit === undefined) throw new RangeError(`"${period}" is no period.`);
  const count = Number(digits);
  if (unit === "D") return endBefore(first + count, null);
  const date = new Date(first * MILLISECONDS_PER_DAY);
  const wanted = anchorDay ?? date.getUTCDate();
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + (unit === "Y" ? 12 * count : count);
  const monthStart = Date.UTC(Math.floor(months / 12), months % 12, 1) / MILLISECONDS_PER_DAY;
  const nextMonth = Date.UTC(Math.floor((months + 1) / 12), (months + 1) % 12, 1) / MILLISECONDS_PER_DAY;
  const next = Math.min(monthStart + wanted - 1, nextMonth - 1);
  return endBefore(next, next - monthStart + 1 < wanted ? wanted : null);
}

/** The end of a period after which the next begins on the day of that number. */
function endBefore(next: number, anchorDay: number | null): PeriodEnd | null {
  return isInBounds(next - 1) ? { validUntil: dayOfNumber(next - 1), anchorDay } : null;
}

/** Days since 1970-01-01. */
function numberOf(day: CalendarDay): number {
  return Date.parse(`${day}T00:00:00Z`) / MILLISECONDS_PER_DAY;
}

const firstNumber = numberOf(FIRST_DAY);
const lastNumber = numberOf(LAST_DAY);

function isInBounds(number: number): boolean {
  return number >= firstNumber && number <= lastNumber;
}

function dayOfNumber(number: number): CalendarDay {
  if (!isInBounds(number)) throw new RangeError(`Not within ${FIRST_DAY} and ${LAST_DAY}.`);
  return new Date(number * MILLISECONDS_PER_DAY).toISOString().slice(0, 10) as CalendarDay;
}

/** A number that orders as days do, 20260131; validation compares days on every request. */
function rankOf(day: CalendarDay): number {
  let rank = 0;
  for (let index = 0; index < 10; index++) {
    if (index !== 4 && index !== 7) rank = rank * 10 + day.charCodeAt(index) - 48;
  }
  return rank;
}
