// Events of metered use: thresholds of a limit, and the end of what is admitted. Each is recorded once in a period, also when
// a correction lowers what is used and it is reached again: the highest that was recorded is kept in `told_units`. When the
// limit changes, those above what is used are recorded again.
import type { Db, Fragment } from "../../../db/connect.ts";
import { eventsOfCallers, type EventType } from "../events/record.ts";

const THRESHOLD: EventType = "usage.threshold";
const LIMIT_REACHED: EventType = "usage.limit_reached";

/** Percent of the limit. */
export const meterThresholds = [80, 90, 100];

/** The thresholds of a row with `max_units` and `most` as `threshold` and `units`; that of `most` has no percentage. */
function thresholdsOf(db: Db, row: Fragment): Fragment {
  return db`(
    select threshold, (${row}.max_units * threshold + 99) / 100 as units
    from unnest(${meterThresholds}::integer[]) as threshold
    union all
    select null, ${row}.most
  )`;
}

/**
 * The units up to which thresholds were recorded before something is counted.
 *
 * @param known the row of `meter_usage`; null when there is none yet
 * @param row a row with the `max_units` of now
 */
export function toldBefore(db: Db, known: Fragment, row: Fragment): Fragment {
  return db`case
    when ${known}.max_units <> ${row}.max_units then least(${known}.told_units, ${known}.used)
    else coalesce(${known}.told_units, 0)
  end`;
}

/** The units up to which thresholds are recorded after a row, which has `max_units`, `most`, `told_units` and `used_after`. */
export function toldAfter(db: Db, row: Fragment): Fragment {
  return db`greatest(${row}.told_units, (
    select max(units)
    from ${thresholdsOf(db, row)} as reached
    where units <= ${row}.used_after
  ))`;
}

/**
 * The statement that records the events of what was counted.
 *
 * @param source a select of `license_id`, `customer_id`, `meter`, `max_units`, `most`, `ends_on`, of `amount`, at least 1, and
 *   `used_after`, of `used` and `told_units` before all that is counted of the meter in the statement, and of an `EventCaller`
 */
export function crossingEvents(db: Db, source: Fragment): Fragment {
  // The first one that is counted also tells what was reached without being told: the limit was lowered, or use corrected.
  return eventsOfCallers(
    db,
    "license",
    db`
      select
        case when x.threshold is null then ${LIMIT_REACHED} else ${THRESHOLD} end as type,
        s.at, s.actor_kind, s.actor_id, s.actor_name, s.request_id, s.traceparent,
        s.license_id as subject_id, s.license_id, s.customer_id, null::bigint as activation_id, null::jsonb as before,
        case
          when x.threshold is null then jsonb_build_object(
            'meter', s.meter, 'used', s.used_after, 'limit', s.max_units, 'periodEndsOn', s.ends_on
          )
          else jsonb_build_object(
            'of', 'meter', 'meter', s.meter, 'threshold', x.threshold, 'inUse', s.used_after, 'limit', s.max_units
          )
        end as after
      from (${source}) as s
      cross join lateral ${thresholdsOf(db, db`s`)} as x
      where x.units > s.told_units and x.units <= s.used_after
        and (x.units > s.used_after - s.amount or s.used_after - s.amount = s.used)
      order by s.position, coalesce(x.threshold, 101)`,
  );
}
