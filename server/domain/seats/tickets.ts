// Tickets of the queue for a seat. An app that holds one asks again and again, and gets a free seat when no app waits that
// came before; one that is not heard of for a while is skipped. A free seat is kept for those that wait.
import { canSeeProduct, requireRole } from "../authorization.ts";
import { type Context, inTransaction, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { readSeatUsage } from "./seat_usage.ts";
import { findLicenseLocked, recordSeatEvent, type SeatUsage } from "./seat.ts";

/** Seconds without asking after which a ticket expires. */
export const TICKET_TIME_TO_LIVE = 30;

/** Seconds after which its holder is told to ask again: it may fail twice. */
export const POLL_INTERVAL = 10;

/** Seconds that the server may be down without a ticket losing its position. */
const MAX_OUTAGE = 600;

/** A row of `seat_tickets`. */
export interface TicketRow {
  id: string;
  number: number;
  licenseId: number;
  activationId: number;
  queuedAt: Date;
  lastHeartbeat: Date;
  expiresAt: Date;
}

/** A ticket, and its position: 1 is the next to get a seat. */
export type QueuedTicket = TicketRow & SeatUsage & { position: number };

/**
 * Gives a ticket back.
 *
 * @throws DomainError `TICKET_NOT_FOUND`
 */
export async function returnTicket(ctx: Context, ticketId: string): Promise<SeatUsage> {
  return await inTransaction(ctx, async (ctx) => {
    const [ticket] = await ctx.db<Pick<TicketRow, "licenseId" | "activationId">[]>`
      select license_id, activation_id
      from seat_tickets
      where id = ${ticketId}`;
    if (!ticket) refuse("TICKET_NOT_FOUND");
    const license = await findLicenseLocked(ctx, ticket.licenseId);
    if (!license || license.deletedAt || !canSeeProduct(ctx, license.productId)) refuse("TICKET_NOT_FOUND");
    const deleted = await ctx.db`
      delete from seat_tickets
      where id = ${ticketId} and expires_at > ${ctx.now}`;
    if (deleted.count === 0) refuse("TICKET_NOT_FOUND");
    noteSubject(ctx, license.id, ticket.activationId);
    await recordSeatEvent(ctx, "seat.unqueued", license, ticket.activationId);
    return await readSeatUsage(ctx, ticket.activationId);
  });
}

/**
 * Removes a ticket from the queue. Its app is refused when it asks again.
 *
 * @param number the ticket's number in lists
 * @throws DomainError `TICKET_NOT_FOUND`
 */
export function removeTicket(
  ctx: Context,
  { licenseId, number }: { licenseId: number; number: number },
): Promise<void> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const license = await findLicenseLocked(ctx, licenseId);
    if (!license || license.deletedAt) refuse("TICKET_NOT_FOUND");
    const [ticket] = await ctx.db<Pick<TicketRow, "activationId">[]>`
      delete from seat_tickets
      where license_id = ${licenseId} and number = ${number} and expires_at > ${ctx.now}
      returning activation_id`;
    if (!ticket) refuse("TICKET_NOT_FOUND");
    await recordSeatEvent(ctx, "seat.unqueued", license, ticket.activationId);
  });
}

/**
 * Deletes tickets that expired long ago; those of a license that is asked for seats are deleted then.
 *
 * @returns the number of tickets
 */
export async function deleteExpiredTickets(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from seat_tickets
    where id in (
      select id
      from seat_tickets
      where expires_at <= ${ctx.now}::timestamptz - make_interval(secs => ${MAX_OUTAGE})
      for update skip locked
    )`;
  return deleted.count;
}

/**
 * Keeps the queues in their order after no server was there for a while. Tickets that had not expired when one of them was
 * heard of last get their whole time again; when servers were there, these are the tickets that have not expired now.
 * Call it before the first request is answered.
 */
export async function keepTicketsAfterOutage(ctx: Pick<Context, "db" | "now">): Promise<void> {
  await ctx.db`
    update seat_tickets
    set expires_at = ${ctx.now}::timestamptz + make_interval(secs => ${TICKET_TIME_TO_LIVE})
    where id in (
      select id
      from seat_tickets
      where expires_at > (select max(last_heartbeat) from seat_tickets)
        and expires_at > ${ctx.now}::timestamptz - make_interval(secs => ${MAX_OUTAGE})
      for update skip locked
    )`;
}

/** Corrects tickets from before the database's clock was put back: they last for their whole time again. */
export async function correctTicketsAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update seat_tickets
    set
      queued_at = least(queued_at, ${ctx.now}), last_heartbeat = ${ctx.now},
      expires_at = ${ctx.now}::timestamptz + make_interval(secs => ${TICKET_TIME_TO_LIVE})
    where id in (
      select id
      from seat_tickets
      where last_heartbeat > ${ctx.now}
      for update skip locked
    )`;
}
