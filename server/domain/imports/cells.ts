// Cells of imported tables that are no plain text: tags, yes and no, days and instants as people and programs write them.
import { z } from "zod";
import { type CalendarDay, dayOf, isCalendarDay, isInstantInBounds } from "../calendar.ts";

/** Tags as people write them, such as "VIP; Key account", in their form: "vip,key-account". */
export function readTags(cell: string): string {
  return cell.split(/[,;|\n]/).map((tag) => tag.trim().toLowerCase().replace(/\s+/g, "-")).filter(Boolean)
    .join(",");
}

const yes = new Set(["yes", "y", "true", "1", "x", "ja", "on"]);
const no = new Set(["no", "n", "false", "0", "nein", "off"]);

/** What a cell says; null when it says neither yes nor no. */
export function readYesNo(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : null;
}

/** "2026-03-31", or as it is written in Germany: "31.3.2026"; with a time, also with its offset from UTC. */
const form =
  /^(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/** An instant, in UTC unless it has an offset; a day is its beginning. Null when it is none. */
export function readInstant(text: string): Date | null {
  const found = form.exec(text.trim());
  if (!found) return null;
  const [, year = found[6], month = found[5], day = found[4]] = found;
  const two = (part = "0") => part.padStart(2, "0");
  const calendarDay = `${year}-${two(month)}-${two(day)}`;
  if (!isCalendarDay(calendarDay)) return null;
  const milliseconds = (found[10] ?? "").slice(0, 3).padEnd(3, "0");
  const zone = /^[+-]/.test(found[11] ?? "") ? found[11].replace(/^(...)(\d\d)$/, "$1:$2") : "Z";
  const time = `${two(found[7])}:${two(found[8])}:${two(found[9])}.${milliseconds}`;
  const instant = new Date(`${calendarDay}T${time}${zone}`);
  return Number.isNaN(instant.getTime()) || !isInstantInBounds(instant) ? null : instant;
}

/** The day in UTC of a day or an instant; null when it is neither. */
export function readDay(text: string): CalendarDay | null {
  const instant = readInstant(text);
  return instant && dayOf(instant);
}

/** A schema of a cell that a function reads. */
function cellOf<Value>(read: (text: string) => Value | null, message: string) {
  return z.string().transform((text, issues): Value => {
    const value = read(text);
    if (value !== null) return value;
    issues.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

export const yesNoCell = cellOf(readYesNo, "must be yes or no");
export const dayCell = cellOf(readDay, "must be a day such as 2026-03-31 or 31.3.2026");
export const instantCell = cellOf(readInstant, "must be a time such as 2026-03-31 14:30, in UTC");

/** Words for null. */
const unlimited = new Set(["unlimited", "never", "any"]);

export const isUnlimited = (text: string): boolean => unlimited.has(text.trim().toLowerCase());

/** A last day, or "never" for null. */
export const lastDayCell = z.string().transform((text, issues): CalendarDay | null => {
  const day = isUnlimited(text) ? null : readDay(text);
  if (day !== null || isUnlimited(text)) return day;
  issues.addIssue({ code: "custom", message: "must be never, or a day such as 2026-03-31 or 31.3.2026" });
  return z.NEVER;
});
