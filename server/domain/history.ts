// What is kept of the past, and for how long. Owners decide; the audit log is kept for ever unless they say otherwise.
import { type Context, inTransaction } from "./context.ts";
import { recordEvent } from "./events.ts";
import { pruneStatistics } from "./monitoring/statistics.ts";
import { pruneDeliveries } from "./webhooks/prune.ts";

const DAY = 86_400_000;
/** Events pruned in one transaction. */
const MOST = 10_000;

/**
 * Prunes what is older than the settings say.
 *
 * @returns how many rows of each kind
 */
export async function pruneHistory(
  ctx: Context,
): Promise<{ deliveries: number; statistics: number; events: number }> {
  const { keepDeliveriesFor, keepStatisticsFor, keepEventsFor } = ctx.settings;
  const ago = (days: number) => new Date(ctx.now.getTime() - days * DAY);
  const deliveries = await pruneDeliveries(ctx, ago(keepDeliveriesFor));
  const statistics = await pruneStatistics(ctx, ago(keepStatisticsFor));
  const events = keepEventsFor === 0 ? 0 : await pruneEvents(ctx, ago(keepEventsFor));
  return { deliveries, statistics, events };
}

async function pruneEvents(ctx: Context, olderThan: Date): Promise<number> {
  let total = 0;
  while (true) {
    const pruned = await inTransaction(ctx, async (ctx) => {
      const [{ count }] = await ctx.db<{ count: number }[]>`
        select prune_events(${olderThan}, ${MOST}) as count`;
      if (count > 0) {
        await recordEvent(ctx, {
          type: "history.pruned",
          subject: ["event", 0],
          after: { olderThan: olderThan.toISOString(), count },
        });
      }
      return count;
    });
    total += pruned;
    if (pruned < MOST) return total;
  }
}
