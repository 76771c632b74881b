// A seat: a machine that runs the app. A license has `maxUsers` of them, and a seat lasts until it ends or misses its
// heartbeats for the time to live of the settings.
import type { Fragment } from "../../../db/connect.ts";
import type { ValidationData } from "../activations/validation_packing.ts";
import { canSeeProduct } from "../authorization.ts";
import { type Context, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { termColumns } from "../policy/conditions.ts";

/** A row of `seats`. */
export interface SeatRow {
  id: string;
  licenseId: number;
  activationId: number;
  startedAt: Date;
  lastHeartbeat: Date;
  expiresAt: Date;
}

/** Seats of a license: those in use, and how many there are. */
export interface SeatUsage {
  activeSessions: number;
  maxUsers: number;
}

export type SeatLicense = ValidationData["license"];

/** When a seat expires that starts or is renewed now. */
export function seatExpiry(ctx: Context): Date {
  return new Date(ctx.now.getTime() + ctx.settings.seatTimeToLive * 1000);
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

/**
 * The number by which administrators call a seat. It is derived from the id, which is the app's secret, and does not
 * reveal it.
 */
export function seatNumber(ctx: Context, id: Fragment): Fragment {
  // 53 bits, the largest integer that JSON numbers hold exactly.
  return ctx.db`(hashtextextended(${id}::text, 0) & 9007199254740991)`;
}

export async function recordSeatEvent(
  ctx: Context,
  type: "seat.started" | "seat.ended",
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
