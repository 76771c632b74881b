// Sessions of running apps, which are seats.
import { endSeatByNumber } from "../domain/seats/end.ts";
import { licenseQueue, seatList } from "../domain/seats/inputs.ts";
import { countActiveSeats, listSeats } from "../domain/seats/list.ts";
import { listTickets } from "../domain/seats/queue.ts";
import { removeTicket } from "../domain/seats/tickets.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const sessionsRouter = router({
  list: viewer.input(seatList).query(({ ctx: { ctx }, input }) => listSeats(ctx, input)),
  end: manager.input(oneId.extend({ licenseId: oneId.shape.id })).mutation(({ ctx: { ctx }, input }) =>
    endSeatByNumber(ctx, { licenseId: input.licenseId, number: input.id })
  ),
  queue: viewer.input(licenseQueue).query(({ ctx: { ctx }, input }) => listTickets(ctx, input)),
  removeTicket: manager.input(licenseQueue.extend({ id: oneId.shape.id })).mutation((
    { ctx: { ctx }, input },
  ) => removeTicket(ctx, { licenseId: input.licenseId, number: input.id })),
  activeCount: viewer.query(({ ctx: { ctx } }) => countActiveSeats(ctx)),
});
