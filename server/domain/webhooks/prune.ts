// Deletion of old deliveries. Settled deliveries are retained for a time, for inspection and replay.
import type { Context } from "../context.ts";

const DAY = 86_400_000;
/** Deliveries deleted at a time. */
const BATCH = 10_000;

/**
 * Deletes settled deliveries older than the retention setting, with their attempts.
 *
 * @returns how many
 */
export async function pruneDeliveries(ctx: Context): Promise<number> {
  const before = new Date(ctx.now.getTime() - ctx.settings.keepDeliveriesFor * DAY);
  let total = 0;
  while (true) {
    const pruned = await ctx.db`
      delete from webhook_deliveries
      where id in (
        select id
        from webhook_deliveries
        where created_at < ${before} and due_at is null
        order by id
        limit ${BATCH}
      )`;
    total += pruned.count;
    if (pruned.count < BATCH) return total;
  }
}
