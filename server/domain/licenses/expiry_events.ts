// Events of expiring licenses, 30, 7 and 1 days before the last day and the day after it. `next_expiry_notice_on`
// (0006_licenses.sql) is the date on which the next one is due, so that none is missed or recorded twice.
import { type Context, inTransaction } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { eventsFrom } from "../events/record.ts";
import type { Fragment } from "../../../db/connect.ts";

/** Licenses in a transaction. */
const BATCH_SIZE = 1000;

/**
 * Records the events that are due.
 *
 * @returns the number of licenses of each kind
 */
export async function recordExpiries(ctx: Context): Promise<{ expired: number; expiring: number }> {
  const total = { expired: 0, expiring: 0 };
  while (true) {
    const { expired, expiring } = await recordBatch(ctx);
    total.expired += expired;
    total.expiring += expiring;
    if (expired + expiring < BATCH_SIZE) return total;
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

async function recordBatch(ctx: Context): Promise<{ expired: number; expiring: number }> {
  const today = dayOf(ctx.now);
  const facts = (which: Fragment) =>
    ctx.db`
      select
        id as subject_id, id as license_id, customer_id, null::bigint as activation_id,
        due_on, extract(epoch from updated_at) as changed_at,
        null::jsonb as before,
        jsonb_build_object('validUntil', valid_until, 'daysLeft', greatest(valid_until - ${today}::date, 0)) as after
      from notified
      where ${which}`;
  const [counts] = await inTransaction(ctx, (ctx) =>
    ctx.db<{ expired: number; expiring: number }[]>`
      with due as (
        select id, next_expiry_notice_on
        from licenses
        where next_expiry_notice_on <= ${today}::date and deleted_at is null
        order by next_expiry_notice_on, id
        limit ${BATCH_SIZE}
        for no key update skip locked
      ),
      notified as (
        update licenses l
        set next_expiry_notice_on =
          case when valid_until >= ${today}::date then next_expiry_notice(valid_until, ${today}::date) end
        from due
        where l.id = due.id
        returning l.id, l.customer_id, l.valid_until, l.updated_at, due.next_expiry_notice_on as due_on
      ),
      expired as (
        ${eventsFrom(ctx, "license.expired", facts(ctx.db`valid_until < ${today}::date`), noticeUid(ctx))}
      ),
      expiring as (
        ${eventsFrom(ctx, "license.expiring", facts(ctx.db`valid_until >= ${today}::date`), noticeUid(ctx))}
      )
      select
        count(*) filter (where valid_until < ${today}::date) as expired,
        count(*) filter (where valid_until >= ${today}::date) as expiring
      from notified`);
  return counts;
}

/** Plans the notices again that were sent, or planned too late, before the database's clock was put back. */
export async function correctExpiryNoticesAhead(ctx: Context): Promise<void> {
  const today = dayOf(ctx.now);
  await ctx.db`
    update licenses
    set next_expiry_notice_on = next_expiry_notice(valid_until, ${today}::date)
    where valid_until >= ${today}::date
      and coalesce(next_expiry_notice_on > next_expiry_notice(valid_until, ${today}::date), true)`;
}
