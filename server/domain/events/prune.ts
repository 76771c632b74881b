// Deletion of old events. They are retained without limit unless an owner sets one.
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "./record.ts";

const DAY = 86_400_000;
/** Events deleted in one transaction. */
const BATCH = 10_000;

/**
 * Deletes events older than the retention setting, and records the deletion as an event.
 *
 * @returns how many
 */
export async function pruneEvents(ctx: Context): Promise<number> {
  const { keepEventsFor } = ctx.settings;
  if (keepEventsFor === 0) return 0;
  const olderThan = new Date(ctx.now.getTime() - keepEventsFor * DAY);
  let total = 0;
  while (true) {
    const pruned = await inTransaction(ctx, async (ctx) => {
      const [{ count }] = await ctx.db<{ count: number }[]>`
        select prune_events(${olderThan}, ${BATCH}) as count`;
      if (count > 0) {
        await recordEvent(ctx, {
          type: "history.pruned",
          subjectId: 0,
          after: { olderThan: olderThan.toISOString(), count },
        });
      }
      return count;
    });
    total += pruned;
    if (pruned < BATCH) return total;
  }
}
