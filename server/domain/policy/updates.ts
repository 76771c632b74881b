// How long new releases are included.
import { type CalendarDay, endOfPeriod, LAST_DAY } from "../calendar.ts";

/**
 * The last day whose releases are included in a license.
 *
 * @param updates an ISO 8601 duration; null: as long as the license is valid
 */
export function updatesEnd(validFrom: CalendarDay, updates: string | null): CalendarDay | null {
  if (updates === null) return null;
  return endOfPeriod(validFrom, updates)?.validUntil ?? LAST_DAY;
}
