// From one event to a delivery for each endpoint that wants it.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, requireRole } from "../context.ts";
import { readEvents } from "../events/readers.ts";
import type { EventType } from "../events/record.ts";
import { everyEvent, webhookEvents } from "./webhook.ts";

/** Events read at a time. */
const MOST = 1000;

/**
 * Notes for every new event who is to get it.
 *
 * @returns how many events were read; fewer than `MOST` at a time means that none is left
 */
export async function relayEvents(ctx: Context): Promise<number> {
  const leaving = new Set<string>(webhookEvents);
  let total = 0;
  while (true) {
    const read = await readEvents(ctx, "webhooks", MOST, async (ctx, events) => {
      const told = events.filter(({ type }) => leaving.has(type));
      if (told.length === 0) return;
      await ctx.db`
        insert into webhook_deliveries (webhook_id, event_id, due_at, created_at)
        select w.id, told.id, ${ctx.now}, ${ctx.now}
        from unnest(${told.map(({ id }) => id)}::bigint[], ${told.map(({ type }) => type)}::text[])
          with ordinality as told (id, type, place)
        join webhooks w on ${wants(ctx, ctx.db`told.type`)}
        order by told.place, w.id
        on conflict on constraint webhook_deliveries_once do nothing`;
    });
    total += read;
    if (read < MOST) return total;
  }
}

/** How many endpoints are told of events of a type at present. */
export async function countListeners(ctx: Context, type: EventType): Promise<number> {
  requireRole(ctx, "viewer");
  if (!webhookEvents.some((leaving) => leaving === type)) return 0;
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from webhooks w
    where ${wants(ctx, ctx.db`${type}::text`)}`;
  return count;
}

/** Whether the endpoint `w` is told of events of a type. */
function wants(ctx: Context, type: Fragment): Fragment {
  return ctx.db`w.event_types && array[${type}, ${everyEvent}] and w.is_active and w.deleted_at is null`;
}

/** The endpoints something is due for. */
export async function listDueWebhooks(ctx: Context): Promise<number[]> {
  const rows = await ctx.db<{ id: number }[]>`
    select w.id
    from webhooks w
    where w.is_active and w.deleted_at is null and exists (
      select from webhook_deliveries d
      where d.webhook_id = w.id and d.due_at <= ${ctx.now}
    )`;
  return rows.map(({ id }) => id);
}
