// Numbers of licenses that expire on each of the next days. With many licenses a worker counts them.
import type { Context } from "../context.ts";
import { readAnywhere } from "../replica.ts";
import { requireRole } from "../authorization.ts";
import { addDays, type CalendarDay, dayOf, isBefore } from "../calendar.ts";
import { usableOn } from "../policy/conditions.ts";
import {
  COUNT_LIMIT,
  type CountedMeasure,
  estimateRows,
  listCurrentCounts,
  saveCurrentCounts,
} from "./current_counts.ts";

/** How many licenses expire on each of some days. */
export interface ExpiriesAhead {
  /** Every day, also those on which none expires. */
  days: { day: CalendarDay; licenses: number }[];
  /** When they were counted; null: just now. */
  countedAt: Date | null;
}

const measure: CountedMeasure = "licenses.expiring";

/** The days that a worker counts: those that can be asked for, and more, which come into view before it counts again. */
const KEPT_DAYS = 366 + 7;

/**
 * How many enabled licenses expire on each day from today on.
 *
 * @param days how many days, today the first
 */
export async function getExpiriesAhead(ctx: Context, days: number): Promise<ExpiriesAhead> {
  requireRole(ctx, "viewer");
  return await readAnywhere(ctx, async (ctx) => {
    const kept = await findKept(ctx, days);
    const counts = kept?.counts ?? await countExpiries(ctx, days);
    const today = dayOf(ctx.now);
    return {
      days: Array.from({ length: days }, (_, n) => {
        const day = addDays(today, n);
        return { day, licenses: counts.get(day) ?? 0 };
      }),
      countedAt: kept?.countedAt ?? null,
    };
  });
}

/**
 * Counts the licenses that expire on each of the next days, and keeps the numbers.
 *
 * @returns on how many days any expire
 */
export async function keepExpiriesAhead(ctx: Context): Promise<number> {
  const counts = await countExpiries(ctx, KEPT_DAYS);
  await saveCurrentCounts(
    ctx,
    [measure],
    [...counts].map(([label, value]) => ({ measure, subjectId: 0, label, value })),
  );
  return counts.size;
}

/** The worker's counts when there are many licenses; null when they lack some of the days. */
async function findKept(
  ctx: Context,
  days: number,
): Promise<{ counts: Map<CalendarDay, number>; countedAt: Date } | null> {
  if (await estimateRows(ctx, "licenses") <= COUNT_LIMIT) return null;
  const kept = await listCurrentCounts(ctx, [measure], 0);
  if (kept.length === 0) return null;
  const [{ countedAt }] = kept;
  if (isBefore(addDays(dayOf(countedAt), KEPT_DAYS), addDays(dayOf(ctx.now), days))) return null;
  return { counts: new Map(kept.map(({ label, value }) => [label as CalendarDay, value])), countedAt };
}

/** Licenses by the day on which they expire; days without any are left out. */
async function countExpiries(ctx: Context, days: number): Promise<Map<CalendarDay, number>> {
  const today = dayOf(ctx.now);
  const rows = await ctx.db<{ day: CalendarDay; licenses: number }[]>`
    select valid_until as day, count(*) as licenses
    from licenses
    where valid_until between ${today}::date and ${today}::date + ${days - 1}::integer
      and ${usableOn(ctx, "licenses", ctx.db`licenses.valid_until`)}
    group by valid_until`;
  return new Map(rows.map(({ day, licenses }) => [day, licenses]));
}
