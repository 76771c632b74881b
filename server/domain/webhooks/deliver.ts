// Deliveries on their way: taking those that are due, and writing down how the attempts ended.
import { type Context, inTransaction } from "../context.ts";
import { type EventType, recordEvent } from "../events/record.ts";
import { FAILING_FOR_TOO_LONG, nextTry } from "./retries.ts";
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

/** A delivery that was taken in order to try it. */
export interface ClaimedDelivery {
  id: number;
  tries: number;
  event: DeliveredEvent;
}

/** How an attempt ended: with an answer, or with the reason why there was none. */
export type DeliveryResult = { status: number; answer: string } | { error: string };

/** What was sent; a header whose value is the receiver's secret is there with null. */
export interface SentRequest {
  url: string;
  headers: Record<string, string | null>;
}

export interface Attempt {
  delivery: ClaimedDelivery;
  at: Date;
  sent: SentRequest;
  milliseconds: number;
  result: DeliveryResult;
}

/**
 * How long a delivery that was taken is left alone, milliseconds: longer than an attempt can last, so that only one
 * whose worker died is taken again.
 */
const CLAIM_DURATION = 12_000;
/** "Gone": the endpoint wants no more, ever (Standard Webhooks). */
const GONE = 410;

/**
 * Takes deliveries that are due.
 *
 * @param most how many at most; what others are taking at the moment is passed over
 * @returns null when the endpoint is off
 */
export async function claimDeliveries(
  ctx: Context,
  webhookId: number,
  most: number,
): Promise<{ webhook: WebhookRow; taken: ClaimedDelivery[] } | null> {
  const [webhook] = await ctx.db<WebhookRow[]>`
    select *
    from webhooks
    where id = ${webhookId} and is_active and deleted_at is null`;
  if (!webhook) return null;
  const rows = await ctx.db<(Omit<ClaimedDelivery, "event"> & DeliveredEvent)[]>`
    with due as (
      select id
      from webhook_deliveries
      where webhook_id = ${webhookId} and due_at <= ${ctx.now}
      order by due_at, id
      limit ${most}
      for no key update skip locked
    ),
    taken as (
      update webhook_deliveries d
      set due_at = ${new Date(ctx.now.getTime() + CLAIM_DURATION)}
      from due
      where d.id = due.id
      returning d.id, d.event_id, d.tries
    )
    select taken.id, taken.tries, e.uid, e.type, e.occurred_at, e.subject_id, e.license_id, e.customer_id,
      e.activation_id, e.after
    from taken
    join events e on e.id = taken.event_id
    order by taken.id`;
  return { webhook, taken: rows.map(({ id, tries, ...event }) => ({ id, tries, event })) };
}

const isGood = (ended: DeliveryResult) => "status" in ended && ended.status >= 200 && ended.status < 300;

/** How an attempt ended, in a word or two. */
export function outcomeOf(ended: DeliveryResult): string {
  return "status" in ended ? `HTTP ${ended.status}` : ended.error;
}

/**
 * Writes down attempts at one endpoint, says when what failed is tried again, and switches the endpoint off when it
 * is gone or has failed for days.
 */
export function recordAttempts(ctx: Context, webhookId: number, attempts: Attempt[]): Promise<void> {
  const rows = attempts.map(({ delivery, at, sent, milliseconds, result }) => ({
    id: delivery.id,
    at: at.toISOString(),
    ...sent,
    milliseconds,
    status: "status" in result ? result.status : null,
    error: "error" in result ? result.error : null,
    // PostgreSQL keeps no NUL in a text.
    answer: "status" in result ? result.answer.replaceAll("\0", "�") : null,
    outcome: outcomeOf(result),
    good: isGood(result),
    next: isGood(result) ? null : nextTry(ctx.now, delivery.tries + 1)?.toISOString() ?? null,
  })).sort((a, b) => a.id - b.id);
  return inTransaction(ctx, async (ctx) => {
    await ctx.db`
      with ended as (
        select *
        from jsonb_to_recordset(${ctx.db.json(rows)}) as ended (
          id bigint, at timestamptz, url text, headers jsonb, milliseconds integer, status integer, error text,
          answer text, outcome text, good boolean, next timestamptz
        )
      ),
      kept as (
        insert into webhook_attempts (
          delivery_id, attempted_at, url, headers, milliseconds, status, error, answer
        )
        select id, at, url, headers, milliseconds, status, error, answer
        from ended
        order by id
      )
      update webhook_deliveries d
      set
        tries = d.tries + 1, last_outcome = ended.outcome, due_at = ended.next,
        delivered_at = case when ended.good then ended.at end
      from ended
      -- Two may have tried it, if one of them was slow; whoever got it through is right.
      where d.id = ended.id and (ended.good or d.delivered_at is null)`;
    await noteHealth(ctx, webhookId, {
      reached: rows.some(({ good }) => good),
      gone: rows.some(({ status }) => status === GONE),
    });
  });
}

async function noteHealth(
  ctx: Context,
  webhookId: number,
  { reached, gone }: { reached: boolean; gone: boolean },
): Promise<void> {
  if (gone) return await switchOff(ctx, webhookId, "gone");
  const [changed] = await ctx.db<Pick<WebhookRow, "failingSince">[]>`
    update webhooks
    set failing_since = case when not ${reached}::boolean then coalesce(failing_since, ${ctx.now}) end
    where id = ${webhookId} and (not ${reached}::boolean or failing_since is not null)
    returning failing_since`;
  const since = changed?.failingSince;
  if (since && ctx.now.getTime() - since.getTime() >= FAILING_FOR_TOO_LONG) {
    await switchOff(ctx, webhookId, "failing");
  }
}

/** Switches an endpoint off by itself and says so. */
async function switchOff(ctx: Context, webhookId: number, because: DisabledReason): Promise<void> {
  const [webhook] = await ctx.db<WebhookRow[]>`
    update webhooks
    set is_active = false, disabled_reason = ${because}, updated_at = ${ctx.now}
    where id = ${webhookId} and is_active
    returning *`;
  if (!webhook) return;
  await recordEvent(ctx, {
    type: "webhook.disabled",
    subjectId: webhookId,
    before: { isActive: true },
    after: { isActive: false, because },
  });
}
