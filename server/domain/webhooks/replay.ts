// Replays and test events. A replay has the id of the first delivery, by which a receiver recognises it.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import { countRows, type RowCount } from "../count_rows.ts";
import { requireRole } from "../authorization.ts";
import { publicEventTypes } from "../events/catalogue/catalogue.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { allEvents } from "./inputs.ts";
import { getWebhook } from "./list.ts";
import { lockWebhook } from "./manage.ts";
import type { WebhookDeliveryRow, WebhookRow } from "./webhook.ts";

/**
 * Delivers a settled delivery again, with all its attempts.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when its endpoint is disabled
 */
export function replayDelivery(ctx: Context, id: number): Promise<WebhookDeliveryRow> {
  requireRole(ctx, "owner");
  return inTransaction(ctx, async (ctx) => {
    const [found] = await ctx.db<WebhookDeliveryRow[]>`
      select *
      from webhook_deliveries
      where id = ${id}`;
    if (!found) {
      refuse("NOT_FOUND", { subject: "delivery", field: "deliveryId" });
    }
    await lockActive(ctx, found.webhookId);
    const [delivery] = await ctx.db<WebhookDeliveryRow[]>`
      update webhook_deliveries
      set due_at = ${ctx.now}, tries = 0, delivered_at = null
      where id = ${id}
      returning *`;
    await recordEvent(ctx, {
      type: "webhook.replayed",
      subjectId: found.webhookId,
      after: { deliveryId: id },
    });
    return delivery;
  });
}

/**
 * Delivers to an endpoint all events of a span of time that it subscribes to, whether they were delivered before, failed,
 * or were never due because it was disabled or did not exist.
 *
 * @param span.until now when not given
 * @returns how many deliveries are due now
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when the endpoint is disabled
 */
export function replaySpan(
  ctx: Context,
  webhookId: number,
  span: { since: Date; until?: Date },
): Promise<number> {
  requireRole(ctx, "owner");
  const until = span.until ?? ctx.now;
  return inTransaction(ctx, async (ctx) => {
    const webhook = await lockActive(ctx, webhookId);
    const due = await ctx.db`
      insert into webhook_deliveries (webhook_id, event_id, due_at, created_at)
      select ${webhookId}, id, ${ctx.now}, ${ctx.now}
      from events
      where ${isSubscribed(ctx, webhook, span.since, until)}
      order by id
      on conflict on constraint webhook_deliveries_event_id_unique do update
      set due_at = excluded.due_at, tries = 0, delivered_at = null`;
    await recordEvent(ctx, {
      type: "webhook.replayed",
      subjectId: webhookId,
      after: { since: span.since.toISOString(), until: until.toISOString(), count: due.count },
    });
    return due.count;
  });
}

/**
 * How many events a replay of that span would deliver.
 *
 * @param span.until now when not given
 * @throws DomainError `NOT_FOUND`
 */
export async function countReplay(
  ctx: Context,
  webhookId: number,
  span: { since: Date; until?: Date },
): Promise<RowCount> {
  const webhook = await getWebhook(ctx, webhookId);
  return await countRows(ctx, {
    from: ctx.db`events`,
    where: isSubscribed(ctx, webhook, span.since, span.until ?? ctx.now),
  });
}

/** Whether an event of a span has a type that the endpoint subscribes to. */
function isSubscribed(
  ctx: Context,
  { eventTypes }: Pick<WebhookRow, "eventTypes">,
  since: Date,
  until: Date,
): Fragment {
  const types = eventTypes.includes(allEvents) ? publicEventTypes : eventTypes;
  return ctx.db`type = any(${types}) and occurred_at >= ${since} and occurred_at <= ${until}`;
}

/**
 * Sends an event of its own, `webhook.tested`, to one endpoint, whatever it has subscribed to.
 *
 * @returns the delivery, with its attempts
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when the endpoint is disabled
 */
export function testWebhook(ctx: Context, id: number): Promise<WebhookDeliveryRow> {
  requireRole(ctx, "owner");
  return inTransaction(ctx, async (ctx) => {
    await lockActive(ctx, id);
    await recordEvent(ctx, { type: "webhook.tested", subjectId: id });
    const [delivery] = await ctx.db<WebhookDeliveryRow[]>`
      insert into webhook_deliveries (webhook_id, event_id, due_at, created_at)
      select ${id}, max(id), ${ctx.now}, ${ctx.now}
      from events
      where transaction_id = pg_current_xact_id() and type = 'webhook.tested' and subject_id = ${id}
      returning *`;
    return delivery;
  });
}

async function lockActive(ctx: Context, id: number): Promise<WebhookRow> {
  const webhook = await lockWebhook(ctx, id);
  if (!webhook.isActive) {
    refuse("CONFLICT", { reason: "disabled", subject: "webhook", field: "webhookId" });
  }
  return webhook;
}
