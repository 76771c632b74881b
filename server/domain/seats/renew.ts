// Renewing a seat by a heartbeat.
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { requireValid } from "../policy/require_valid.ts";
import { countSeats, getSeat, seatExpiry, type SeatRow, type SeatUsage } from "./seat.ts";

/**
 * Renews a seat for another time to live.
 *
 * @throws DomainError `SESSION_NOT_FOUND` when it ended or expired, `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`,
 *   `LICENSE_EXPIRED`
 */
export async function renewSeat(ctx: Context, seatId: string): Promise<SeatRow & SeatUsage> {
  const { license } = await getSeat(ctx, seatId);
  requireValid(license, { day: dayOf(ctx.now) });
  const [seat] = await ctx.db<SeatRow[]>`
    update seats
    set last_heartbeat = ${ctx.now}, expires_at = greatest(expires_at, ${seatExpiry(ctx)})
    where id = ${seatId} and expires_at > ${ctx.now}
    returning *`;
  if (!seat) refuse("SESSION_NOT_FOUND");
  return { ...seat, activeSessions: await countSeats(ctx, license.id), maxUsers: license.maxUsers };
}
