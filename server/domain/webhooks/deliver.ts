// Deliveries under way: reading those that are due, and recording the attempts.
import { type Context, inTransaction } from "../context.ts";
import { type EventType, recordEvent } from "../events/record.ts";
import { resumeWebhook, suspendWebhook, type WebhookLease } from "./lease.ts";
import { MAX_FAILING_DURATION, nextAttemptAt, parseRetryAfter } from "./retries.ts";
import type { DisabledReason, WebhookRow } from "./webhook.ts";

/** The event of a delivery, as far as it is delivered. */
export interface DeliveredEvent {
  uid: string;
  type: EventType;
  occurredAt: Date;
  subjectId: number;
  licenseId: number | null;
  customerId: number | null;
  activationId: number | null;
  after: Record<string, unknown> | null;
}

/** A delivery to attempt now. */
export interface DueDelivery {
  id: number;
  dueAt: Date;
  tries: number;
  /** What caused the event, for traces. */
  traceparent: string | null;
  event: DeliveredEvent;
}

/** The result of an attempt: an answer, or the reason why there is none. */
export type DeliveryResult =
  | {
    status: number;
    answer: string;
    /** The header `Retry-After`. */
    retryAfter?: string;
  }
  | { error: string };

/** What was sent; the values of the endpoint's own headers, which are secret, are null. */
export interface SentRequest {
  url: string;
  headers: Record<string, string | null>;
}

export interface Attempt {
  delivery: Pick<DueDelivery, "id" | "tries">;
  at: Date;
  sent: SentRequest;
  milliseconds: number;
  result: DeliveryResult;
}

/** "Gone": the endpoint must not be called again (Standard Webhooks). */
const GONE = 410;
/** "Too Many Requests" and "Service Unavailable", which may carry `Retry-After` (RFC 6585, section 4; RFC 9110). */
const BUSY = new Set([429, 503]);

/**
 * The deliveries of an endpoint that are due, the longest due first. Only the worker that has the endpoint's lease may
 * attempt them.
 *
 * @param options `limit`: the highest number; `after`: the delivery of the previous page to continue after; `except`: the
 *   ids of those being attempted
 * @returns null when the endpoint is disabled
 */
export async function findDueDeliveries(
  ctx: Context,
  webhookId: number,
  options: { limit: number; after?: Pick<DueDelivery, "id" | "dueAt"> | null; except?: number[] },
): Promise<{ webhook: WebhookRow; deliveries: DueDelivery[] } | null> {
  const { limit, after = null, except = [] } = options;
  const [[webhook], rows] = await Promise.all([
    ctx.db<WebhookRow[]>`
      select *
      from webhooks
      where id = ${webhookId} and is_active and deleted_at is null`,
    ctx.db<(Omit<DueDelivery, "event"> & DeliveredEvent)[]>`
      with due as materialized (
        select id, due_at, event_id, tries
        from webhook_deliveries
        where webhook_id = ${webhookId} and due_at <= ${ctx.now}
          and (due_at, id) > (${after?.dueAt ?? new Date(0)}::timestamptz, ${after?.id ?? 0}::bigint)
          and id <> all(${except}::bigint[])
        order by due_at, id
        limit ${limit}
      )
      select due.id, due.due_at, due.tries, e.uid, e.type, e.occurred_at, e.subject_id, e.license_id,
        e.customer_id, e.activation_id, e.after, e.traceparent
      from due
      join events e on e.id = due.event_id
      order by due.due_at, due.id`,
  ]);
  if (!webhook) return null;
  return {
    webhook,
    deliveries: rows.map(({ id, dueAt, tries, traceparent, ...event }) => ({
      id,
      dueAt,
      tries,
      traceparent,
      event,
    })),
  };
}

const isSuccess = (result: DeliveryResult) =>
  "status" in result && result.status >= 200 && result.status < 300;

/** The result of an attempt in a word or two. */
export function outcomeOf(result: DeliveryResult): string {
  return "status" in result ? `HTTP ${result.status}` : result.error;
}

