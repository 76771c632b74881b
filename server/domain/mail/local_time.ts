// Days and times as mails write them. The reader's time zone is used where it is known, and the zone is always named.

const day = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** A calendar day: "25 November 2027". Days of licenses are days in UTC. */
export function writeDay(date: string): string {
  return day.format(new Date(`${date}T00:00:00Z`));
}

/**
 * An instant with the name of its zone: "25 Nov 2026, 21:08 UTC", "25 Nov 2026, 22:08 CET".
 *
 * @param timeZone the reader's, such as "Europe/Berlin"; null, or one that is not known: UTC
 */
export function writeInstant(instant: Date, timeZone: string | null): string {
  const zone = timeZone !== null && isTimeZone(timeZone) ? timeZone : "UTC";
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: zone,
      timeZoneName: "short",
    }).formatToParts(instant).map(({ type, value }) => [type, value]),
  );
  // English abbreviates September to four letters.
  const month = parts.month.slice(0, 3);
  return `${parts.day} ${month} ${parts.year}, ${parts.hour}:${parts.minute} ${parts.timeZoneName}`;
}

/** Whether a text is the name of a time zone (IANA). */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
