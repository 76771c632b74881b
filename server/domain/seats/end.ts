// Ending seats: by the app, by an administrator, and expired ones by a job.
import { requireRole } from "../authorization.ts";
import { type Context, inTransaction, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { runShared } from "../shared_work.ts";
import {
  findLicenseLocked,
  getSeat,
  recordSeatEvent,
  seatExpiry,
  type SeatRow,
  type SeatUsage,
} from "./seat.ts";
import { endSeats, seatRequest } from "./seat_batches.ts";

/**
 * Ends a seat. It is freed immediately.
 *
 * @throws DomainError `SESSION_NOT_FOUND`
 */
export async function endSeat(ctx: Context, seatId: string): Promise<SeatUsage> {
  const ended = await runShared(ctx, endSeats, seatRequest(ctx, seatId), async ({ isLast }) => {
    await getSeat(ctx, seatId);
    if (isLast) refuse("SESSION_NOT_FOUND");
  });
  const { licenseId, activationId, ...usage } = ended;
  noteSubject(ctx, licenseId, activationId);
  return usage;
}

/**
 * Ends a seat from administration. It is freed immediately; its app is refused at its next heartbeat.
 *
 * @param number the seat's number in lists
 * @throws DomainError `SESSION_NOT_FOUND`
 */
export function endSeatByNumber(
  ctx: Context,
  { licenseId, number }: { licenseId: number; number: number },
): Promise<void> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const license = await findLicenseLocked(ctx, licenseId);
    if (!license || license.deletedAt) refuse("SESSION_NOT_FOUND");
    const [seat] = await ctx.db<Pick<SeatRow, "activationId">[]>`
      delete from seats
      where license_id = ${licenseId} and expires_at > ${ctx.now} and number = ${number}
      returning activation_id`;
    if (!seat) refuse("SESSION_NOT_FOUND");
    await recordSeatEvent(ctx, "seat.ended", license, seat.activationId);
  });
}

/**
 * Deletes expired seats. They are free already; deleting them limits the size of the table. One that is locked is renewed
 * or deleted by another transaction.
 *
 * @returns the number of seats
 */
export async function deleteExpiredSeats(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from seats
    where id in (
      select id
      from seats
      where expires_at <= ${ctx.now}
      for update skip locked
    )`;
  return deleted.count;
}

/** Corrects seats from before the database's clock was put back: they last for one more time to live. */
export async function correctSeatsAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update seats
    set
      started_at = least(seats.started_at, ${ctx.now}), last_heartbeat = ${ctx.now},
      expires_at = least(seats.expires_at, ${seatExpiry(ctx, ctx.db`${ctx.now}::timestamptz`)})
    from licenses l
    where l.id = seats.license_id and seats.last_heartbeat > ${ctx.now}`;
}
