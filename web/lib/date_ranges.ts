// Ranges of dates in filters: days of the calendar, days relative to today such as `today-7`, which a saved view keeps
// relative, and instants.
import { addDays, type CalendarDay, isCalendarDay } from "../../server/domain/calendar.ts";
import { formatDay, formatInstant, today } from "./format.ts";
import { fromLocalTime, toLocalTime } from "./time_format.ts";

/** What the two ends are, see `DateRange` of lists. */
export type DateUnit = "day" | "instant";

/** The two ends as they are in the URL; either may be missing. */
export interface Ends {
  from?: string;
  until?: string;
}

/** Today in the time zone that is shown. */
const localToday = () => toLocalTime(new Date()).slice(0, 10) as CalendarDay;

/** The day or instant that is meant by `today`, `today-7` or `today+30`; any other text as it is. */
export function resolveDate(value: string, unit: DateUnit): string {
  const days = value.match(/^today([+-]\d{1,4})?$/);
  if (!days) return value;
  // Licenses count their days in UTC.
  return addDays(unit === "day" ? today() : localToday(), Number(days[1] ?? 0));
}

/** The two ends as the API takes them. Text that is no date is sent as it is, and refused. */
export function resolveEnds({ from, until }: Ends, unit: DateUnit): Ends {
  const [first, last] = [from, until].map((value) => value && resolveDate(value, unit));
  if (unit === "day") return { from: first, until: last };
  return {
    from: first && isCalendarDay(first) ? startOf(first) : first,
    until: last && isCalendarDay(last) ? startOf(addDays(last, 1)) : last,
  };
}

/** The instant at which a day begins in the time zone that is shown. */
const startOf = (day: string) => fromLocalTime(day)!.toISOString();

/** A range to choose. */
export interface SuggestedRange extends Required<Ends> {
  title: string;
}

const suggestions: Record<"past" | "future", SuggestedRange[]> = {
  past: [
    { title: "Today", from: "today", until: "today" },
    { title: "Last 7 days", from: "today-6", until: "today" },
    { title: "Last 30 days", from: "today-29", until: "today" },
    { title: "Last 90 days", from: "today-89", until: "today" },
  ],
  future: [
    { title: "Next 7 days", from: "today", until: "today+7" },
    { title: "Next 30 days", from: "today", until: "today+30" },
    { title: "Next 90 days", from: "today", until: "today+90" },
    { title: "Last 30 days", from: "today-30", until: "today-1" },
  ],
};

export const suggestedRanges = (direction: "past" | "future"): SuggestedRange[] => suggestions[direction];

/** "last 7 days", "1 Jan 2026 – 31 Jan 2026", "until 31 Jan 2026". */
export function describeEnds(ends: Ends, unit: DateUnit): string {
  const suggested = Object.values(suggestions).flat().find(({ from, until }) =>
    from === ends.from && until === ends.until
  );
  if (suggested) return suggested.title.toLowerCase();
  const [from, until] = [ends.from, ends.until].map((value) => value && formatDate(resolveDate(value, unit)));
  if (from && until) return from === until ? from : `${from} – ${until}`;
  return from ? `from ${from}` : `until ${until}`;
}

function formatDate(value: string): string {
  if (isCalendarDay(value)) return formatDay(value);
  return Number.isNaN(Date.parse(value)) ? value : formatInstant(value);
}
