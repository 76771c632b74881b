// Starting a seat.
import type { ActivationRow } from "../activations/activation.ts";
import { getValidationData } from "../activations/validation_data.ts";
import { dayOf } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { requireValid } from "../policy/require_valid.ts";
import {
  countSeats,
  findLicenseLocked,
  recordSeatEvent,
  seatExpiry,
  type SeatRow,
  type SeatUsage,
} from "./seat.ts";

/**
 * Starts a seat on an activated machine.
 *
 * @throws DomainError `INVALID_LICENSE`, `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`,
 *   `NOT_ACTIVATED`, `ACTIVATION_INACTIVE`, `SESSION_LIMIT_REACHED`
 */
export async function startSeat(
  ctx: Context,
  input: { licenseKey: string; hardwareId: string },
): Promise<SeatRow & SeatUsage> {
  const day = dayOf(ctx.now);
  const data = await getValidationData(ctx, input.licenseKey, input.hardwareId, { uncached: true });
  requireValid(data.license, { day, activation: data.activation });
  const activationId = data.activation!.id;
  return inTransaction(ctx, async (ctx) => {
    const license = await findLicenseLocked(ctx, data.license.id) ?? refuse("INVALID_LICENSE");
    // A machine is deactivated under the same lock, so this stays true until the seat is inserted.
    const activation = await findActivation(ctx, activationId);
    const seatsInUse = await countSeats(ctx, license.id);
    requireValid(license, { day, activation, seatsInUse });
    const [seat] = await ctx.db<SeatRow[]>`
      insert into seats (license_id, activation_id, started_at, last_heartbeat, expires_at)
      values (${license.id}, ${activationId}, ${ctx.now}, ${ctx.now}, ${seatExpiry(ctx)})
      returning *`;
    await recordSeatEvent(ctx, "seat.started", license, activationId);
    return { ...seat, activeSessions: seatsInUse + 1, maxUsers: license.maxUsers };
  });
}

async function findActivation(ctx: Context, id: number): Promise<Pick<ActivationRow, "isActive"> | null> {
  const [activation] = await ctx.db<Pick<ActivationRow, "isActive">[]>`
    select is_active
    from activations
    where id = ${id}`;
  return activation ?? null;
}
