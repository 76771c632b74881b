// The health check that every worker runs regularly. Its time is saved, so that a system without a worker is detected as
// well.
import { type Context, inTransaction } from "../context.ts";
import { advanceJobCursor, findJobCursor } from "../job_cursors.ts";
import { listConditions, type Measurements } from "./alert_conditions.ts";
import { updateAlerts } from "./alerts.ts";

const JOB = "health_check";
/** Without a health check for so long no worker is running; milliseconds. */
const MAX_AGE = 60_000;

/** A row of `queue_counts`. */
export interface QueueCountRow {
  name: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  measuredAt: Date;
}

/**
 * Updates alerts and queue counts by what a worker measured.
 *
 * @param page the address of the panel's page with the alerts, for the mail; null where it is not known
 */
export function checkHealth(
  ctx: Context,
  measured: Measurements,
  page: string | null = null,
): Promise<{ raised: number; cleared: number }> {
  return inTransaction(ctx, async (ctx) => {
    const counts = await updateAlerts(ctx, await listConditions(ctx, measured), page);
    await saveQueueCounts(ctx, measured.queues ?? {});
    await advanceJobCursor(ctx, JOB);
    return counts;
  });
}

async function saveQueueCounts(ctx: Context, queues: NonNullable<Measurements["queues"]>): Promise<void> {
  const rows = Object.entries(queues).map(([name, counts]) => ({ name, ...counts }));
  await ctx.db`
    insert into queue_counts (name, waiting, active, delayed, failed, measured_at)
    select name, waiting, active, delayed, failed, ${ctx.now}
    from jsonb_to_recordset(${ctx.db.json(rows)})
      as counted (name text, waiting integer, active integer, delayed integer, failed integer)
    order by name
    on conflict on constraint queue_counts_pkey do update
    set
      waiting = excluded.waiting, active = excluded.active, delayed = excluded.delayed, failed = excluded.failed,
      measured_at = excluded.measured_at
    where queue_counts.measured_at <= excluded.measured_at`;
}

/** Whether the last health check is so long ago that no worker can be running. */
export function isWorkerDown(ctx: Pick<Context, "now">, lastCheckAt: Date | null): boolean {
  return !lastCheckAt || ctx.now.getTime() - lastCheckAt.getTime() > MAX_AGE;
}

/** When a worker last ran a health check; null when none ever did. */
export function findLastHealthCheck(ctx: Pick<Context, "db">): Promise<Date | null> {
  return findJobCursor(ctx, JOB);
}

/** Corrects the queue counts from before the database's clock was put back: later ones would be ignored. */
export async function correctQueueCountsAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update queue_counts
    set measured_at = ${ctx.now}
    where measured_at > ${ctx.now}`;
}
