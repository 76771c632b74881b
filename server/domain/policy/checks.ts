// The checks a license must pass to be used, each in TypeScript and in SQL. Their order is the order in which a denial
// is reported. A property test holds that both forms agree.
import type { Db, Fragment } from "../../../db/connect.ts";
import { type CalendarDay, isBefore } from "../calendar.ts";
import type { LicenseState, LicenseTerms } from "./terms.ts";

/** Why a license cannot be used on a day, whatever the machine. */
export type LicenseDenialCode =
  | "INVALID_LICENSE"
  | "LICENSE_INACTIVE"
  | "LICENSE_NOT_YET_VALID"
  | "LICENSE_EXPIRED";

interface LicenseCheck {
  name: "not_deleted" | "enabled" | "started" | "not_expired";
  /** The denial when the check fails. */
  code: LicenseDenialCode;
  /** The license's state when this is the first check that fails; null where failing is no state. */
  state: Exclude<LicenseState, "active"> | null;
  passes(terms: LicenseTerms, day: CalendarDay): boolean;
  /** The day of the terms that today is compared with; absent in checks that compare no days. */
  limit?(terms: LicenseTerms): CalendarDay | null;
  /**
   * The check as an SQL condition that is never null.
   *
   * @param l the alias of `licenses`
   * @param day a date
   */
  condition(db: Db, l: Fragment, day: Fragment): Fragment;
}

export const licenseChecks: readonly LicenseCheck[] = [
  {
    name: "not_deleted",
    code: "INVALID_LICENSE",
    state: null,
    passes: ({ deletedAt }) => deletedAt === null,
    condition: (db, l) => db`${l}.deleted_at is null`,
  },
  {
    name: "enabled",
    code: "LICENSE_INACTIVE",
    state: "inactive",
    passes: ({ isActive }) => isActive,
    condition: (db, l) => db`${l}.is_active`,
  },
  {
    name: "started",
    code: "LICENSE_NOT_YET_VALID",
    state: "not_yet_valid",
    passes: ({ validFrom }, day) => !isBefore(day, validFrom),
    limit: ({ validFrom }) => validFrom,
    condition: (db, l, day) => db`${l}.valid_from <= ${day}`,
  },
  {
    name: "not_expired",
    code: "LICENSE_EXPIRED",
    state: "expired",
    passes: ({ validUntil }, day) => validUntil === null || !isBefore(validUntil, day),
    limit: ({ validUntil }) => validUntil,
    // The expression of the index licenses_by_end_for_lists.
    condition: (db, l, day) => db`coalesce(${l}.valid_until, 'infinity'::date) >= ${day}`,
  },
];
