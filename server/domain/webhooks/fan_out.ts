// From an event to a delivery for each endpoint that subscribes to it.
import type { Fragment } from "../../../db/connect.ts";
import { SpanKind, startSpan, type TraceSpan } from "../../../db/tracing.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type EventType, isPublic } from "../events/catalogue/catalogue.ts";
import { type ReadEvent, readEvents } from "../events/readers.ts";
import { allEvents } from "./inputs.ts";

/** Events read at a time. */
const BATCH = 1000;

/**
 * Inserts the deliveries of every new event.
 *
 * @param afterBatch runs after each batch, so that the first of many events do not wait for the last
 * @returns how many events were read
 */
export async function relayEvents(ctx: Context, afterBatch?: () => Promise<void>): Promise<number> {
  let total = 0;
  while (true) {
    const read = await readEvents(ctx, "webhooks", BATCH, async (ctx, events) => {
      const delivered = events.filter(({ type }) => isPublic(type));
      if (delivered.length === 0) return;
      const spans = delivered.map(startRelaySpan);
      await ctx.db`
        insert into webhook_deliveries (webhook_id, event_id, due_at, created_at)
        select w.id, event.id, ${ctx.now}, ${ctx.now}
        from unnest(${delivered.map(({ id }) => id)}::bigint[], ${delivered.map(({ type }) => type)}::text[])
          with ordinality as event (id, type, position)
        join webhooks w on ${subscribes(ctx, ctx.db`event.type`)}
        order by event.position, w.id
        on conflict on constraint webhook_deliveries_event_id_unique do nothing`;
      for (const span of spans) span?.end();
    });
    total += read;
    await afterBatch?.();
    if (read < BATCH) return total;
  }
}

/** The span of relaying an event, in the trace that caused it; none for an event without one. */
function startRelaySpan({ type, traceparent }: ReadEvent): TraceSpan | null {
  if (traceparent === null) return null;
  return startSpan(`relay ${type}`, { kind: SpanKind.PRODUCER, parent: traceparent });
}

/** How many endpoints subscribe to a type of event at present. */
export async function countSubscribers(ctx: Context, type: EventType): Promise<number> {
  requireRole(ctx, "viewer");
  if (!isPublic(type)) return 0;
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from webhooks w
    where ${subscribes(ctx, ctx.db`${type}::text`)}`;
  return count;
}

/** Whether the endpoint `w` is enabled and subscribes to a type of event. */
function subscribes(ctx: Context, type: Fragment): Fragment {
  return ctx.db`w.event_types && array[${type}, ${allEvents}] and w.is_active and w.deleted_at is null`;
}
