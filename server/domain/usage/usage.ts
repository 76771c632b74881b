// How full licenses are. Whoever takes a place or a seat does not know who listens; what happened is read afterwards,
// and a license that crosses 80 or 100 % of its activations or seats is told once for each crossing.
import type { Context } from "../context.ts";
import { readEvents } from "../events/readers.ts";
import { eventsFrom, type EventType } from "../events/record.ts";

/** A row of `usage_crossings`. */
export interface UsageCrossingRow {
  licenseId: number;
  resource: "activations" | "seats";
  threshold: number;
  crossedAt: Date;
}

/** Events read at a time. */
const MOST = 2000;

/** After these, a license may be fuller or emptier than before. */
const moving = new Set<EventType>([
  "license.activated",
  "license.deactivated",
  "license.created",
  "license.updated",
  "seat.started",
  "seat.ended",
]);

/**
 * Tells of licenses that crossed a threshold since this was last done.
 *
 * @returns how many crossings were told
 */
export async function noticeUsage(ctx: Context): Promise<number> {
  let crossed = 0;
  while (true) {
    const read = await readEvents(ctx, "usage", MOST, async (ctx, events) => {
      const ids = events.filter(({ type }) => moving.has(type)).map(({ licenseId }) => licenseId!);
      crossed += await markUsage(ctx, [...new Set(ids)]);
    });
    if (read < MOST) break;
  }
  return crossed + await markUsage(ctx, await listFilled(ctx));
}

/** Licenses above a threshold of seats: a seat whose time runs out tells nobody. */
async function listFilled(ctx: Context): Promise<number[]> {
  const rows = await ctx.db<Pick<UsageCrossingRow, "licenseId">[]>`
    select distinct license_id
    from usage_crossings
    where resource = 'seats'`;
  return rows.map(({ licenseId }) => licenseId);
}

async function markUsage(ctx: Context, licenseIds: number[]): Promise<number> {
  if (licenseIds.length === 0) return 0;
  const [{ count }] = await ctx.db<{ count: number }[]>`
    with used as (
      select id, customer_id, 'activations' as resource, activations_in_use as in_use, max_activations as most
      from licenses
      where id = any(${licenseIds}) and deleted_at is null
      union all
      select l.id, l.customer_id, 'seats',
        (select count(*) from seats s where s.license_id = l.id and s.expires_at > ${ctx.now}), l.max_users
      from licenses l
      where l.id = any(${licenseIds}) and l.deleted_at is null
    ),
    standing as (
      select used.*, threshold, most > 0 and in_use * 100 >= most::bigint * threshold as above
      from used
      cross join unnest(array[80, 100]) as threshold
    ),
    left_behind as (
      delete from usage_crossings m
      using standing s
      where m.license_id = s.id and m.resource = s.resource and m.threshold = s.threshold and not s.above
    ),
    crossed as (
      insert into usage_crossings (license_id, resource, threshold, crossed_at)
      select id, resource, threshold, ${ctx.now}
      from standing
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
            'of', s.resource, 'threshold', s.threshold, 'inUse', s.in_use, 'limit', s.most
          ) as after
        from crossed c
        join standing s on s.id = c.license_id and s.resource = c.resource and s.threshold = c.threshold`,
    )
  })
    select count(*) as count
    from crossed`;
  return count;
}
