// Committing and releasing reservations. Both are accepted for a license that has expired or was disabled since: what was
// done with a reservation is counted all the same.
import { canSeeProduct } from "../authorization.ts";
import { type Context, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { eventCaller } from "../events/record.ts";
import { runShared } from "../shared_work.ts";
import { endReservations } from "./end_batch.ts";
import type { MeterReceipt, MeterReservationRow } from "./meter.ts";

/**
 * Counts what a reservation holds, or a part of it; the rest comes back.
 *
 * @param input.amount units that were used; null: all
 * @throws DomainError `RESERVATION_NOT_FOUND`, `RESERVATION_ENDED` when it was committed or released or has lapsed,
 *   `INVALID_REQUEST` when it holds fewer units
 */
export function commitReservation(
  ctx: Context,
  { reservationId, amount }: { reservationId: string; amount: number | null },
): Promise<MeterReceipt> {
  return end(ctx, reservationId, amount);
}

/**
 * Gives back what a reservation holds.
 *
 * @throws DomainError `RESERVATION_NOT_FOUND`, `RESERVATION_ENDED`
 */
export function releaseReservation(ctx: Context, reservationId: string): Promise<MeterReceipt> {
  return end(ctx, reservationId, 0);
}

async function end(ctx: Context, reservationId: string, used: number | null): Promise<MeterReceipt> {
  const productId = ctx.actor.kind === "api_key" ? ctx.actor.productId : null;
  const request = { ...eventCaller(ctx), reservationId, productId, used };
  const receipt = await runShared(ctx, endReservations, request, async ({ isLast }) => {
    const { state, amount, expiresAt } = await getReservation(ctx, reservationId);
    if (state !== "open") refuse("RESERVATION_ENDED", { reason: state });
    if (expiresAt <= ctx.now) refuse("RESERVATION_ENDED", { reason: "lapsed" });
    if (used !== null && used > amount) {
      refuse("INVALID_REQUEST", { field: "amount", reason: "more_than_reserved", maximum: amount });
    }
    if (isLast) refuse("OVERLOADED", { retryAfter: 1 });
  });
  ctx.balances?.note(receipt);
  noteSubject(ctx, receipt.licenseId, null);
  return receipt;
}

/**
 * A reservation by the id that its app received.
 *
 * @throws DomainError `RESERVATION_NOT_FOUND`
 */
async function getReservation(ctx: Context, id: string): Promise<MeterReservationRow> {
  const [row] = await ctx.db<(MeterReservationRow & { productId: number })[]>`
    select v.*, l.product_id
    from meter_reservations v
    join licenses l on l.id = v.license_id
    where v.id = ${id} and l.deleted_at is null`;
  if (!row || !canSeeProduct(ctx, row.productId)) refuse("RESERVATION_NOT_FOUND");
  noteSubject(ctx, row.licenseId, null);
  return row;
}
