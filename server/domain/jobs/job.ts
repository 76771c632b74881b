// Jobs: work requested by an administrator that takes longer than a request. The row has the input and the progress; a
// worker runs it with the administrator's rights.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import type { jobList } from "./inputs.ts";
import { listPage, type Page } from "../lists.ts";
import { inPeriod } from "../periods.ts";
import { refuse } from "../errors.ts";

export type JobKind =
  | "apply_plan_terms"
  | "import_customers"
  | "import_devices"
  | "import_leads"
  | "import_licenses"
  | "issue_licenses";
export type JobState = "waiting" | "running" | "done" | "failed" | "cancelled";

/** A row of `jobs`. */
export interface JobRow {
  id: number;
  kind: JobKind;
  input: Record<string, unknown>;
  state: JobState;
  /** The number of rows or licenses, of a file estimated from its lines; null while it is unknown. */
  total: number | null;
  done: number;
  result: Record<string, unknown> | null;
  error: string | null;
  administratorId: number | null;
  requestedAt: Date;
  startedAt: Date | null;
  leaseToken: string | null;
  leasedUntil: Date | null;
  /** How often it was claimed since it last made progress. */
  attempts: number;
  finishedAt: Date | null;
  traceparent: string | null;
}

/** A row of `job_chunks`. */
export interface JobChunkRow {
  jobId: number;
  number: number;
  content: Uint8Array;
}

/** A row of `job_licenses`. */
export interface JobLicenseRow {
  jobId: number;
  licenseId: number;
}

export type ListedJob = JobRow & { administratorName: string | null };

/** Requests a job. */
export async function requestJob(
  ctx: Context,
  job: { kind: JobKind; input: Record<string, unknown>; total: number | null },
): Promise<JobRow> {
  requireRole(ctx, "manager");
  const administratorId = ctx.actor.kind === "administrator" ? ctx.actor.id : null;
  return await inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<JobRow[]>`
      insert into jobs (kind, input, total, administrator_id, requested_at, traceparent)
      values (${job.kind}, ${ctx.db.json(job.input as never)}, ${job.total}, ${administratorId}, ${ctx.now},
        ${ctx.traceparent ?? null})
      returning *`;
    await recordEvent(ctx, { type: "job.requested", subjectId: row.id, after: { kind: job.kind } });
    return row;
  });
}

/** Saves the total of a job before it runs. */
export async function saveTotal(ctx: Context, id: number, total: number): Promise<void> {
  await ctx.db`
    update jobs
    set total = ${total}
    where id = ${id}`;
}

/** Jobs, the newest first. */
export async function listJobs(ctx: Context, query: z.infer<typeof jobList>): Promise<Page<ListedJob>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedJob>(ctx, query, {
    columns: ctx.db`j.*, a.name as administrator_name`,
    from: ctx.db`jobs j left join administrators a on a.id = j.administrator_id`,
    where: [
      query.state ? ctx.db`j.state = ${query.state}` : null,
      query.kind ? ctx.db`j.kind = ${query.kind}` : null,
      inPeriod(ctx, "j.requested_at", { since: query.requestedSince, until: query.requestedUntil }),
    ],
    sorts: { id: { by: "j.id", type: "bigint" } },
    defaultSort: "-id",
    id: "j.id",
  });
}

/** A job by id; refuses `NOT_FOUND`. */
export async function getJob(ctx: Context, id: number): Promise<ListedJob> {
  requireRole(ctx, "viewer");
  const [job] = await ctx.db<ListedJob[]>`
    select j.*, a.name as administrator_name
    from jobs j
    left join administrators a on a.id = j.administrator_id
    where j.id = ${id}`;
  return job ?? refuse("NOT_FOUND", { subject: "job", field: "id" });
}

/**
 * Cancels a job that has not finished. What a job does in one transaction is undone; what it did in several stays.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function cancelJob(ctx: Context, id: number): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const [job] = await ctx.db<JobRow[]>`
      update jobs
      set state = 'cancelled', finished_at = ${ctx.now}
      where id = ${id} and state in ('waiting', 'running')
      returning *`;
    if (!job) refuse("NOT_FOUND", { subject: "job", field: "id" });
    await recordEvent(ctx, {
      type: "job.cancelled",
      subjectId: id,
      after: { kind: job.kind, done: job.done },
    });
  });
}

/** Stores the file of a job chunk by chunk; returns its size in bytes. */
export async function storeFile(
  ctx: Context,
  jobId: number,
  pieces: AsyncIterable<Uint8Array>,
): Promise<number> {
  let number = 0;
  let size = 0;
  for await (const content of pieces) {
    size += content.length;
    await ctx.db`
      insert into job_chunks (job_id, number, content)
      values (${jobId}, ${number++}, ${content})`;
  }
  return size;
}

/** The file of a job, chunk by chunk. */
export async function* readFile(ctx: Pick<Context, "db">, jobId: number): AsyncGenerator<Uint8Array> {
  for (let number = 0;; number++) {
    const [chunk] = await ctx.db<JobChunkRow[]>`
      select *
      from job_chunks
      where job_id = ${jobId} and number = ${number}`;
    if (!chunk) return;
    yield chunk.content;
  }
}

/** Deletes jobs that finished before the retention setting; returns how many. */
export async function deleteFinishedJobs(ctx: Context): Promise<number> {
  const deleted = await ctx.db`
    delete from jobs
    where finished_at < ${ctx.now}::timestamptz - make_interval(days => ${ctx.settings.keepJobsFor})`;
  return deleted.count;
}
