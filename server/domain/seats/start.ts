// Starting a seat.
import { licenseRequest, targetOfKey } from "../activations/machine_requests.ts";
import { getValidationData } from "../activations/validation_data.ts";
import { dayOf } from "../calendar.ts";
import { type Context, noteSubject } from "../context.ts";
import { requireKey } from "../licenses/key.ts";
import { requireValid } from "../policy/require_valid.ts";
import { runShared } from "../shared_work.ts";
import { seatExpiry, type SeatRow, type SeatUsage } from "./seat.ts";
import { startSeats } from "./start_batch.ts";

/**
 * Starts a seat on an activated machine. A machine whose seat has neither ended nor expired, because its app crashed for
 * one, gets the same seat again, also when the license is at its limit. One that comes back later gets a new seat.
 *
 * @throws DomainError `INVALID_LICENSE`, `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`,
 *   `NOT_ACTIVATED`, `ACTIVATION_INACTIVE`, `SESSION_LIMIT_REACHED`
 */
export async function startSeat(
  ctx: Context,
  { licenseKey, hardwareId }: { licenseKey: string; hardwareId: string },
): Promise<SeatRow & SeatUsage> {
  const day = dayOf(ctx.now);
  const request = {
    ...licenseRequest(ctx, targetOfKey(requireKey(ctx, licenseKey))),
    hardwareId,
    day,
    expiresAt: seatExpiry(ctx).toISOString(),
  };
  const seat = await runShared(ctx, startSeats, request, async ({ isLast }) => {
    const { license, activation } = await getValidationData(ctx, licenseKey, hardwareId, { uncached: true });
    requireValid(license, { day, activation });
    const { seatsInUse, hasSeat } = await readSeats(ctx, license.id, activation!.id);
    if (hasSeat && !isLast) return;
    // A license that changes faster than it can be read counts as full.
    requireValid(license, { day, seatsInUse: isLast ? Math.max(seatsInUse, license.maxUsers) : seatsInUse });
  });
  noteSubject(ctx, seat.licenseId, seat.activationId);
  return seat;
}

/** Both at the same moment: between two statements the machine's own seat may be started, which fills the license. */
async function readSeats(
  ctx: Context,
  licenseId: number,
  activationId: number,
): Promise<{ seatsInUse: number; hasSeat: boolean }> {
  const [seats] = await ctx.db<{ seatsInUse: number; hasSeat: boolean }[]>`
    select count(*) as seats_in_use, coalesce(bool_or(activation_id = ${activationId}), false) as has_seat
    from seats
    where license_id = ${licenseId} and expires_at > ${ctx.now}`;
  return seats;
}
