// How many seats a machine's license has in use and who waits for one, counted where the license counts them.
import type { Context } from "../context.ts";
import { isInScope, type SeatUsage } from "./seat.ts";

/** What decides whether a machine gets a seat. */
export interface SeatDemand extends SeatUsage {
  /** Whether the license has a queue. */
  hasQueue: boolean;
  /** Those in the queue before the caller, for whom seats are kept. */
  waiting: number;
  /** Whether the caller has a seat, and a position in the queue. */
  hasSeat: boolean;
  isQueued: boolean;
}

/**
 * All of one moment: between two statements the caller's own seat may be started, which fills the license.
 *
 * @param own what the app says that it has; nothing: the seat or ticket of the machine, where it can have only one
 */
export async function readSeatDemand(
  ctx: Pick<Context, "db" | "now">,
  activationId: number,
  own: { seatId: string | null; ticket: string | null } = { seatId: null, ticket: null },
): Promise<SeatDemand> {
  const [demand] = await ctx.db<SeatDemand[]>`
    with m as materialized (
      select a.license_id, a.id as activation_id, l.seat_scope = 'machine' as is_per_machine, l.max_users,
        l.seat_queue as has_queue
      from activations a
      join licenses l on l.id = a.license_id
      where a.id = ${activationId}
    ),
    queue as materialized (
      select t.number, (
        t.activation_id = m.activation_id
        and (t.id = ${own.ticket}::uuid or ${own.ticket}::uuid is null and not m.is_per_machine)
      ) as is_own
      from m
      join seat_tickets t on ${isInScope(ctx.db, ctx.db`t`, ctx.db`m`)} and t.expires_at > ${ctx.now}
      join activations a on a.id = t.activation_id and a.is_active
      where m.has_queue
    )
    select
      m.max_users, m.has_queue,
      (select count(*) from queue where number < coalesce((select min(number) from queue where is_own), number + 1)) as waiting,
      exists (select from queue where is_own) as is_queued,
      count(s.id) as active_sessions,
      coalesce(
        bool_or(s.activation_id = m.activation_id and (not m.is_per_machine or s.id = ${own.seatId}::uuid)),
        false
      ) as has_seat
    from m
    left join seats s on ${isInScope(ctx.db, ctx.db`s`, ctx.db`m`)} and s.expires_at > ${ctx.now}
    group by m.max_users, m.has_queue`;
  return demand;
}

/** The seats in use of a machine's license. */
export async function readSeatUsage(
  ctx: Pick<Context, "db" | "now">,
  activationId: number,
): Promise<SeatUsage> {
  const { activeSessions, maxUsers } = await readSeatDemand(ctx, activationId);
  return { activeSessions, maxUsers };
}
