// Renewing a seat by a heartbeat.
import { dayOf } from "../calendar.ts";
import { type Context, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { requireValid } from "../policy/require_valid.ts";
import { machineVersionOf } from "../releases/machine_version.ts";
import { runShared } from "../shared_work.ts";
import { getSeat, type SeatRow, type SeatUsage } from "./seat.ts";
import { renewSeats, seatRequest } from "./seat_batches.ts";

/**
 * Renews a seat for another time to live.
 *
 * @throws DomainError `SESSION_NOT_FOUND` when it ended or expired, `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`,
 *   `LICENSE_EXPIRED`, `VERSION_NOT_ENTITLED`
 */
export async function renewSeat(ctx: Context, seatId: string): Promise<SeatRow & SeatUsage> {
  const day = dayOf(ctx.now);
  const request = { ...seatRequest(ctx, seatId), day, isVersionEntitled: false };
  const seat = await runShared(ctx, renewSeats, request, async ({ isLast }) => {
    const { license, activationId } = await getSeat(ctx, seatId);
    requireValid(license, { day, app: await machineVersionOf(ctx, license, { id: activationId }) });
    request.isVersionEntitled = true;
    if (isLast) refuse("SESSION_NOT_FOUND");
  });
  noteSubject(ctx, seat.licenseId, seat.activationId);
  return seat;
}
