// A license: a row of `licenses`.
import type { CalendarDay } from "../calendar.ts";
import type { Metadata } from "../metadata.ts";
import type { LicenseType } from "../plans/plans.ts";
import { termNames, type Terms } from "../policy/inputs.ts";
import type { StartsWith } from "./start.ts";
import { pickValues, revisionOf } from "../revision.ts";

/** A row of `licenses`. */
export interface LicenseRow extends Terms {
  id: number;
  key: string;
  keyDigest: Uint8Array;
  productId: number;
  customerId: number;
  /** The user it is assigned to. */
  userId: number | null;
  planId: number | null;
  type: LicenseType;
  isActive: boolean;
  /** Why it was disabled, and what is scheduled. */
  disabledReason: string | null;
  disableAt: Date | null;
  disableReason: string | null;
  enableAt: Date | null;
  /** First and last day in UTC, "2026-01-31", both inside. A license without a last day never expires. */
  validFrom: CalendarDay;
  validUntil: CalendarDay | null;
  /** The day of the month on which periods begin; see `PeriodEnd`. */
  anchorDay: number | null;
  /** The day from which meters count periods of the license; null: `validFrom`. */
  periodsFrom: CalendarDay | null;
  /** The last day whose releases are included; null: as long as it is valid. */
  updatesUntil: CalendarDay | null;
  /** With what its first period begins; until then there is no last day. */
  startsWith: StartsWith | null;
  activationsInUse: number;
  notes: string;
  tags: string[];
  metadata: Metadata;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
  /** When the next expiry event is due; see expiry_events.ts. */
  nextExpiryNoticeOn: CalendarDay | null;
  /** Before this time no activation lapses by the lease; null: there is no lease, or no active activation. */
  nextLeaseCheck: Date | null;
}

/** The values that administrators set; the revision of a license covers them. */
export const licenseFields = [
  "customerId",
  "planId",
  "userId",
  "type",
  "isActive",
  "validFrom",
  "validUntil",
  "updatesUntil",
  ...termNames,
  "notes",
  "tags",
  "metadata",
] as const satisfies readonly (keyof LicenseRow)[];

export function revisionOfLicense(license: LicenseRow): string {
  return revisionOf(pickValues(license, licenseFields));
}
