// Doing jobs: a worker takes one under a lease, tells how far it is, and settles it. A worker that dies lets its lease
// run out, and another goes on from what was told last.
import type { Context } from "../context.ts";
import type { Role } from "../actor.ts";
import type { JobRow } from "./job.ts";

/** How long a worker may say nothing before its job counts as left lying; milliseconds. */
const LEASE = 60_000;

/** Thrown into the work of a job that was cancelled or taken over. */
export class JobLost extends Error {}

export interface TakenJob {
  job: JobRow;
  /** A context in the name of whoever asked. */
  ctx: Context;
}

/** Takes the oldest job that nobody does; null when there is none. */
export async function takeJob(ctx: Context): Promise<TakenJob | null> {
  const [job] = await ctx.db<JobRow[]>`
    update jobs
    set state = 'running', started_at = coalesce(started_at, ${ctx.now}), leased_until = ${leaseOf(ctx)}
    where id = (
      select id
      from jobs
      where state in ('waiting', 'running') and (leased_until is null or leased_until < ${ctx.now})
      order by id
      limit 1
      for update skip locked
    )
    returning *`;
  if (!job) return null;
  if (job.administratorId === null) return { job, ctx };
  const [asker] = await ctx.db<{ id: number; name: string; role: Role }[]>`
    select id, name, role
    from administrators
    where id = ${job.administratorId} and disabled_at is null`;
  // Whoever was switched off since may do nothing any more; the verb says so.
  const actor = asker ? { kind: "administrator", ...asker } as const : { kind: "anonymous" } as const;
  return { job, ctx: { ...ctx, actor } };
}

/**
 * Tells how far a job is and keeps it for another while.
 *
 * @param now the instant of the telling, as the job began earlier
 * @throws JobLost when it was cancelled
 */
export async function noteProgress(
  ctx: Context,
  id: number,
  progress: { done: number; total?: number; now: Date },
): Promise<void> {
  const kept = await ctx.db`
    update jobs
    set done = ${progress.done}, total = coalesce(${progress.total ?? null}, total),
      leased_until = ${new Date(progress.now.getTime() + LEASE)}
    where id = ${id} and state = 'running'`;
  if (kept.count === 0) throw new JobLost();
}

/** Notes which licenses a job made. Call it in the transaction that made them. */
export async function noteLicenses(ctx: Context, id: number, licenseIds: number[]): Promise<void> {
  await ctx.db`
    insert into job_licenses (job_id, license_id)
    select ${id}, unnest(${licenseIds}::bigint[])`;
}

/** Settles a job that went through; its file is forgotten. */
export async function finishJob(
  ctx: Context,
  id: number,
  result: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await ctx.db`
    update jobs
    set state = 'done', result = ${ctx.db.json(result as never)}, finished_at = ${now}
    where id = ${id} and state = 'running'`;
  await dropFile(ctx, id);
}

/** Settles a job that failed, with a sentence for people. */
export async function failJob(ctx: Context, id: number, message: string, now: Date): Promise<void> {
  await ctx.db`
    update jobs
    set state = 'failed', error = ${message}, finished_at = ${now}
    where id = ${id} and state = 'running'`;
  await dropFile(ctx, id);
}

async function dropFile(ctx: Context, id: number): Promise<void> {
  await ctx.db`
    delete from job_chunks
    where job_id = ${id}`;
}

function leaseOf(ctx: Context): Date {
  return new Date(ctx.now.getTime() + LEASE);
}