/**
 * Records attempts at one endpoint, schedules the next attempt of those that failed, and disables the endpoint when it
 * returned 410 Gone or has failed for days.
 *
 * @param options.suspend the lease of a worker that saw the endpoint stop answering: while it is held, a single delivery is
 *   tried at a time, later and later, until it answers; an answer among the attempts ends that
 */
export async function recordAttempts(
  ctx: Context,
  webhookId: number,
  attempts: Attempt[],
  options: { suspend?: WebhookLease } = {},
): Promise<void> {
  const rows = attempts.map(({ delivery, at, sent, milliseconds, result }) => ({
    id: delivery.id,
    at: at.toISOString(),
    ...sent,
    milliseconds,
    status: "status" in result ? result.status : null,
    error: "error" in result ? result.error : null,
    // PostgreSQL stores no NUL in text.
    answer: "status" in result ? result.answer.replaceAll("\0", "�") : null,
    outcome: outcomeOf(result),
    success: isSuccess(result),
    next: isSuccess(result) ? null : nextTry(ctx, delivery, result)?.toISOString() ?? null,
  })).sort((a, b) => a.id - b.id);
  const isAnswered = rows.some(({ status }) => status !== null);
  // Before the attempts and in a statement of its own: whoever replays deliveries locks the endpoint first, too.
  await updateHealth(ctx, webhookId, {
    isReached: rows.some(({ success }) => success),
    isGone: rows.some(({ status }) => status === GONE),
  });
  if (isAnswered) await resumeWebhook(ctx, webhookId);
  else if (options.suspend) await suspendWebhook(ctx, options.suspend);
  await ctx.db`
    with attempted as (
      select *
      from jsonb_to_recordset(${ctx.db.json(rows)}) as attempted (
        id bigint, at timestamptz, url text, headers jsonb, milliseconds integer, status integer, error text,
        answer text, outcome text, success boolean, next timestamptz
      )
    ),
    recorded as (
      insert into webhook_attempts (
        delivery_id, attempted_at, url, headers, milliseconds, status, error, answer
      )
      select id, at, url, headers, milliseconds, status, error, answer
      from attempted
      order by id
    )
    update webhook_deliveries d
    set
      tries = d.tries + 1, last_outcome = attempted.outcome, due_at = attempted.next,
      delivered_at = case when attempted.success then attempted.at end
    from attempted
    -- Two workers may have attempted it, if one of them was slow; a success is final.
    where d.id = attempted.id and (attempted.success or d.delivered_at is null)`;
}

/** When a failed delivery is tried again; not before the endpoint that is busy or limits requests asks for it. */
function nextTry(ctx: Context, { tries }: Pick<DueDelivery, "tries">, result: DeliveryResult): Date | null {
  const isBusy = "status" in result && BUSY.has(result.status);
  const notBefore = isBusy ? parseRetryAfter(result.retryAfter, ctx.now) : null;
  return nextAttemptAt(ctx.now, tries + 1, { notBefore });
}

async function updateHealth(
  ctx: Context,
  webhookId: number,
  { isReached, isGone }: { isReached: boolean; isGone: boolean },
): Promise<void> {
  if (isGone) return await disable(ctx, webhookId, "gone");
  const [changed] = await ctx.db<Pick<WebhookRow, "failingSince">[]>`
    update webhooks
    set failing_since = case when not ${isReached}::boolean then coalesce(failing_since, ${ctx.now}) end
    where id = ${webhookId} and (not ${isReached}::boolean or failing_since is not null)
    returning failing_since`;
  const since = changed?.failingSince;
  if (since && ctx.now.getTime() - since.getTime() >= MAX_FAILING_DURATION) {
    await disable(ctx, webhookId, "failing");
  }
}

/** Disables an endpoint automatically. */
function disable(ctx: Context, webhookId: number, reason: DisabledReason): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const [webhook] = await ctx.db<WebhookRow[]>`
      update webhooks
      set is_active = false, disabled_reason = ${reason}, updated_at = ${ctx.now}
      where id = ${webhookId} and is_active
      returning *`;
    if (!webhook) return;
    await recordEvent(ctx, {
      type: "webhook.disabled",
      subjectId: webhookId,
      before: { isActive: true },
      after: { isActive: false, because: reason },
    });
  });
}
