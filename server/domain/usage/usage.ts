// Usage thresholds: an event when a license reaches 80 or 100 % of its activations or seats, once per crossing. Activations
// and seats only record their events; this job reads them afterwards. Where seats count for each machine, the machine that
// uses most of them counts.
import type { Context } from "../context.ts";
import { readEvents } from "../events/readers.ts";
import { correctMeterLimits } from "./near_limit.ts";
import { OVER_LIMIT } from "./over_limit.ts";
import { eventsFrom, type EventType } from "../events/record.ts";

/** A row of `usage_crossings`. */
export interface UsageCrossingRow {
  licenseId: number;
  resource: "activations" | "seats";
  threshold: number;
  crossedAt: Date;
}

/** Events read in a transaction. */
const BATCH_SIZE = 2000;

/** Events that change the usage or the limits of a license. */
const usageEvents = new Set<EventType>([
  "license.activated",
  "license.deactivated",
  "activation.replaced",
  "activation.lapsed",
  "license.created",
  "license.updated",
  "seat.started",
  "seat.ended",
]);

/** Events that change the limits or the periods of a license's meters. */
const limitEvents = new Set<EventType>(["license.updated", "license.renewed"]);

/**
 * Records the thresholds that licenses reached since the last run.
 *
 * @returns the number of thresholds
 */
export async function recordThresholds(ctx: Context): Promise<number> {
  let crossed = 0;
  while (true) {
    const read = await readEvents(ctx, "usage", BATCH_SIZE, async (ctx, events) => {
      const ids = events.filter(({ type }) => usageEvents.has(type)).map(({ licenseId }) => licenseId!);
      crossed += await updateCrossings(ctx, [...new Set(ids)]);
      const changed = events.filter(({ type }) => limitEvents.has(type)).map(({ licenseId }) => licenseId!);
      if (changed.length > 0) await correctMeterLimits(ctx, [...new Set(changed)]);
    });
    if (read < BATCH_SIZE) break;
  }
  return crossed + await updateCrossings(ctx, await listAboveSeatThreshold(ctx));
}

/** Licenses above a threshold of seats, because a seat that expires records no event. */
async function listAboveSeatThreshold(ctx: Context): Promise<number[]> {
  const rows = await ctx.db<Pick<UsageCrossingRow, "licenseId">[]>`
    select distinct license_id
    from usage_crossings
    where resource = 'seats'`;
  return rows.map(({ licenseId }) => licenseId);
}

/** Brings the crossings of licenses up to date, and records an event for each new one. */
async function updateCrossings(ctx: Context, licenseIds: number[]): Promise<number> {
  if (licenseIds.length === 0) return 0;
  const [{ count }] = await ctx.db<{ count: number }[]>`
    with used as (
      select id, customer_id, 'activations' as resource, activations_in_use as in_use, max_activations as maximum
      from licenses
      where id = any(${licenseIds}) and deleted_at is null
      union all
      select l.id, l.customer_id, 'seats',
        case
          when l.seat_scope = 'machine' then (
            select coalesce(max(in_use), 0)
            from (
              select count(*) as in_use
              from seats s
              where s.license_id = l.id and s.expires_at > ${ctx.now}
              group by s.activation_id
            ) as machine
          )
          else (select count(*) from seats s where s.license_id = l.id and s.expires_at > ${ctx.now})
        end,
        l.max_users
      from licenses l
      where l.id = any(${licenseIds}) and l.deleted_at is null
    ),
    measured as (
      select used.*, threshold,
        case threshold
          when ${OVER_LIMIT} then in_use > maximum
          else maximum > 0 and in_use * 100 >= maximum::bigint * threshold
        end as above
      from used
      cross join unnest(array[80, 100, ${OVER_LIMIT}::integer]) as threshold
    ),
    cleared as (
      delete from usage_crossings c
      using measured s
      where c.license_id = s.id and c.resource = s.resource and c.threshold = s.threshold and not s.above
    ),
    crossed as (
      insert into usage_crossings (license_id, resource, threshold, crossed_at)
      select id, resource, threshold, ${ctx.now}
      from measured
      where above
      order by id, resource, threshold
      on conflict on constraint usage_crossings_pkey do nothing
      returning *
    ),
    recorded as (${
    eventsFrom(
      ctx,
      "usage.threshold",
      ctx.db`
        select
          s.id as subject_id, s.id as license_id, s.customer_id,
          null::bigint as activation_id, null::jsonb as before,
          jsonb_build_object(
            'of', s.resource, 'threshold', s.threshold, 'inUse', s.in_use, 'limit', s.maximum
          ) as after
        from crossed c
        join measured s on s.id = c.license_id and s.resource = c.resource and s.threshold = c.threshold
        where c.threshold <> ${OVER_LIMIT}`,
    )
  })
    select count(*) as count
    from crossed
    where threshold <> ${OVER_LIMIT}`;
  return count;
}
