// The state of the system's parts for the panel: the database by a query, the worker by its last health check, the queues
// as the worker counted them last.
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { listProcessClocks, type ProcessClockRow } from "./process_clocks.ts";
import { findLastHealthCheck, isWorkerDown, type QueueCountRow } from "./health_check.ts";

export interface Health {
  /** Duration of a query; milliseconds. Without the database this call fails. */
  database: { up: true; ms: number };
  worker: { up: boolean; lastSeenAt: Date | null };
  queues: QueueCountRow[];
  /** The clocks of the running processes. */
  clocks: Omit<ProcessClockRow, "processId">[];
}

/**
 * The state of the system's parts.
 *
 * @param clock a monotonic clock in milliseconds
 */
export async function getHealth(ctx: Context, clock: () => number): Promise<Health> {
  requireRole(ctx, "viewer");
  const began = clock();
  await ctx.db`select 1`;
  const ms = Math.round((clock() - began) * 10) / 10;
  const lastSeenAt = await findLastHealthCheck(ctx);
  const queues = await ctx.db<QueueCountRow[]>`
    select *
    from queue_counts
    order by name`;
  const clocks = await listProcessClocks(ctx);
  return {
    database: { up: true, ms },
    worker: { up: !isWorkerDown(ctx, lastSeenAt), lastSeenAt },
    queues,
    clocks: clocks.map(({ processId: _, ...clock }) => clock),
  };
}
