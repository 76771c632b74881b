// How the time of a license ends: its last day, and the days of grace after it.
import { LRUCache } from "lru-cache";
import { addDays, type CalendarDay, daysBetween, isBefore, LAST_DAY } from "../calendar.ts";
import type { LicenseState, LicenseTerms } from "./terms.ts";

/** Ends of grace that were computed last; a vendor's licenses have few different ones. */
const graceEnds = new LRUCache<string, CalendarDay>({ max: 1000 });

/** The last day of grace, at most 9999-12-31; null when the license never expires or has no grace. */
export function graceEndOf(
  { validUntil, graceDays }: Pick<LicenseTerms, "validUntil" | "graceDays">,
): CalendarDay | null {
  if (validUntil === null || graceDays === 0) return null;
  const key = validUntil + graceDays;
  let end = graceEnds.get(key);
  if (end === undefined) {
    end = addDays(validUntil, Math.min(graceDays, daysBetween(validUntil, LAST_DAY)));
    graceEnds.set(key, end);
  }
  return end;
}

/** Whether the last day of a license and its grace are over. */
export function isOver(terms: Pick<LicenseTerms, "validUntil" | "graceDays">, day: CalendarDay): boolean {
  if (terms.validUntil === null || !isBefore(terms.validUntil, day)) return false;
  return terms.graceDays === 0 || isBefore(graceEndOf(terms)!, day);
}

/** The state of a license on a day; `stateOn` is the same in SQL. */
export function stateOf(
  terms: Pick<LicenseTerms, "isActive" | "validFrom" | "validUntil" | "graceDays">,
  day: CalendarDay,
): LicenseState {
  if (!terms.isActive) return "inactive";
  if (isBefore(day, terms.validFrom)) return "not_yet_valid";
  if (terms.validUntil === null || !isBefore(terms.validUntil, day)) return "active";
  return isOver(terms, day) ? "expired" : "in_grace";
}
