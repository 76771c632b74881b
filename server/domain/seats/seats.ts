// Seats: how many copies of an app run at once on a license. A copy takes one of the max_users places when it starts,
// and holds it while it gives a sign of life.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import { canSeeProduct, requireRole } from "../authorization.ts";
import { dayOf } from "../calendar.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import type { ActivationRow } from "../activations/activation.ts";
import { termColumns } from "../policy/conditions.ts";
import { requireValid } from "../policy/require_valid.ts";
import { getValidationData, type ValidationData } from "../activations/validation_data.ts";

/** A row of `seats`. */
export interface SeatRow {
  id: string;
  licenseId: number;
  activationId: number;
  startedAt: Date;
  lastHeartbeat: Date;
  expiresAt: Date;
}

export interface SeatCount {
  activeSessions: number;
  maxUsers: number;
}

/**
 * Takes a seat for one running copy of the app.
 *
 * @throws DomainError `INVALID_LICENSE`; what stands in the way of a verification; `SESSION_LIMIT_REACHED` with
 *   `max_users` and `active_sessions`
 */
export async function startSeat(
  ctx: Context,
  input: { licenseKey: string; hardwareId: string },
): Promise<SeatRow & SeatCount> {
  const standing = await getValidationData(ctx, input.licenseKey, input.hardwareId, { fresh: true });
  const day = dayOf(ctx.now);
  requireValid(standing.license, { day, activation: standing.activation });
  return inTransaction(ctx, async (ctx) => {
    const license = await lockLicense(ctx, standing.license.id);
    // A machine is deactivated under the same lock, so this stays true until the seat is written.
    const activation = await findActivation(ctx, standing.activation!.id);
    const seatsInUse = await countSeats(ctx, license.id);
    requireValid(license, { day, activation, seatsInUse });
    const [seat] = await ctx.db<SeatRow[]>`
      insert into seats (license_id, activation_id, started_at, last_heartbeat, expires_at)
      values (
        ${standing.license.id}, ${standing.activation!.id}, ${ctx.now}, ${ctx.now}, ${endOfLife(ctx)}
      )
      returning *`;
    await recordSeat(ctx, "seat.started", standing.license, seat.activationId);
    return { ...seat, activeSessions: seatsInUse + 1, maxUsers: license.maxUsers };
  });
}

/**
 * Keeps a seat for another time to live.
 *
 * @throws DomainError `SESSION_NOT_FOUND` when it has ended or its time ran out; what stands in the way of the license
 */
export async function keepSeat(ctx: Context, seatId: string): Promise<SeatRow & SeatCount> {
  const { license } = await getSeat(ctx, seatId);
  requireValid(license, { day: dayOf(ctx.now) });
  const [seat] = await ctx.db<SeatRow[]>`
    update seats
    set last_heartbeat = ${ctx.now}, expires_at = greatest(expires_at, ${endOfLife(ctx)})
    where id = ${seatId} and expires_at > ${ctx.now}
    returning *`;
  if (!seat) refuse("SESSION_NOT_FOUND");
  return { ...seat, activeSessions: await countSeats(ctx, license.id), maxUsers: license.maxUsers };
}

/**
 * Gives a seat back. It is free at once.
 *
 * @throws DomainError `SESSION_NOT_FOUND`
 */
export async function endSeat(ctx: Context, seatId: string): Promise<SeatCount> {
  const { license, seat } = await getSeat(ctx, seatId);
  return inTransaction(ctx, async (ctx) => {
    const [ended] = await ctx.db`
      delete from seats
      where id = ${seatId} and expires_at > ${ctx.now}
      returning id`;
    if (!ended) refuse("SESSION_NOT_FOUND");
    await recordSeat(ctx, "seat.ended", license, seat.activationId);
    return { activeSessions: await countSeats(ctx, license.id), maxUsers: license.maxUsers };
  });
}

