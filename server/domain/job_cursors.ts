// For each job that processes periods of time: the end of the period it has processed.
import type { Context } from "./context.ts";

/** A row of `job_cursors`. */
export interface JobCursorRow {
  job: string;
  processedUntil: Date;
}

/**
 * The end of the period a job has processed. The row stays locked until the transaction ends, so that two workers do not
 * process the same period.
 *
 * @param first the result when the job has never run
 */
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

/** The end of the period a job has processed; null when it has never run. */
export async function findJobCursor(ctx: Pick<Context, "db">, job: string): Promise<Date | null> {
  const [cursor] = await ctx.db<JobCursorRow[]>`
    select *
    from job_cursors
    where job = ${job}`;
  return cursor?.processedUntil ?? null;
}

/** Moves the cursor of a job to the current time; it never moves backward. */
export async function advanceJobCursor(ctx: Pick<Context, "db" | "now">, job: string): Promise<void> {
  await ctx.db`
    insert into job_cursors (job, processed_until)
    values (${job}, ${ctx.now})
    on conflict on constraint job_cursors_pkey do update
    set processed_until = greatest(job_cursors.processed_until, excluded.processed_until)`;
}

/** Corrects cursors from before the database's clock was put back: the time until then would not be processed. */
export async function correctCursorsAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update job_cursors
    set processed_until = ${ctx.now}
    where processed_until > ${ctx.now}`;
}
