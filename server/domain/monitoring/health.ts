// Whether the parts of the house are well, for the panel's signal: the database asked just now, the worker by the trace
// it leaves, its queues as it counted them last.
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { isSilent, lastHealthCheck, type QueueCountRow } from "./health_check.ts";

export interface Health {
  /** How long it took to answer; milliseconds. Where it does not answer, neither does this. */
  database: { up: true; ms: number };
  worker: { up: boolean; lastSeenAt: Date | null };
  queues: QueueCountRow[];
}

/**
 * How the house is.
 *
 * @param clock milliseconds that only go forward, for measuring
 */
export async function getHealth(ctx: Context, clock: () => number): Promise<Health> {
  requireRole(ctx, "viewer");
  const began = clock();
  await ctx.db`select 1`;
  const ms = Math.round((clock() - began) * 10) / 10;
  const lastSeenAt = await lastHealthCheck(ctx);
  const queues = await ctx.db<QueueCountRow[]>`
    select *
    from queue_counts
    order by name`;
  return { database: { up: true, ms }, worker: { up: !isSilent(ctx, lastSeenAt), lastSeenAt }, queues };
}
