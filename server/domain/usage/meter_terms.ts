// The terms of a meter and its period on a day, as parts of statements.
import type { Db, Fragment } from "../../../db/connect.ts";

/** The largest count, which JSON numbers hold exactly. A meter with unlimited overage ends here. */
const MAX_UNITS = Number.MAX_SAFE_INTEGER;

/**
 * The terms of a meter as a row `m`: `period`, `max_units` and `most`, the units that are admitted with the overage; and the
 * period that `day` lies in as a row `p`: `starts_on` and `ends_on`. A join for a select from licenses `l` that have the meter.
 */
export function meterTerms(db: Db, meter: Fragment, day: Fragment): Fragment {
  return db`
    cross join lateral (
      select
        t.period, t."limit" as max_units,
        coalesce(t."limit" + t."limit" * t.overage / 100, ${MAX_UNITS}) as most
      from jsonb_to_record(l.meters -> ${meter}) as t (period text, "limit" bigint, overage integer)
    ) as m
    cross join lateral meter_period(m.period, ${day}, coalesce(l.periods_from, l.valid_from), l.duration) as p`;
}
