// Partitions of the events. A month of many events has one of its own, which is dropped at once when all of it is too old.
import type { Context } from "../context.ts";

/**
 * Lets new events go into the next partition when the current one is large and began in an earlier month of the database's
 * clock. While others hold locks on the events, it does nothing; the next run tries again.
 *
 * @returns whether a partition began
 */
export async function beginEventPartition(ctx: Pick<Context, "db">): Promise<boolean> {
  const [{ begun }] = await ctx.db<{ begun: boolean }[]>`
    select begin_event_partition() as begun`;
  return begun;
}
