// The queue of a license, for administration.
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import type { TicketRow } from "./tickets.ts";

/** The first of a queue that are listed. */
const MAX_LISTED = 200;

export type ListedTicket = Omit<TicketRow, "id" | "number"> & {
  /** The ticket's number; the id is its app's secret. */
  id: number;
  /** 1 is the next to get a seat: of the license, or of the machine where seats count for each. */
  position: number;
  machineName: string | null;
};

/** Those who wait for a seat of a license, in their order; the first 200. None where the license has no queue. */
export async function listTickets(
  ctx: Context,
  { licenseId }: { licenseId: number },
): Promise<{ rows: ListedTicket[]; total: number }> {
  requireRole(ctx, "viewer");
  const rows = await ctx.db<(ListedTicket & { total: number })[]>`
    select
      t.number as id, t.license_id, t.activation_id, t.queued_at, t.last_heartbeat, t.expires_at, a.machine_name,
      row_number() over (
        partition by case when l.seat_scope = 'machine' then t.activation_id end
        order by t.number
      ) as position,
      count(*) over () as total
    from licenses l
    join seat_tickets t on t.license_id = l.id and t.expires_at > ${ctx.now}
    join activations a on a.id = t.activation_id and a.is_active
    where l.id = ${licenseId} and l.seat_queue and l.deleted_at is null
    order by t.number
    limit ${MAX_LISTED}`;
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map(({ total: _, ...ticket }) => ticket),
  };
}
