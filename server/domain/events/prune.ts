// Deletion of old events. They are retained without limit unless an owner sets one.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "./record.ts";

const DAY = 86_400_000;
/** Events deleted in one transaction. */
const BATCH = 10_000;

/**
 * Deletes events older than the retention setting, and records the deletion as an event. Whole partitions are dropped, so
 * that in a month of many events the first ones wait for the last.
 *
 * @returns how many, of whole partitions as PostgreSQL estimates it
 */
export async function pruneEvents(ctx: Context): Promise<number> {
  const { keepEventsFor } = ctx.settings;
  if (keepEventsFor === 0) return 0;
  const olderThan = new Date(ctx.now.getTime() - keepEventsFor * DAY);
  let total = 0;
  while (true) {
    const dropped = await prune(ctx, olderThan, ctx.db`drop_event_partition(${olderThan})`);
    if (dropped === 0) break;
    total += dropped;
  }
  while (true) {
    const pruned = await prune(ctx, olderThan, ctx.db`prune_events(${olderThan}, ${BATCH})`);
    total += pruned;
    if (pruned < BATCH) return total;
  }
}

function prune(ctx: Context, olderThan: Date, call: Fragment): Promise<number> {
  return inTransaction(ctx, async (ctx) => {
    const [{ count }] = await ctx.db<{ count: number }[]>`
      select ${call} as count`;
    if (count > 0) {
      await recordEvent(ctx, {
        type: "history.pruned",
        subjectId: 0,
        after: { olderThan: olderThan.toISOString(), count },
      });
    }
    return count;
  });
}
