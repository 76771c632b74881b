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
 * Starts a seat on an activated machine. A machine whose seat has neither ended nor expired, because its app crashed for
 * one, gets the same seat again, also when the license is at its limit. One that comes back later gets a new seat.
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
    requireValid(license, { day, activation });
    const [resumed] = await ctx.db<SeatRow[]>`
      update seats
      set last_heartbeat = ${ctx.now}, expires_at = greatest(expires_at, ${seatExpiry(ctx)})
      where activation_id = ${activationId} and expires_at > ${ctx.now}
      returning *`;
    if (resumed) return { ...resumed, activeSessions: seatsInUse, maxUsers: license.maxUsers };
    requireValid(license, { day, activation, seatsInUse });
    // An expired seat that no job has deleted yet is replaced, with another id.
    const [seat] = await ctx.db<SeatRow[]>`
      insert into seats (license_id, activation_id, started_at, last_heartbeat, expires_at)
      values (${license.id}, ${activationId}, ${ctx.now}, ${ctx.now}, ${seatExpiry(ctx)})
      on conflict on constraint seats_activation_id_unique do update
      set
        id = gen_random_uuid(), started_at = excluded.started_at, last_heartbeat = excluded.last_heartbeat,
        expires_at = excluded.expires_at
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
