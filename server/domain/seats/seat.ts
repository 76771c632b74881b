// A seat: a machine that runs the app. A license, or each of its machines, has `maxUsers` of them. A seat lasts until it
// ends or misses its heartbeats for the license's time to live.
import type { Db, Fragment } from "../../../db/connect.ts";
import type { ValidationData } from "../activations/validation_packing.ts";
import { canSeeProduct } from "../authorization.ts";
import { type Context, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { termColumns } from "../policy/conditions.ts";

/** A row of `seats`. */
export interface SeatRow {
  id: string;
  /** By which administrators call it. The id is its app's secret. */
  number: number;
  licenseId: number;
  activationId: number;
  startedAt: Date;
  lastHeartbeat: Date;
  expiresAt: Date;
}

/** Seats of a license, or of one of its machines where they count for each: those in use, and how many there are. */
export interface SeatUsage {
  activeSessions: number;
  maxUsers: number;
}

export type SeatLicense = ValidationData["license"];

/**
 * When a seat of the license `l` expires that starts or is renewed at a time.
 *
 * @param at an SQL expression of type timestamptz
 */
export function seatExpiry({ db }: { db: Db }, at: Fragment): Fragment {
  return db`(${at} + make_interval(secs => l.seat_ttl))`;
}

/**
 * The condition "this seat counts towards the limit that applies to that machine".
 *
 * @param machine what the statement calls the row with `license_id`, `activation_id` and `is_per_machine`
 */
export function isInScope(db: Db, seat: Fragment, machine: Fragment): Fragment {
  return db`(
    ${seat}.license_id = ${machine}.license_id
    and (not ${machine}.is_per_machine or ${seat}.activation_id = ${machine}.activation_id)
  )`;
}

/** The license of a seat, deleted or not, its row locked until the transaction ends. */
export async function findLicenseLocked(ctx: Context, id: number): Promise<SeatLicense | null> {
  const [license] = await ctx.db<SeatLicense[]>`
    select l.id, l.key, l.product_id, l.customer_id, l.activations_in_use, ${termColumns(ctx, "l")}
    from licenses l
    where l.id = ${id}
    for no key update`;
  return license ?? null;
}

/**
 * A seat in use, by the id that its app received.
 *
 * @throws DomainError `SESSION_NOT_FOUND`
 */
export async function getSeat(
  ctx: Context,
  seatId: string,
): Promise<{ license: SeatLicense; activationId: number }> {
  const [row] = await ctx.db<(SeatLicense & { activationId: number })[]>`
    select l.id, l.key, l.product_id, l.customer_id, l.activations_in_use, ${
    termColumns(ctx, "l")
  }, s.activation_id
    from seats s
    join licenses l on l.id = s.license_id
    join activations a on a.id = s.activation_id and a.is_active
    where s.id = ${seatId} and s.expires_at > ${ctx.now} and l.deleted_at is null`;
  if (!row || !canSeeProduct(ctx, row.productId)) refuse("SESSION_NOT_FOUND");
  const { activationId, ...license } = row;
  noteSubject(ctx, license.id, activationId);
  return { license, activationId };
}

export async function recordSeatEvent(
  ctx: Context,
  type: "seat.started" | "seat.ended" | "seat.unqueued",
  license: SeatLicense,
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
