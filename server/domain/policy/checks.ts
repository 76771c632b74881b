// The checks a license must pass to be used, each in TypeScript and in SQL. Their order is the order in which a denial
// is reported. A property test holds that both forms agree.
import type { Db, Fragment } from "../../../db/connect.ts";
import { type CalendarDay, isBefore } from "../calendar.ts";
import { type AppVersion, isReleaseIncluded, isVersionCovered, lastUpdateDay } from "./app_version.ts";
import { graceEndOf, isOver } from "./expiry.ts";
import type { LicenseTerms } from "./terms.ts";

/** Why a license cannot be used on a day, whatever the machine. */
export type LicenseDenialCode =
  | "INVALID_LICENSE"
  | "LICENSE_INACTIVE"
  | "LICENSE_NOT_YET_VALID"
  | "LICENSE_EXPIRED"
  | "VERSION_NOT_ENTITLED";

interface LicenseCheck {
  name:
    | "not_deleted"
    | "enabled"
    | "started"
    | "not_expired"
    | "version_covered"
    | "updates_included";
  /** The denial when the check fails. */
  code: LicenseDenialCode;
  /** Whether the check is made; absent in checks that always are. */
  isMade?(terms: LicenseTerms, day: CalendarDay): boolean;
  /** @param app what the app reports; an app that reports no version passes what only a version can fail */
  passes(terms: LicenseTerms, day: CalendarDay, app: AppVersion): boolean;
  /** What is compared with the limit, where it is not today. */
  actual?(app: AppVersion): string | null;
  /** The term that is compared with; absent in checks that compare nothing. */
  limit?(terms: LicenseTerms, day: CalendarDay): string | null;
  /**
   * The check as an SQL condition that is never null.
   *
   * @param l the alias of `licenses`
   * @param day a date
   * @param isEntitled whether the app's version was found to be covered by the license; null when no version is asked for
   */
  condition(db: Db, l: Fragment, day: Fragment, isEntitled: Fragment | null): Fragment;
}

export const licenseChecks: readonly LicenseCheck[] = [
  {
    name: "not_deleted",
    code: "INVALID_LICENSE",
    passes: ({ deletedAt }) => deletedAt === null,
    condition: (db, l) => db`${l}.deleted_at is null`,
  },
  {
    name: "enabled",
    code: "LICENSE_INACTIVE",
    passes: ({ isActive }) => isActive,
    condition: (db, l) => db`${l}.is_active`,
  },
  {
    name: "started",
    code: "LICENSE_NOT_YET_VALID",
    passes: ({ validFrom }, day) => !isBefore(day, validFrom),
    limit: ({ validFrom }) => validFrom,
    condition: (db, l, day) => db`${l}.valid_from <= ${day}`,
  },
  {
    name: "not_expired",
    code: "LICENSE_EXPIRED",
    passes: (terms, day, { releasedOn }) =>
      !isOver(terms, day) || terms.afterExpiry === "allow" ||
      // Whether a release is included is the last check.
      terms.afterExpiry === "entitled_versions" && releasedOn !== null,
    limit: (terms) => graceEndOf(terms) ?? terms.validUntil,
    condition: (db, l, day, isEntitled) => {
      const entitled = isEntitled && db`or ${l}.after_expiry = 'entitled_versions' and ${isEntitled}`;
      return db`
        (coalesce(${l}.valid_until, 'infinity'::date) + ${l}.grace_days >= ${day}
          or ${l}.after_expiry = 'allow' ${entitled ?? db``})`;
    },
  },
  {
    name: "version_covered",
    code: "VERSION_NOT_ENTITLED",
    isMade: ({ versions }) => versions !== null,
    passes: (terms, _day, { version }) => isVersionCovered(terms, version),
    actual: ({ version }) => version && version.key,
    limit: ({ versions }) => versions,
    condition: (db, l, _day, isEntitled) =>
      isEntitled ? db`(${l}.versions is null or ${isEntitled})` : db`true`,
  },
  {
    name: "updates_included",
    code: "VERSION_NOT_ENTITLED",
    isMade: (terms, day) => lastUpdateDay(terms, day) !== null,
    passes: (terms, day, { releasedOn }) => isReleaseIncluded(terms, releasedOn, day),
    actual: ({ releasedOn }) => releasedOn,
    limit: lastUpdateDay,
    condition: (db, l, _day, isEntitled) =>
      isEntitled ? db`(${l}.updates_until is null or ${isEntitled})` : db`true`,
  },
];
