// The terms of a license as data: all that decides whether it may be used. The rest of the domain reads them through
// `evaluate` and `usableOn` only, so that a new term is a new check and nothing else.

import type { CalendarDay } from "../calendar.ts";
import type { Terms } from "./inputs.ts";

export interface LicenseTerms {
  /** False when the license is disabled. */
  isActive: boolean;
  /** First and last day in UTC, both inside. A license without a last day never expires. */
  validFrom: CalendarDay;
  validUntil: CalendarDay | null;
  /** Days after the last day on which it stays valid. */
  graceDays: number;
  /** What it allows after both. */
  afterExpiry: Terms["afterExpiry"];
  /** The last day whose releases are included; null: as long as the license is valid. */
  updatesUntil: CalendarDay | null;
  /** A range of versions; null: any. */
  versions: string | null;
  /** Activation limit. */
  maxActivations: number;
  /** Percent of the activation limit that are admitted beyond it; null: any number. */
  machineOverage: number | null;
  /** Limit of seats (concurrent users). */
  maxUsers: number;
  deletedAt: Date | null;
}

/** The state of a license on a day. A deleted license keeps its state. */
export const licenseStates = ["active", "in_grace", "inactive", "not_yet_valid", "expired"] as const;
export type LicenseState = (typeof licenseStates)[number];
