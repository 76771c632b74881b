// The policy in SQL: the one fragment that determines whether a license is usable on a day, the states that follow from it,
// and the limit of activations. All are built from the checks that `evaluate` makes.
import type { Db, Fragment } from "../../../db/connect.ts";
import type { CalendarDay } from "../calendar.ts";
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
 */
export function usableOn({ db }: Connection, alias: Alias, day: CalendarDay | Fragment): Fragment {
  return allPass(db, alias, day, licenseChecks);
}

/** The condition "this license is in that state on that day". A deleted license keeps its state. */
export function inState({ db }: Connection, alias: Alias, state: LicenseState, day: CalendarDay): Fragment {
  const index = stateChecks.findIndex((check) => check.state === state);
  if (index === -1) return allPass(db, alias, day, stateChecks);
  const failed = stateChecks[index].condition(db, db.unsafe(alias), dateOf(db, day));
  return db`(${allPass(db, alias, day, stateChecks.slice(0, index))} and not (${failed}))`;
}

/** The state of a license on a day, as an expression for a select. */
export function stateOn({ db }: Connection, alias: Alias, day: CalendarDay): Fragment {
  const l: Fragment = db.unsafe(alias);
  const on = dateOf(db, day);
  const failures = stateChecks.reduce<Fragment>(
    (cases, { state, condition }) => db`${cases} when not (${condition(db, l, on)}) then ${state}::text`,
    db``,
  );
  return db`case ${failures} else 'active' end`;
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
    ${l}.is_active, ${l}.valid_from, ${l}.valid_until, ${l}.max_activations, ${l}.machine_overage, ${l}.max_users,
    ${l}.deleted_at`;
}

/** The checks whose failure is a state of the license. */
const stateChecks = licenseChecks.filter(({ state }) => state !== null);

function allPass(
  db: Db,
  alias: Alias,
  day: CalendarDay | Fragment,
  checks: readonly (typeof licenseChecks)[number][],
): Fragment {
  const l: Fragment = db.unsafe(alias);
  const on = dateOf(db, day);
  const conditions = checks.reduce<Fragment>(
    (all, { condition }) => db`${all} and ${condition(db, l, on)}`,
    db`true`,
  );
  return db`(${conditions})`;
}

function dateOf(db: Db, day: CalendarDay | Fragment): Fragment {
  return typeof day === "string" ? db`${day}::date` : day;
}
