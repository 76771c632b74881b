// How long the audit log is kept: for ever, unless an owner says otherwise.
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "./record.ts";

const DAY = 86_400_000;
/** Events pruned in one transaction. */
const MOST = 10_000;

/**
 * Prunes events older than the settings say, and says so itself.
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
        select prune_events(${olderThan}, ${MOST}) as count`;
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
    if (pruned < MOST) return total;
  }
}
