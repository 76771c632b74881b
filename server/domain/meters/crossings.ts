// Events of metered use: thresholds of a limit, and the end of what is admitted. Use only grows within a period, so each
// is crossed once; after a correction by an administrator it can be crossed again.
import type { Db, Fragment } from "../../../db/connect.ts";
import { eventsOfCallers, type EventType } from "../events/record.ts";

const THRESHOLD: EventType = "usage.threshold";
const LIMIT_REACHED: EventType = "usage.limit_reached";

/** Percent of the limit. */
export const meterThresholds = [80, 90, 100];

/**
 * The statement that records the events of what was counted.
 *
 * @param source a select of `license_id`, `customer_id`, `meter`, `max_units`, `most`, `ends_on`, of `used_before` and
 *   `used_after`, and of an `EventCaller`
 */
export function crossingEvents(db: Db, source: Fragment): Fragment {
  return eventsOfCallers(
    db,
    "license",
    db`
      select
        x.type, s.at, s.actor_kind, s.actor_id, s.actor_name, s.request_id, s.traceparent,
        s.license_id as subject_id, s.license_id, s.customer_id, null::bigint as activation_id,
        null::jsonb as before, x.after
      from (${source}) as s
      cross join lateral (
        select ${THRESHOLD}::text as type, jsonb_build_object(
          'of', 'meter', 'meter', s.meter, 'threshold', threshold, 'inUse', s.used_after, 'limit', s.max_units
        ) as after, threshold
        from unnest(${meterThresholds}::integer[]) as threshold
        where s.used_before * 100 < s.max_units * threshold and s.used_after * 100 >= s.max_units * threshold
        union all
        select ${LIMIT_REACHED}::text, jsonb_build_object(
          'meter', s.meter, 'used', s.used_after, 'limit', s.max_units, 'periodEndsOn', s.ends_on
        ), 101
        where s.used_before < s.most and s.used_after >= s.most
      ) as x
      order by s.position, x.threshold`,
  );
}
