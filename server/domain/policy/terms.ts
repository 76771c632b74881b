// The terms of a license as data: all that decides whether it may be used. The rest of the domain reads them through
// `evaluate` and `usableOn` only, so that a new term is a new check and nothing else.

import type { CalendarDay } from "../calendar.ts";

export interface LicenseTerms {
  /** False when the license is disabled. */
  isActive: boolean;
  /** First and last day in UTC, both inside. A license without a last day never expires. */
  validFrom: CalendarDay;
  validUntil: CalendarDay | null;
  /** Activation limit. */
  maxActivations: number;
  /** Percent of the activation limit that are admitted beyond it; null: any number. */
  machineOverage: number | null;
  /** Limit of seats (concurrent users). */
  maxUsers: number;
  deletedAt: Date | null;
}

/** The state of a license on a day. A deleted license keeps its state. */
export type LicenseState = "active" | "inactive" | "not_yet_valid" | "expired";
