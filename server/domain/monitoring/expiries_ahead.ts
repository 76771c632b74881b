// Numbers of licenses that expire on each of the next days.
import type { Context } from "../context.ts";
import { readAnywhere } from "../replica.ts";
import { requireRole } from "../authorization.ts";
import { type CalendarDay, dayOf } from "../calendar.ts";
import { usableOn } from "../policy/conditions.ts";

/**
 * How many enabled licenses expire on each day from today on; days without any have 0.
 *
 * @param days how many days, today the first
 */
export async function listExpiriesAhead(
  ctx: Context,
  days: number,
): Promise<{ day: CalendarDay; licenses: number }[]> {
  requireRole(ctx, "viewer");
  const today = dayOf(ctx.now);
  return await readAnywhere(ctx, async (ctx) =>
    await ctx.db<{ day: CalendarDay; licenses: number }[]>`
    select ahead.day, coalesce(ending.licenses, 0) as licenses
    from (
      select ${today}::date + n as day
      from generate_series(0, ${days - 1}::integer) as n
    ) ahead
    left join (
      select valid_until, count(*) as licenses
      from licenses
      where valid_until between ${today}::date and ${today}::date + ${days - 1}::integer
        and ${usableOn(ctx, "licenses", ctx.db`licenses.valid_until`)}
      group by valid_until
    ) ending on ending.valid_until = ahead.day
    order by ahead.day`);
}
