// Lists of endpoints, deliveries and attempts.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { containsPattern } from "../list_conditions.ts";
import { listPage, type ListQuery, type Page } from "../lists.ts";
import { refuse } from "../errors.ts";
import { revisionOf, type WithRevision } from "../revision.ts";
import type { DeliveredEvent } from "./deliver.ts";
import { webhookFormatOf, type WebhookFormats } from "./format.ts";
import {
  purposes,
  type WebhookAttemptRow,
  type WebhookDeliveryRow,
  type WebhookRow,
  webhookValues,
} from "./webhook.ts";

/** An endpoint without its secrets and the values of its headers. */
export interface WebhookView
  extends Omit<WebhookRow, "headers" | "secret" | "previousSecret" | "deletedAt">, WithRevision {
  headerNames: string[];
  /** Changes when the headers are replaced. */
  headersRevision: string;
  /** Deliveries still due, and those that failed finally within a week. */
  waiting: number;
  failed: number;
  lastDeliveredAt: Date | null;
}

export type DeliveryState = "waiting" | "delivered" | "failed";

export interface DeliveryView extends WebhookDeliveryRow {
  state: DeliveryState;
  /** The event's id and type, as they are delivered. */
  eventUid: string;
  eventType: string;
  occurredAt: Date;
}

/** Deliveries on a page. */
const PAGE = 50;

/** Every endpoint, the oldest first. There are few. */
export async function listWebhooks(ctx: Context): Promise<WebhookView[]> {
  requireRole(ctx, "owner");
  const rows = await ctx.db<(WebhookRow & Pick<WebhookView, "waiting" | "failed" | "lastDeliveredAt">)[]>`
    select w.*,
      (
        select count(*)
        from webhook_deliveries d
        where d.webhook_id = w.id and d.due_at is not null
      ) as waiting,
      (
        select count(*)
        from webhook_deliveries d
        where d.webhook_id = w.id and d.due_at is null and d.delivered_at is null
          and d.created_at > ${ctx.now}::timestamptz - interval '7 days'
      ) as failed,
      (select max(delivered_at) from webhook_deliveries d where d.webhook_id = w.id) as last_delivered_at
    from webhooks w
    where w.deleted_at is null
    order by w.id`;
  return rows.map((found) => {
    const { headers, secret: _, previousSecret: __, deletedAt: ___, ...row } = found;
    const values = webhookValues(found);
    return {
      ...row,
      headerNames: Object.keys(
        JSON.parse(new TextDecoder().decode(ctx.cipher.decrypt(purposes.headers, headers))),
      ),
      headersRevision: values.headersRevision,
      revision: revisionOf(values),
    };
  });
}

/** An endpoint; refuses `NOT_FOUND`. */
export async function getWebhook(ctx: Context, id: number): Promise<WebhookView> {
  const found = (await listWebhooks(ctx)).find((webhook) => webhook.id === id);
  return found ??
    refuse("NOT_FOUND", { subject: "webhook", field: "webhookId" });
}

/** A delivery in the list of a license. */
export interface LicenseDelivery
  extends
    Pick<DeliveryView, "id" | "webhookId" | "eventId" | "eventType" | "occurredAt" | "state" | "dueAt"> {
  /** The endpoint's description; for owners, also its URL. */
  endpoint: string;
  url: string | null;
  attempts: number;
  /** Of the last attempt; no status where no answer came. */
  lastStatus: number | null;
  lastAttemptAt: Date | null;
}

/**
 * The deliveries of a license's events, the latest event first.
 *
 * @param options.before the id a page goes on from; `next` of the page before
 */
