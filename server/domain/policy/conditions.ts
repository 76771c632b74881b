// The policy in SQL: the one fragment that determines whether a license is usable on a day, its states, and the limit of
// activations. They are built from the checks that `evaluate` makes.
import type { Db, Fragment } from "../../../db/connect.ts";
import { type CalendarDay, LAST_DAY } from "../calendar.ts";
import { UNLIMITED } from "./capacity.ts";
import { licenseChecks } from "./checks.ts";
import type { LicenseState } from "./terms.ts";

interface Connection {
  db: Db;
}

/** What a statement calls the table `licenses`. */
type Alias = "l" | "licenses";

/**
 * The condition "this license is usable on that day", whatever the machine.
 *
 * @param day a day in UTC, or an SQL expression of type date
 * @param options.isEntitled an SQL expression that is true when `evaluate` found that the license covers the app's version.
 *   It is never null. While it is false, a license on which the version decides is not usable. Absent: for an app that sends
 *   no version
 */
export function usableOn(
  { db }: Connection,
  alias: Alias,
  day: CalendarDay | Fragment,
  { isEntitled = null }: { isEntitled?: Fragment | null } = {},
): Fragment {
  const l: Fragment = db.unsafe(alias);
  const on = dateOf(db, day);
  const conditions = licenseChecks.reduce<Fragment>(
    (all, { condition }) => db`${all} and ${condition(db, l, on, isEntitled)}`,
    db`true`,
  );
  return db`(${conditions})`;
}

/** The condition "this license is in that state on that day". A deleted license keeps its state. */
export function inState({ db }: Connection, alias: Alias, state: LicenseState, day: CalendarDay): Fragment {
  const l: Fragment = db.unsafe(alias);
  const on = dateOf(db, day);
  // The expression of the index licenses_by_valid_until_or_never.
  const end = db`coalesce(${l}.valid_until, 'infinity'::date)`;
  const started = db`${l}.is_active and ${l}.valid_from <= ${on}`;
  switch (state) {
    case "inactive":
      return db`(not ${l}.is_active)`;
    case "not_yet_valid":
      return db`(${l}.is_active and ${l}.valid_from > ${on})`;
    case "active":
      return db`(${started} and ${end} >= ${on})`;
    case "in_grace":
      // Of the licenses that have grace the index licenses_in_grace finds the few in it.
      return db`
        (${started} and ${l}.grace_days > 0 and ${l}.valid_until is not null
          and daterange(${l}.valid_until, ${l}.valid_until + ${l}.grace_days, '(]') @> ${on})`;
    case "expired":
      return db`(${started} and ${end} < ${on} and ${end} + ${l}.grace_days < ${on})`;
  }
}

/** The state of a license on a day, as an expression for a select. */
export function stateOn({ db }: Connection, alias: Alias, day: CalendarDay): Fragment {
  const l: Fragment = db.unsafe(alias);
  const on = dateOf(db, day);
  return db`
    case
      when not ${l}.is_active then 'inactive'::text
      when ${l}.valid_from > ${on} then 'not_yet_valid'
      when coalesce(${l}.valid_until, 'infinity'::date) >= ${on} then 'active'
      when ${l}.valid_until + ${l}.grace_days >= ${on} then 'in_grace'
      else 'expired'
    end`;
}

/** The last day of grace, as an expression for a select; `graceEndOf` of expiry.ts. */
export function graceEndOn({ db }: Connection, alias: Alias): Fragment {
  const l: Fragment = db.unsafe(alias);
  return db`
    case
      when ${l}.grace_days > 0 and ${l}.valid_until is not null
        then least(${l}.valid_until + ${l}.grace_days, ${LAST_DAY}::date)
    end`;
}

/** How many machines a license admits, as an expression; `activationCapacity` of capacity.ts. */
export function activationCapacityOf({ db }: Connection, alias: Alias): Fragment {
  const l: Fragment = db.unsafe(alias);
  return db`
    coalesce(${l}.max_activations + ${l}.max_activations::bigint * ${l}.machine_overage / 100, ${UNLIMITED}::bigint)`;
}

/** The condition "one more machine can be activated on this license", whether the license is usable or not. */
export function hasFreeActivation({ db }: Connection, alias: Alias): Fragment {
  const l: Fragment = db.unsafe(alias);
  return db`${l}.activations_in_use < ${activationCapacityOf({ db }, alias)}`;
}

/** The columns of `LicenseTerms`, for a select. */
export function termColumns({ db }: Connection, alias: Alias): Fragment {
  const l: Fragment = db.unsafe(alias);
  return db`
    ${l}.is_active, ${l}.valid_from, ${l}.valid_until, ${l}.grace_days, ${l}.after_expiry, ${l}.updates_until,
    ${l}.versions, ${l}.max_activations, ${l}.machine_overage, ${l}.max_users, ${l}.deleted_at`;
}

function dateOf(db: Db, day: CalendarDay | Fragment): Fragment {
  return typeof day === "string" ? db`${day}::date` : day;
}
