// Which worker delivers to an endpoint, and endpoints that do not answer. One worker at a time has the lease of an endpoint,
// so that no delivery is attempted by two at once. An endpoint that stops answering is suspended as a whole: one delivery
// at a time is tried, and the others wait.
import type { Context } from "../context.ts";
import type { WebhookStateRow } from "./webhook.ts";

/** The lease of an endpoint. */
export interface WebhookLease {
  webhookId: number;
  /** Known to its worker alone. */
  token: string;
}

/** How many suspended endpoints are tried at a time, by all workers together. */
const MAX_PROBES = 200;

/**
 * How many endpoints that may not answer are listed at a time: suspended ones, and ones to which nothing was delivered yet.
 * Those that are tried in the same moment also time out in the same moment, and their statements would delay the others'.
 */
const MAX_SUSPENDED_LISTED = 10;
const MAX_NEW_LISTED = 50;

/**
 * How long a suspended endpoint is left alone: four seconds, twice as long after each further attempt, at most a minute.
 * It is always less than a single delivery waits for its next attempt, so that its schedule is kept.
 */
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 60;

/**
 * Takes the lease of an endpoint.
 *
 * @param duration milliseconds that the lease lasts without being renewed
 * @returns how often in a row the endpoint has not answered; null when another worker delivers to it, and while it is
 *   suspended or disabled
 */
export async function leaseWebhook(
  ctx: Context,
  { webhookId, token }: WebhookLease,
  duration: number,
): Promise<Pick<WebhookStateRow, "unanswered"> | null> {
  const [state] = await ctx.db<Pick<WebhookStateRow, "unanswered">[]>`
    insert into webhook_states as s (webhook_id, lease_token, leased_until)
    select id, ${token}, ${new Date(ctx.now.getTime() + duration)}
    from webhooks
    where id = ${webhookId} and is_active and deleted_at is null
    on conflict on constraint webhook_states_pkey do update
    set lease_token = excluded.lease_token, leased_until = excluded.leased_until
    where (s.leased_until is null or s.leased_until <= ${ctx.now})
      and (s.resume_at is null or s.resume_at <= ${ctx.now})
    returning unanswered`;
  return state ?? null;
}

/** Renews a lease; returns whether it was still that of the worker. */
export async function renewWebhookLease(
  ctx: Context,
  { webhookId, token }: WebhookLease,
  duration: number,
): Promise<boolean> {
  const renewed = await ctx.db`
    update webhook_states
    set leased_until = ${new Date(ctx.now.getTime() + duration)}
    where webhook_id = ${webhookId} and lease_token = ${token}`;
  return renewed.count > 0;
}

/** Gives a lease up. */
export async function releaseWebhook(ctx: Context, { webhookId, token }: WebhookLease): Promise<void> {
  await ctx.db`
    update webhook_states
    set lease_token = null, leased_until = null
    where webhook_id = ${webhookId} and lease_token = ${token}`;
}

/**
 * Records that an endpoint has stopped answering: nothing is sent to it for a while. What a worker saw that has lost the
 * lease, such as one that was stopped until its requests had timed out, does not count.
 */
export async function suspendWebhook(ctx: Context, { webhookId, token }: WebhookLease): Promise<void> {
  await ctx.db`
    update webhook_states
    set
      unanswered = unanswered + 1,
      resume_at = ${ctx.now}::timestamptz
        + make_interval(secs => least(${LONGEST_PAUSE}, ${FIRST_PAUSE} * 2 ^ least(unanswered, 10)))
    where webhook_id = ${webhookId} and lease_token = ${token}`;
}

/** Records that an endpoint answers. */
export async function resumeWebhook(ctx: Context, webhookId: number): Promise<void> {
  await ctx.db`
    update webhook_states
    set unanswered = 0, resume_at = null
    where webhook_id = ${webhookId} and unanswered > 0`;
}

/**
 * The endpoints that have deliveries due and that no worker delivers to: those that answer; some of those to which nothing
 * was delivered yet, the latest made first, because an administrator may wait for its first delivery; some of those that are
 * suspended and may be tried again, the longest suspended first. The others follow with the next calls.
 */
export async function listDueWebhooks(ctx: Context): Promise<number[]> {
  const rows = await ctx.db<{ id: number }[]>`
    with due as (
      select w.id, s.webhook_id is null as is_new, coalesce(s.unanswered, 0) > 0 as is_suspended, s.resume_at
      from webhooks w
      left join webhook_states s on s.webhook_id = w.id
      where w.is_active and w.deleted_at is null
        and (s.leased_until is null or s.leased_until <= ${ctx.now})
        and (s.resume_at is null or s.resume_at <= ${ctx.now})
        and exists (
          select from webhook_deliveries d
          where d.webhook_id = w.id and d.due_at <= ${ctx.now}
        )
    ),
    first_delivered as (
      select id
      from due
      where is_new
      order by id desc
      limit ${MAX_NEW_LISTED}
    ),
    probed as (
      select id
      from due
      where is_suspended
      order by resume_at, id
      limit least(${MAX_SUSPENDED_LISTED}, greatest(0, ${MAX_PROBES} - (
        select count(*)
        from webhook_states
        where unanswered > 0 and leased_until > ${ctx.now}
      )))
    )
    select id
    from due
    where not is_new and not is_suspended
    union all
    select id
    from first_delivered
    union all
    select id
    from probed`;
  return rows.map(({ id }) => id);
}

/**
 * Corrects leases, pauses and deliveries from before the database's clock was put back.
 *
 * @param setBackMs by how much; milliseconds
 */
export async function correctDeliveriesAhead(ctx: Context, setBackMs: number): Promise<void> {
  const ahead = ctx.db`${ctx.now}::timestamptz + make_interval(secs => ${LONGEST_PAUSE})`;
  await ctx.db`
    update webhook_states
    set
      leased_until = case when leased_until > ${ahead} then ${ctx.now} else leased_until end,
      resume_at = case when resume_at > ${ahead} then ${ctx.now} else resume_at end
    where leased_until > ${ahead} or resume_at > ${ahead}`;
  await ctx.db`
    update webhooks
    set failing_since = ${ctx.now}
    where failing_since > ${ctx.now}`;
  await ctx.db`
    update webhook_deliveries
    set due_at = greatest(${ctx.now}, due_at - ${setBackMs} * interval '1 millisecond')
    where due_at > ${ctx.now}`;
}