export async function listLicenseDeliveries(
  ctx: Context,
  licenseId: number,
  options: { before?: number } = {},
): Promise<{ deliveries: LicenseDelivery[]; next: number | null }> {
  requireRole(ctx, "viewer");
  const before = options.before ?? null;
  // In the order of events, so that the license's own index leads the way; who is not an owner sees no address.
  const found = await ctx.db<LicenseDelivery[]>`
    select d.id, d.webhook_id, d.event_id, e.type as event_type, e.occurred_at, ${
    stateOf(ctx)
  } as state, d.due_at,
      w.description as endpoint, case when ${isOwner(ctx)}::boolean then w.url end as url,
      (select count(*) from webhook_attempts a where a.delivery_id = d.id) as attempts,
      last.status as last_status, last.attempted_at as last_attempt_at
    from events e
    join webhook_deliveries d on d.event_id = e.id
    join webhooks w on w.id = d.webhook_id
    left join lateral (
      select status, attempted_at
      from webhook_attempts
      where delivery_id = d.id
      order by id desc
      limit 1
    ) last on true
    where e.license_id = ${licenseId} and (
      ${before}::bigint is null
      or (e.id, d.id) < (select event_id, id from webhook_deliveries where id = ${before})
    )
    order by e.id desc, d.id desc
    limit ${PAGE + 1}`;
  const deliveries = found.slice(0, PAGE);
  return { deliveries, next: found.length > PAGE ? deliveries.at(-1)!.id : null };
}

function isOwner({ actor }: Context): boolean {
  return actor.kind === "system" || actor.kind === "administrator" && actor.role === "owner";
}

/** An endpoint's deliveries, the newest first; `q` is part of the event's name or of its id. */
export async function listDeliveries(
  ctx: Context,
  webhookId: number,
  query: ListQuery & { state?: DeliveryState } = {},
): Promise<Page<DeliveryView>> {
  requireRole(ctx, "owner");
  return await listPage<DeliveryView>(ctx, query, {
    columns: deliveryColumns(ctx),
    from: ctx.db`webhook_deliveries d`,
    pageFrom: fromDeliveries(ctx),
    where: [
      ctx.db`d.webhook_id = ${webhookId}`,
      query.state ? ctx.db`${stateOf(ctx)} = ${query.state}` : null,
    ],
    checks: [
      query.q
        ? ctx.db`(
          select e.type ilike ${containsPattern(query.q)} or e.uid::text = ${query.q}
          from events e
          where e.id = d.event_id
        )`
        : null,
    ],
    sorts: { id: { by: "d.id", type: "bigint" } },
    defaultSort: "-id",
    id: "d.id",
  });
}

/** A delivery as it is sent, with every attempt at it. */
export interface WholeDelivery extends DeliveryView {
  /** The exact body of each request. */
  body: string;
  /** The oldest first. */
  attempts: WebhookAttemptRow[];
}

/** A delivery with all that belongs to it; refuses `NOT_FOUND`. */
export async function getDelivery(
  ctx: Context,
  id: number,
  formats: WebhookFormats,
): Promise<WholeDelivery> {
  requireRole(ctx, "owner");
  const [found] = await ctx.db<
    (DeliveryView & { event: Omit<DeliveredEvent, "occurredAt">; format: string })[]
  >`
    select ${deliveryColumns(ctx)},
      (select format from webhooks where id = d.webhook_id) as format, jsonb_build_object(
        'uid', e.uid, 'type', e.type, 'subjectId', e.subject_id, 'licenseId', e.license_id,
        'customerId', e.customer_id, 'activationId', e.activation_id, 'after', e.after
      ) as event
    from ${fromDeliveries(ctx)}
    where d.id = ${id}`;
  if (!found) {
    refuse("NOT_FOUND", { subject: "delivery", field: "deliveryId" });
  }
  const { event, format, ...delivery } = found;
  const attempts = await ctx.db<WebhookAttemptRow[]>`
    select *
    from webhook_attempts
    where delivery_id = ${id}
    order by id`;
  const body = webhookFormatOf(formats, format)({ ...event, occurredAt: delivery.occurredAt });
  return { ...delivery, body, attempts };
}

function deliveryColumns(ctx: Context): Fragment {
  return ctx.db`d.*, ${stateOf(ctx)} as state, e.uid as event_uid, e.type as event_type, e.occurred_at`;
}

function fromDeliveries(ctx: Context): Fragment {
  return ctx.db`webhook_deliveries d join events e on e.id = d.event_id`;
}

function stateOf(ctx: Context): Fragment {
  return ctx.db`
    case when d.delivered_at is not null then 'delivered' when d.due_at is null then 'failed' else 'waiting' end`;
}
