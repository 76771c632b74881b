// Days, times and numbers as the account pages write them: in English, times with the zone.

const days = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" });
const instants = new Intl.DateTimeFormat("en-US", {
  dateStyle: "medium",
  timeStyle: "short",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** A calendar day: "Nov 25, 2027". */
export function writeDay(day: string): string {
  return days.format(new Date(`${day}T00:00:00Z`));
}

/** An instant: "Nov 25, 2027, 14:05 UTC". */
export function writeInstant(instant: Date): string {
  return `${instants.format(instant)} UTC`;
}

/** A number: "1,250". */
export function writeNumber(number: number): string {
  return number.toLocaleString("en-US");
}
