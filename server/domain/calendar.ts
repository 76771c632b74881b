// Calendar days in UTC.

export const MILLISECONDS_PER_DAY = 86_400_000;

let lastDay = { number: -1, text: "" };

/** The calendar day of an instant in UTC, "2026-01-31". */
export function dayOf(instant: Date): string {
  // Validation needs the same day thousands of times a second, and toISOString() is measurably slow.
  const number = Math.floor(instant.getTime() / MILLISECONDS_PER_DAY);
  if (number !== lastDay.number) lastDay = { number, text: instant.toISOString().slice(0, 10) };
  return lastDay.text;
}
