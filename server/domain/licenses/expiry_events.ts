// Events of expiring licenses: 30, 7 and 1 days before the last day, when the grace after it begins, and when the license has
// expired, the day after both. `next_expiry_notice_on`
// (0006_licenses.sql) is the date on which the next one is due, so that none is missed or recorded twice.
import { type Context, inTransaction } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { eventsFrom } from "../events/record.ts";
import type { Fragment } from "../../../db/connect.ts";

/** Licenses in a transaction. */
const BATCH_SIZE = 1000;

/** How many licenses had an event of each kind. */
export type RecordedExpiries = Record<"expired" | "graceStarted" | "expiring", number>;

/** Records the events that are due. */
export async function recordExpiries(ctx: Context): Promise<RecordedExpiries> {
  const total = { expired: 0, graceStarted: 0, expiring: 0 };
  while (true) {
    const { expired, graceStarted, expiring } = await recordBatch(ctx);
    total.expired += expired;
    total.graceStarted += graceStarted;
    total.expiring += expiring;
    if (expired + graceStarted + expiring < BATCH_SIZE) return total;
  }
}

/**
 * The public id of an event: the same whenever the same notice of an unchanged license is recorded (UUID version 8, RFC 9562,
 * section 5.8). A system restored from a backup records notices again that were delivered before the loss; receivers know
 * them by their id.
 */
function noticeUid(ctx: Context): Fragment {
  return ctx.db`(
    overlay(
      overlay(
        substr(encode(sha256(convert_to(concat_ws(' ', 'expiry', subject_id, due_on, changed_at), 'UTF8')), 'hex'), 1, 32)
        placing '8' from 13
      )
      placing '8' from 17
    )::uuid
  )`;
}

async function recordBatch(ctx: Context): Promise<RecordedExpiries> {
  const today = dayOf(ctx.now);
  const state = (name: string) => ctx.db`state = ${name}::text`;
  const facts = (which: Fragment) =>
    ctx.db`
      select
        id as subject_id, id as license_id, customer_id, null::bigint as activation_id,
        due_on, extract(epoch from updated_at) as changed_at,
        null::jsonb as before,
        jsonb_build_object(
          'validUntil', valid_until, 'daysLeft', greatest(valid_until - ${today}::date, 0), 'graceEnds', grace_ends
        ) as after
      from notified
      where ${which}`;
  const [counts] = await inTransaction(ctx, (ctx) =>
    ctx.db<RecordedExpiries[]>`
      with due as (
        select
          id, next_expiry_notice_on, case
            when valid_until >= ${today}::date then 'expiring'
            when valid_until + grace_days >= ${today}::date then 'in_grace'
            else 'expired'
          end as state
        from licenses
        where next_expiry_notice_on <= ${today}::date and deleted_at is null
        order by next_expiry_notice_on, id
        limit ${BATCH_SIZE}
        for no key update skip locked
      ),
      notified as (
        update licenses l
        set next_expiry_notice_on =
          case when due.state <> 'expired' then next_expiry_notice(valid_until, grace_days, ${today}::date) end
        from due
        where l.id = due.id
        returning
          l.id, l.customer_id, l.valid_until, l.updated_at, due.state, due.next_expiry_notice_on as due_on,
          case when l.grace_days > 0 then least(l.valid_until + l.grace_days, '9999-12-31'::date) end as grace_ends
      ),
      expired as (
        ${eventsFrom(ctx, "license.expired", facts(state("expired")), noticeUid(ctx))}
      ),
      grace_started as (
        ${eventsFrom(ctx, "license.grace_started", facts(state("in_grace")), noticeUid(ctx))}
      ),
      expiring as (
        ${eventsFrom(ctx, "license.expiring", facts(state("expiring")), noticeUid(ctx))}
      )
      select
        count(*) filter (where ${state("expired")}) as expired,
        count(*) filter (where ${state("in_grace")}) as grace_started,
        count(*) filter (where ${state("expiring")}) as expiring
      from notified`);
  return counts;
}

/** Plans the notices again that were sent, or planned too late, before the database's clock was put back. */
export async function correctExpiryNoticesAhead(ctx: Context): Promise<void> {
  const today = dayOf(ctx.now);
  await ctx.db`
    update licenses
    set next_expiry_notice_on = next_expiry_notice(valid_until, grace_days, ${today}::date)
    where valid_until + grace_days >= ${today}::date
      and coalesce(next_expiry_notice_on > next_expiry_notice(valid_until, grace_days, ${today}::date), true)`;
}
