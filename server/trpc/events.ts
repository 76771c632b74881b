// The audit log, as a list and as a stream.
import { getEvent, listEvents } from "../domain/events/timeline.ts";
import { eventList } from "../domain/events/inputs.ts";
import { resumed, streamEvents, subscription } from "./live.ts";
import { oneId, router, viewer } from "./trpc.ts";

export const eventsRouter = router({
  list: viewer.input(eventList).query(({ ctx: { ctx }, input }) => listEvents(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getEvent(ctx, input.id)),
  /**
   * Events as they are committed, each with the routers whose queries it may have changed; after an interruption it
   * continues where it was. A null means that everything shown has to be loaded again, as at the beginning.
   */
  feed: viewer.input(resumed).subscription(
    subscription(({ ctx: { request, ctx, live }, input, signal }) =>
      streamEvents({ request, ctx }, input.lastEventId ?? null, signal, () => live?.drop())
    ),
  ),
});
