// Running jobs: a worker claims one with a lease, saves its progress and settles it. The lease of a worker that dies
// expires, and another continues from the last saved progress.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import type { Role } from "../actor.ts";
import { recordEvent } from "../events/record.ts";
import { LeaseLost } from "../lease.ts";
import type { JobRow } from "./job.ts";

/** How long the lease of a job lasts without being renewed; milliseconds. */
export const JOB_LEASE = 7000;
/** How often a job is claimed without progress, until it fails. */
const MAX_ATTEMPTS = 5;

/** A job, and the lease by which a worker runs it. */
export type LeasedJob = Pick<JobRow, "id" | "leaseToken">;

export interface ClaimedJob {
  job: JobRow;
  /** The context of the administrator who requested it. */
  ctx: Context;
}

/** Claims the oldest job that no worker runs; null when there is none. */
export async function claimJob(ctx: Context): Promise<ClaimedJob | null> {
  const [job] = await ctx.db<JobRow[]>`
    update jobs
    set
      state = 'running', started_at = coalesce(started_at, ${ctx.now}), lease_token = gen_random_uuid(),
      leased_until = ${leaseFrom(ctx.now)}, attempts = attempts + 1
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
  const [administrator] = await ctx.db<{ id: number; name: string; role: Role }[]>`
    select id, name, role
    from administrators
    where id = ${job.administratorId} and disabled_at is null`;
  // An administrator who was disabled since has no rights; the verb refuses.
  const actor = administrator
    ? { kind: "administrator", ...administrator } as const
    : { kind: "anonymous" } as const;
  return { job, ctx: { ...ctx, actor } };
}

/**
 * Saves the progress of a job and renews its lease.
 *
 * @param progress.now the current instant; the context's is that of the start
 * @param progress.result what was found so far, for a worker that continues
 * @throws LeaseLost when it was cancelled or another worker runs it
 */
export async function saveProgress(
  ctx: Context,
  job: LeasedJob,
  progress: { done: number; total?: number; result?: object; now: Date },
): Promise<void> {
  const updated = await ctx.db`
    update jobs
    set done = ${progress.done}, attempts = 1, total = coalesce(${progress.total ?? null}, total),
      result = coalesce(${progress.result ? ctx.db.json(progress.result as never) : null}, result),
      leased_until = ${leaseFrom(progress.now)}
    where ${isHeld(ctx, job)}`;
  if (updated.count === 0) throw new LeaseLost();
}

/** How far a job is that is run, and what was found so far. */
export async function getJobProgress(
  ctx: Context,
  { id }: LeasedJob,
): Promise<Pick<JobRow, "done" | "result">> {
  const [job] = await ctx.db<Pick<JobRow, "done" | "result">[]>`
    select done, result
    from jobs
    where id = ${id}`;
  return job;
}

/**
 * Renews the lease of a job that cannot report progress, such as one that reads a file.
 *
 * @throws LeaseLost when it was cancelled or another worker runs it
 */
export async function renewLease(ctx: Context, job: LeasedJob, now: Date): Promise<void> {
  const updated = await ctx.db`
    update jobs
    set leased_until = ${leaseFrom(now)}
    where ${isHeld(ctx, job)}`;
  if (updated.count === 0) throw new LeaseLost();
}

/** Whether the workers that claimed a job ended too often, for example because it takes more memory than they have. */
export function isExhausted({ attempts }: JobRow): boolean {
  return attempts > MAX_ATTEMPTS;
}

/** Saves which licenses a job created. Call it in the transaction that creates them. */
export async function saveLicenses(ctx: Context, id: number, licenseIds: number[]): Promise<void> {
  await ctx.db`
    insert into job_licenses (job_id, license_id)
    select ${id}, unnest(${licenseIds}::bigint[])`;
}

/**
 * Settles a job that succeeded, and deletes its file.
 *
 * @throws LeaseLost when it was cancelled or another worker runs it: what it did in this transaction is undone
 */
export async function finishJob(
  ctx: Context,
  job: LeasedJob,
  result: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const [finished] = await ctx.db<JobRow[]>`
      update jobs
      set state = 'done', result = ${ctx.db.json(result as never)}, finished_at = ${now}
      where ${isHeld(ctx, job)}
      returning *`;
    await settle({ ...ctx, now }, finished);
  });
}

/**
 * Settles a job that failed, with a sentence for people, and deletes its file.
 *
 * @throws LeaseLost when it was cancelled or another worker runs it
 */
export async function failJob(ctx: Context, job: LeasedJob, message: string, now: Date): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const [failed] = await ctx.db<JobRow[]>`
      update jobs
      set state = 'failed', error = ${message}, finished_at = ${now}
      where ${isHeld(ctx, job)}
      returning *`;
    await settle({ ...ctx, now }, failed);
  });
}

/** Deletes the file of a job that has ended, and records that it has. */
async function settle(ctx: Context, job: JobRow | undefined): Promise<void> {
  if (!job) throw new LeaseLost();
  await ctx.db`
    delete from job_chunks
    where job_id = ${job.id}`;
  const invalid = job.input.dryRun ? 0 : Number(job.result?.failed ?? 0);
  await recordEvent(ctx, {
    type: "job.finished",
    subjectId: job.id,
    after: {
      kind: job.kind,
      state: job.state === "done" ? "done" : "failed",
      done: job.done,
      invalid,
      requestedBy: job.administratorId,
    },
  });
}

function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + JOB_LEASE);
}

/** Whether a worker still has the lease of a job. */
function isHeld(ctx: Context, { id, leaseToken }: LeasedJob): Fragment {
  return ctx.db`id = ${id} and state = 'running' and lease_token = ${leaseToken}`;
}

/** Corrects leases from before the database's clock was put back: a worker that died would keep them until then. */
export async function correctLeasesAhead(ctx: Context): Promise<void> {
  await ctx.db`
    update jobs
    set leased_until = ${leaseFrom(ctx.now)}
    where state in ('waiting', 'running') and leased_until > ${leaseFrom(ctx.now)}`;
}
