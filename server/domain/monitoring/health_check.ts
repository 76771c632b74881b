// The look around that a worker takes every few seconds, and the trace it leaves, so that a house without a worker is
// noticed as well.
import { type Context, inTransaction } from "../context.ts";
import { advanceJobCursor, findJobCursor } from "../job_cursors.ts";
import { noteTrouble } from "./alerts.ts";
import { findTrouble, type Measured } from "./trouble.ts";

const JOB = "watch";
/** Without a worker for so long nothing happens by itself; milliseconds. */
const WORKER_SILENT = 60_000;

/** A row of `queue_counts`. */
export interface QueueCountRow {
  name: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  measuredAt: Date;
}

/** Looks for trouble and says so. */
export function checkHealth(ctx: Context, measured: Measured): Promise<{ raised: number; cleared: number }> {
  return inTransaction(ctx, async (ctx) => {
    const counts = await noteTrouble(ctx, await findTrouble(ctx, measured));
    await noteQueues(ctx, measured.queues ?? {});
    await advanceJobCursor(ctx, JOB);
    return counts;
  });
}

async function noteQueues(ctx: Context, queues: NonNullable<Measured["queues"]>): Promise<void> {
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

/** Whether no worker has looked for so long that none can be running. */
export function isSilent(ctx: Context, lastSeenAt: Date | null): boolean {
  return !lastSeenAt || ctx.now.getTime() - lastSeenAt.getTime() > WORKER_SILENT;
}

/** When a worker last looked; null when none ever did. */
export function lastHealthCheck(ctx: Context): Promise<Date | null> {
  return findJobCursor(ctx, JOB);
}