/** What people call a seat: a number made of its id, which is the app's secret and cannot be found from it. */
export function seatNumber(ctx: Context, id: Fragment): Fragment {
  // As many bits as a number has in JSON.
  return ctx.db`(hashtextextended(${id}::text, 0) & 9007199254740991)`;
}

/**
 * Ends a seat by hand. It is free at once; its app learns of it at its next sign of life.
 *
 * @param number as lists of seats have it
 * @throws DomainError `SESSION_NOT_FOUND`
 */
export function endHeldSeat(ctx: Context, licenseId: number, number: number): Promise<void> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const license = await findLicenseLocked(ctx, licenseId);
    if (!license || license.deletedAt) refuse("SESSION_NOT_FOUND");
    const [ended] = await ctx.db<Pick<SeatRow, "activationId">[]>`
      delete from seats
      where license_id = ${licenseId} and expires_at > ${ctx.now} and ${
      seatNumber(ctx, ctx.db`id`)
    } = ${number}
      returning activation_id`;
    if (!ended) refuse("SESSION_NOT_FOUND");
    await recordSeat(ctx, "seat.ended", license, ended.activationId);
  });
}

/**
 * Clears away seats whose time ran out. They were free already; this keeps the table small.
 *
 * @returns how many
 */
export async function clearDeadSeats(ctx: Context): Promise<number> {
  const cleared = await ctx.db`
    delete from seats
    where expires_at <= ${ctx.now}`;
  return cleared.count;
}

function endOfLife(ctx: Context): Date {
  return new Date(ctx.now.getTime() + ctx.settings.seatTimeToLive * 1000);
}

type LicenseOfSeat = ValidationData["license"];

/** The license as it is now, deleted or not, locked so that no seat is started on it until the transaction ends. */
async function findLicenseLocked(ctx: Context, id: number): Promise<LicenseOfSeat | null> {
  const [license] = await ctx.db<LicenseOfSeat[]>`
    select l.id, l.key, l.product_id, l.customer_id, l.activations_in_use, ${termColumns(ctx, "l")}
    from licenses l
    where l.id = ${id}
    for no key update`;
  return license ?? null;
}

/**
 * The same, of a license that must exist.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
async function lockLicense(ctx: Context, id: number): Promise<LicenseOfSeat> {
  return await findLicenseLocked(ctx, id) ?? refuse("INVALID_LICENSE");
}

async function findActivation(ctx: Context, id: number): Promise<Pick<ActivationRow, "isActive"> | null> {
  const [activation] = await ctx.db<Pick<ActivationRow, "isActive">[]>`
    select is_active
    from activations
    where id = ${id}`;
  return activation ?? null;
}

async function countSeats(ctx: Context, licenseId: number): Promise<number> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from seats
    where license_id = ${licenseId} and expires_at > ${ctx.now}`;
  return count;
}

async function getSeat(ctx: Context, seatId: string): Promise<{ license: LicenseOfSeat; seat: SeatRow }> {
  const [row] = await ctx.db<(LicenseOfSeat & { activationId: number })[]>`
    select l.id, l.key, l.product_id, l.customer_id, l.activations_in_use, ${
    termColumns(ctx, "l")
  }, s.activation_id
    from seats s
    join licenses l on l.id = s.license_id
    join activations a on a.id = s.activation_id and a.is_active
    where s.id = ${seatId} and s.expires_at > ${ctx.now} and l.deleted_at is null`;
  if (!row || !canSeeProduct(ctx, row.productId)) refuse("SESSION_NOT_FOUND");
  const { activationId, ...license } = row;
  return { license, seat: { id: seatId, licenseId: license.id, activationId } as SeatRow };
}

async function recordSeat(
  ctx: Context,
  type: "seat.started" | "seat.ended",
  license: LicenseOfSeat,
  activationId: number,
): Promise<void> {
  await recordEvent(ctx, {
    type,
    subjectId: activationId,
    licenseId: license.id,
    customerId: license.customerId,
    activationId,
  });
}
