// Licenses that end, told in time: 30, 7 and 1 days before their last day, and when it is over. The license itself knows
// when its next notice is due (0006_licenses.sql), so nothing is missed and nothing told twice.
import { type Context, inTransaction } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { eventsFrom } from "../events/record.ts";
import type { Fragment } from "../../../db/connect.ts";

/** Licenses told at a time. */
const MOST = 1000;

/**
 * Tells of every license that has ended or will soon.
 *
 * @returns how many of each
 */
export async function sweepExpiries(ctx: Context): Promise<{ expired: number; expiring: number }> {
  const total = { expired: 0, expiring: 0 };
  while (true) {
    const { expired, expiring } = await tellSome(ctx);
    total.expired += expired;
    total.expiring += expiring;
    if (expired + expiring < MOST) return total;
  }
}

async function tellSome(ctx: Context): Promise<{ expired: number; expiring: number }> {
  const today = dayOf(ctx.now);
  const facts = (which: Fragment) =>
    ctx.db`
      select
        id as subject_id, id as license_id, customer_id, null::bigint as activation_id,
        null::jsonb as before,
        jsonb_build_object('validUntil', valid_until, 'daysLeft', greatest(valid_until - ${today}::date, 0)) as after
      from told
      where ${which}`;
  const [counts] = await inTransaction(ctx, (ctx) =>
    ctx.db<{ expired: number; expiring: number }[]>`
      with due as (
        select id
        from licenses
        where next_expiry_notice_on <= ${today}::date and deleted_at is null
        order by next_expiry_notice_on, id
        limit ${MOST}
        for no key update skip locked
      ),
      told as (
        update licenses l
        set next_expiry_notice_on = case when valid_until >= ${today}::date then next_expiry_notice(valid_until, ${today}::date) end
        from due
        where l.id = due.id
        returning l.id, l.customer_id, l.valid_until
      ),
      ended as (${eventsFrom(ctx, "license.expired", facts(ctx.db`valid_until < ${today}::date`))}),
      ending as (${eventsFrom(ctx, "license.expiring", facts(ctx.db`valid_until >= ${today}::date`))})
      select
        count(*) filter (where valid_until < ${today}::date) as expired,
        count(*) filter (where valid_until >= ${today}::date) as expiring
      from told`);
  return counts;
}
