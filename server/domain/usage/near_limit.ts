// Licenses with meters that are near their limit, at it or over it, for lists. They are found by the level of their periods,
// which follows every count; when a license gets other terms, a job corrects it a second later.
import type { Fragment } from "../../../db/connect.ts";
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import type { MeterLevel } from "./inputs.ts";
import { meterTerms } from "./meter_terms.ts";

/** The values of `meter_usage.level`, and how use compares to the limit. */
const levels = new Map<MeterLevel, { stored: string; isReached: string }>([
  ["near_limit", { stored: "80, 100, 101", isReached: "used * 5 >= m.max_units * 4" }],
  ["at_limit", { stored: "100, 101", isReached: "used >= m.max_units" }],
  ["over_limit", { stored: "101", isReached: "used > m.max_units" }],
]);

/** The condition "a meter of this license is used so far in its current period", for a list of licenses `l`. */
export function hasMeterAt({ db, now }: Pick<Context, "db" | "now">, level: MeterLevel): Fragment {
  const today = dayOf(now);
  const { stored, isReached } = levels.get(level)!;
  // Their levels find the rows; the license says whether it still counts them, and up to what limit.
  return db`
    l.id in (
      select u.license_id
      from meter_usage u
      join licenses l on l.id = u.license_id
      ${meterTerms(db, db`u.meter`, db`${today}::date`)}
      where u.level in (${db.unsafe(stored)}) and coalesce(u.ends_on, 'infinity'::date) >= ${today}::date
        and m.period = u.period and p.starts_on = u.starts_on and u.${db.unsafe(isReached)}
    )`;
}

/** Gives the current periods of licenses that were changed the limits that they have now. */
export async function correctMeterLimits({ db, now }: Context, licenseIds: number[]): Promise<void> {
  const day = dayOf(now);
  await db`
    with current as materialized (
      select u.license_id, u.meter, u.period, u.starts_on, m.max_units, p.ends_on
      from meter_usage u
      join licenses l on l.id = u.license_id
      ${meterTerms(db, db`u.meter`, db`${day}::date`)}
      where l.id = any(${licenseIds}) and m.period = u.period and p.starts_on = u.starts_on
        and (m.max_units, p.ends_on) is distinct from (u.max_units, u.ends_on)
      order by u.license_id, u.meter, u.period, u.starts_on
      for no key update of u
    )
    update meter_usage
    set max_units = c.max_units, ends_on = c.ends_on, told_units = least(told_units, used)
    from current c
    where meter_usage.license_id = c.license_id and meter_usage.meter = c.meter and meter_usage.period = c.period
      and meter_usage.starts_on = c.starts_on`;
}
