// The terms of a license, and those that a plan gives. The server computes the same defaults.
import { type CalendarDay, endOfPeriod, isCalendarDay, LAST_DAY } from "../../../server/domain/calendar.ts";
import { defaultTerms, type Terms as PolicyTerms } from "../../../server/domain/policy/inputs.ts";
import { pickTerms } from "../../features/terms/pick_terms.ts";
import type { Outputs } from "../../lib/trpc.ts";

export type Plan = Outputs["plans"]["list"]["rows"][number];
export type LicenseType = Plan["licenseType"];

export interface Terms extends Omit<PolicyTerms, "maxActivations" | "maxUsers"> {
  type: LicenseType;
  validFrom: CalendarDay;
  /** The last valid day; null never expires. */
  validUntil: CalendarDay | null;
  maxActivations: number | null;
  maxUsers: number | null;
}

/**
 * The terms that a plan gives a license that starts on a day. Without a plan: one machine, one user, never expires.
 */
export function termsOf(plan: Plan | undefined, validFrom: CalendarDay): Terms {
  if (!plan) return { ...defaultTerms, type: "perpetual", validFrom, validUntil: null };
  return {
    ...pickTerms(plan),
    type: plan.licenseType,
    validFrom,
    // The server refuses a period that ends later.
    validUntil: plan.duration === null || !isCalendarDay(validFrom)
      ? null
      : endOfPeriod(validFrom, plan.duration)?.validUntil ?? LAST_DAY,
  };
}
