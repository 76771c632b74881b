// How far back a job has looked that looks at a stretch of time.
import type { Context } from "./context.ts";

/** A row of `job_cursors`. */
export interface JobCursorRow {
  job: string;
  processedUntil: Date;
}

/** How far a job has looked, held until the transaction ends so that nobody else looks; `first` when it never did. */
export async function lockJobCursor(ctx: Context, job: string, first: Date): Promise<Date> {
  await ctx.db`
    insert into job_cursors (job, processed_until)
    values (${job}, ${first})
    on conflict on constraint job_cursors_pkey do nothing`;
  const [{ processedUntil }] = await ctx.db<JobCursorRow[]>`
    select *
    from job_cursors
    where job = ${job}
    for no key update`;
  return processedUntil;
}

/** How far a job has looked; null when it never did. */
export async function findJobCursor(ctx: Context, job: string): Promise<Date | null> {
  const [place] = await ctx.db<JobCursorRow[]>`
    select *
    from job_cursors
    where job = ${job}`;
  return place?.processedUntil ?? null;
}

/** Notes that a job has looked up to now. */
export async function advanceJobCursor(ctx: Context, job: string): Promise<void> {
  await ctx.db`
    insert into job_cursors (job, processed_until)
    values (${job}, ${ctx.now})
    on conflict on constraint job_cursors_pkey do update
    set processed_until = greatest(job_cursors.processed_until, excluded.processed_until)`;
}
