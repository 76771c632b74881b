// How long new releases are included.
import { type CalendarDay, endOfPeriod, isBefore, LAST_DAY } from "../calendar.ts";

/**
 * The last day whose releases are included in a license.
 *
 * @param updates an ISO 8601 duration; null: as long as the license is valid
 */
export function updatesEnd(validFrom: CalendarDay, updates: string | null): CalendarDay | null {
  if (updates === null) return null;
  return endOfPeriod(validFrom, updates)?.validUntil ?? LAST_DAY;
}

/** What decides when the updates of a license end. */
interface UpdateTerms {
  validFrom: CalendarDay;
  /** See `LicenseRow`. */
  periodsFrom: CalendarDay | null;
  startsWith: string | null;
  updates: string | null;
  updatesUntil: CalendarDay | null;
}

/**
 * The last day whose releases are included when a license gets other updates. It counts from the day on which the license
 * started; one that waits for its start has none. What renewals and administrators have added stays.
 *
 * @param after its first day and the duration of its updates after the change
 */
export function changedUpdatesEnd(
  { validFrom, periodsFrom, startsWith, updates, updatesUntil }: UpdateTerms,
  after: Pick<UpdateTerms, "validFrom" | "updates">,
): CalendarDay | null {
  if (startsWith !== null) return null;
  const end = updatesEnd(periodsFrom ?? after.validFrom, after.updates);
  if (end === null || updates === null || updatesUntil === null) return end;
  const isLater = (one: CalendarDay) => isBefore(one, updatesUntil);
  return isLater(end) && isLater(updatesEnd(periodsFrom ?? validFrom, updates)!) ? updatesUntil : end;
}
