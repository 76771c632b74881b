// Looking at endpoints: how each is doing, what was delivered, and what came back.
import { type Context, requireRole } from "../context.ts";
import { refuse } from "../refusals.ts";
import { sealedFor, type WebhookAttemptRow, type WebhookDeliveryRow, type WebhookRow } from "./webhook.ts";

/** What may be seen of an endpoint: neither its secrets nor the values of its headers. */
export interface WebhookView extends Omit<WebhookRow, "headers" | "secret" | "previousSecret" | "deletedAt"> {
  headerNames: string[];
  /** Deliveries still to be made, and those given up within a week. */
  waiting: number;
  givenUp: number;
  lastDeliveredAt: Date | null;
}

export type DeliveryState = "waiting" | "delivered" | "given_up";

export interface DeliveryView extends WebhookDeliveryRow {
  state: DeliveryState;
  /** As it was told: the id on the wire and the name. */
  eventUid: string;
  eventType: string;
  occurredAt: Date;
}

/** Deliveries on a page. */
const PAGE = 50;

/** Every endpoint, the first first; there are few. */
export async function listWebhooks(ctx: Context): Promise<WebhookView[]> {
  requireRole(ctx, "owner");
  const rows = await ctx.db<(WebhookRow & Pick<WebhookView, "waiting" | "givenUp" | "lastDeliveredAt">)[]>`
    select w.*,
      (
        select count(*) from webhook_deliveries d where d.webhook_id = w.id and d.due_at is not null
      ) as waiting,
      (
        select count(*)
        from webhook_deliveries d
        where d.webhook_id = w.id and d.due_at is null and d.delivered_at is null
          and d.created_at > ${ctx.now}::timestamptz - interval '7 days'
      ) as given_up,
      (select max(delivered_at) from webhook_deliveries d where d.webhook_id = w.id) as last_delivered_at
    from webhooks w
    where w.deleted_at is null
    order by w.id`;
  return rows.map(({ headers, secret: _, previousSecret: __, deletedAt: ___, ...row }) => ({
    ...row,
    headerNames: Object.keys(
      JSON.parse(new TextDecoder().decode(ctx.seal.open(sealedFor.headers, headers))),
    ),
  }));
}

/** An endpoint; refuses `NOT_FOUND`. */
export async function getWebhook(ctx: Context, id: number): Promise<WebhookView> {
  const found = (await listWebhooks(ctx)).find((webhook) => webhook.id === id);
  return found ??
    refuse("NOT_FOUND", { field: "webhook_id" }, { message: "There is no webhook of that id." });
}

/**
 * An endpoint's deliveries, the newest first.
 *
 * @param options.before the id a page goes on from; `next` of the page before
 */
export async function listDeliveries(
  ctx: Context,
  webhookId: number,
  options: { state?: DeliveryState; before?: number } = {},
): Promise<{ deliveries: DeliveryView[]; next: number | null }> {
  requireRole(ctx, "owner");
  const found = await ctx.db<DeliveryView[]>`
    ${selectDelivery(ctx)}
    where d.webhook_id = ${webhookId}
      and (${options.before ?? null}::bigint is null or d.id < ${options.before ?? null}::bigint)
      and (${options.state ?? null}::text is null or ${stateOf(ctx)} = ${options.state ?? null}::text)
    order by d.id desc
    limit ${PAGE + 1}`;
  const deliveries = found.slice(0, PAGE);
  return { deliveries, next: found.length > PAGE ? deliveries.at(-1)!.id : null };
}

/** A delivery with every attempt at it, the first first; refuses `NOT_FOUND`. */
export async function getDelivery(
  ctx: Context,
  id: number,
): Promise<DeliveryView & { attempts: WebhookAttemptRow[] }> {
  requireRole(ctx, "owner");
  const [delivery] = await ctx.db<DeliveryView[]>`
    ${selectDelivery(ctx)}
    where d.id = ${id}`;
  if (!delivery) {
    refuse("NOT_FOUND", { field: "delivery_id" }, { message: "There is no delivery of that id." });
  }
  const attempts = await ctx.db<WebhookAttemptRow[]>`
    select *
    from webhook_attempts
    where delivery_id = ${id}
    order by id`;
  return { ...delivery, attempts };
}

function selectDelivery(ctx: Context) {
  return ctx.db`
    select d.*, ${stateOf(ctx)} as state, e.uid as event_uid, e.type as event_type, e.occurred_at
    from webhook_deliveries d
    join events e on e.id = d.event_id`;
}

function stateOf(ctx: Context) {
  return ctx.db`
    case when d.delivered_at is not null then 'delivered' when d.due_at is null then 'given_up' else 'waiting' end`;
}
