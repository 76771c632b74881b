// The locale, time zone and clock that dates and times are shown in. The panel is English whatever the browser's language
// is; zone and clock are the browser's unless the person chose others.
import { createSignal } from "solid-js";

/** The locale of every date and number, which is that of the words. */
export const LOCALE = "en-US";

/** What a person chose; null is the browser's. */
export interface TimeFormat {
  /** An IANA name, "Europe/Berlin". */
  timeZone: string | null;
  /** Hours of the clock. */
  clock: 12 | 24 | null;
}

const browserDefaults = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions();

export const browserTimeZone = browserDefaults.timeZone;
export const browserClock: 12 | 24 = browserDefaults.hour12 ? 12 : 24;

const [timeFormat, setTimeFormat] = createSignal<TimeFormat>({ timeZone: null, clock: null });
export { timeFormat };

/** Applies a stored choice. What is not valid, or unknown to this browser, counts as none. */
export function applyTimeFormat(stored: unknown): void {
  const { timeZone, clock } = (stored ?? {}) as Partial<Record<keyof TimeFormat, unknown>>;
  setTimeFormat({
    timeZone: typeof timeZone === "string" && isTimeZone(timeZone) ? timeZone : null,
    clock: clock === 12 || clock === 24 ? clock : null,
  });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat(LOCALE, { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The zone that times are shown in. */
export const shownTimeZone = (): string => timeFormat().timeZone ?? browserTimeZone;

const hourCycles = { 12: "h12", 24: "h23" } as const;

/** A formatter of instants that follows the chosen zone and clock. */
export function createTimeFormatter(options: Intl.DateTimeFormatOptions): (instant: Date) => string {
  let format: Intl.DateTimeFormat | undefined;
  let formatOf: TimeFormat | undefined;
  return (instant) => {
    const now = timeFormat();
    if (!format || formatOf !== now) {
      formatOf = now;
      format = new Intl.DateTimeFormat(LOCALE, {
        ...options,
        timeZone: shownTimeZone(),
        hourCycle: hourCycles[now.clock ?? browserClock],
      });
    }
    return format.format(instant);
  };
}

const numericParts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
const timeParts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;

/** The date and time of an instant in the shown zone, to the second: "2026-01-31T14:00:00". */
function wallTime(instant: Date): string {
  const format = new Intl.DateTimeFormat(LOCALE, {
    timeZone: shownTimeZone(),
    ...numericParts,
    ...timeParts,
  });
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

/** The value of a datetime-local field: the time in the shown zone, to the minute. */
export function toLocalTime(instant: Date): string {
  return wallTime(instant).slice(0, 16);
}

/**
 * The instant of a datetime-local or date field, which is a time in the shown zone. Where clocks are put forward, a
 * time that does not exist is read as the one an hour later; where they are put back, as the first of the two.
 *
 * @param local "2026-01-31T14:00", or "2026-01-31" for its midnight
 * @returns null for a text that is no time
 */
export function fromLocalTime(local: string): Date | null {
  const asUtc = Date.parse(`${local}${local.includes("T") ? "" : "T00:00"}Z`);
  if (Number.isNaN(asUtc)) return null;
  const offsetAt = (time: number) =>
    Date.parse(`${wallTime(new Date(time))}Z`) - Math.floor(time / 1000) * 1000;
  // The zone's offset a day before and after: one of them applies, both when the clocks are not changed in between.
  const before = asUtc - offsetAt(asUtc - 86_400_000);
  const after = asUtc - offsetAt(asUtc + 86_400_000);
  const isExact = (time: number) => Date.parse(`${wallTime(new Date(time))}Z`) === asUtc;
  return new Date(isExact(before) || !isExact(after) ? before : after);
}

/** Whether an instant is midnight in the shown zone. */
export function isMidnight(instant: Date): boolean {
  return toLocalTime(instant).endsWith("T00:00");
}
