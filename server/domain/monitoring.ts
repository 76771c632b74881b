// The numbers of the moment.
import { type Context, dayOf, requireRole } from "./context.ts";

export interface LiveStats {
  activeLicenses: number;
  totalActivations: number;
  activeSessions: number;
  heartbeatsPerMinute: number;
}

/** How many seats are held now. */
export async function countActiveSeats(ctx: Context): Promise<number> {
  requireRole(ctx, "viewer");
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from seats
    where expires_at > ${ctx.now}`;
  return count;
}

/** Licenses that can be used today, machines that hold a place, seats held, and machines heard of in the last minute. */
export async function getLiveStats(ctx: Context): Promise<LiveStats> {
  requireRole(ctx, "viewer");
  const today = dayOf(ctx.now);
  const [stats] = await ctx.db<Omit<LiveStats, "activeSessions">[]>`
    select
      (
        select count(*)
        from licenses
        where deleted_at is null and is_active and valid_from <= ${today}::date
          and (valid_until is null or valid_until >= ${today}::date)
      ) as active_licenses,
      (select coalesce(sum(activations_in_use), 0)::bigint from licenses where deleted_at is null)
        as total_activations,
      (
        select count(*)
        from activations
        where last_heartbeat > ${new Date(ctx.now.getTime() - 60_000)}
      ) as heartbeats_per_minute`;
  return { ...stats, activeSessions: await countActiveSeats(ctx) };
}
