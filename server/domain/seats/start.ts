// Starting a seat, or waiting for one.
import { licenseRequest, targetOfKey } from "../activations/machine_requests.ts";
import { getValidationData } from "../activations/validation_data.ts";
import { dayOf } from "../calendar.ts";
import { type Context, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { requireKey } from "../licenses/key.ts";
import { requireValid } from "../policy/require_valid.ts";
import { machineVersionOf } from "../releases/machine_version.ts";
import { runShared } from "../shared_work.ts";
import type { SeatRow, SeatUsage } from "./seat.ts";
import { readSeatDemand } from "./seat_usage.ts";
import { startSeats } from "./start_batch.ts";
import type { QueuedTicket } from "./tickets.ts";

interface SeatInput {
  licenseKey: string;
  hardwareId: string;
  /** The seat that the app had. Where seats count for each machine, it has to name it to get it again. */
  seatId?: string | null;
}

type StartedSeat = SeatRow & SeatUsage;

/**
 * Starts a seat on an activated machine. An app whose seat has neither ended nor expired, because it crashed for one, gets
 * the same seat again, also when the license is at its limit. One that comes back later gets a new seat.
 *
 * @throws DomainError `INVALID_LICENSE`, `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`,
 *   `VERSION_NOT_ENTITLED`, `NOT_ACTIVATED`, `ACTIVATION_INACTIVE`, `SESSION_LIMIT_REACHED`, also while free seats are kept
 *   for those who wait
 */
export async function startSeat(ctx: Context, input: SeatInput): Promise<StartedSeat> {
  const { seat } = await startOrQueue(ctx, { ...input, ticket: null, queue: false });
  return seat!;
}

/**
 * As `startSeat`, and waits for a seat of a license that has a queue: without a free seat the app gets a ticket, with which
 * it asks again. Who holds a ticket gets a free seat unless another one waits that came before.
 *
 * @param input.ticket the ticket that the app holds
 * @param input.queue whether the app waits. Who holds a ticket does.
 * @throws DomainError those of `startSeat`, and `TICKET_NOT_FOUND` when the ticket expired or was given back
 */
export async function startOrQueue(
  ctx: Context,
  { licenseKey, hardwareId, seatId = null, ticket, queue }: SeatInput & {
    ticket: string | null;
    queue: boolean;
  },
): Promise<{ seat: StartedSeat; queued: null } | { seat: null; queued: QueuedTicket }> {
  const day = dayOf(ctx.now);
  const waits = queue || ticket !== null;
  const request = {
    ...licenseRequest(ctx, targetOfKey(requireKey(ctx, licenseKey))),
    hardwareId,
    day,
    seatId,
    ticket,
    waits,
    isVersionEntitled: false,
  };
  const result = await runShared(ctx, startSeats, request, async ({ isLast }) => {
    const { license, activation } = await getValidationData(ctx, licenseKey, hardwareId, { uncached: true });
    // The app reported its version when it was activated, or since.
    const app = await machineVersionOf(ctx, license, activation);
    requireValid(license, { day, app, activation });
    // A seat of a license on which the version decides is started in the second attempt.
    const isUndecided = app !== undefined && !request.isVersionEntitled;
    request.isVersionEntitled = true;
    if (isUndecided && !isLast) return;
    const demand = await readSeatDemand(ctx, activation!.id, { seatId, ticket });
    if (demand.hasSeat && !isLast) return;
    if (ticket && demand.hasQueue && !demand.isQueued) refuse("TICKET_NOT_FOUND");
    if (waits && demand.hasQueue && !isLast) return;
    // A license that changes faster than it can be read counts as full.
    const seatsInUse = isLast ? Math.max(demand.activeSessions, license.maxUsers) : demand.activeSessions;
    requireValid(license, { day, app, seatsInUse, waiting: demand.waiting });
  });
  const { licenseId, activationId } = result.seat ?? result.queued;
  noteSubject(ctx, licenseId, activationId);
  return result;
}
