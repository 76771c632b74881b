// Sessions of running apps, which are seats.
import { endSeatByNumber } from "../domain/seats/end.ts";
import { seatList } from "../domain/seats/inputs.ts";
import { countActiveSeats, listSeats } from "../domain/seats/list.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const sessionsRouter = router({
  list: viewer.input(seatList).query(({ ctx: { ctx }, input }) => listSeats(ctx, input)),
  end: manager.input(oneId.extend({ licenseId: oneId.shape.id })).mutation(({ ctx: { ctx }, input }) =>
    endSeatByNumber(ctx, { licenseId: input.licenseId, number: input.id })
  ),
  activeCount: viewer.query(({ ctx: { ctx } }) => countActiveSeats(ctx)),
});
