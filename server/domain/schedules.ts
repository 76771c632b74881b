// When each scheduled job is due next, in the database's time. A worker takes what is due and enqueues it; with several
// workers, each run is taken by one.
import type { Context } from "./context.ts";

/** A row of `job_schedules`. */
export interface JobScheduleRow {
  job: string;
  periodMs: number;
  nextRunAt: Date;
  failures: number;
}

type ScheduleContext = Pick<Context, "db" | "now">;

/** A job and the milliseconds between its runs. */
export interface Schedule {
  job: string;
  every: number;
}

/**
 * A job that runs less often than this is due again after so long until it has succeeded, because what was enqueued may be
 * lost with the data of Redis; milliseconds.
 */
const RETRY_AFTER = 10_000;

function columnsOf(schedules: Schedule[]): [jobs: string[], everies: number[]] {
  return [schedules.map(({ job }) => job), schedules.map(({ every }) => every)];
}

/**
 * How long it is until the first of the jobs is due; milliseconds, 0 when one is. A job is also due when its next run is
 * further ahead than its period: that was written before the database's clock was put back.
 */
export async function getNextDelay(ctx: ScheduleContext, schedules: Schedule[]): Promise<number> {
  const [jobs, everies] = columnsOf(schedules);
  const [{ delay }] = await ctx.db<{ delay: number }[]>`
    select coalesce(min(
      case
        when s.job is null or s.next_run_at > ${ctx.now}::timestamptz + wanted.every * interval '1 millisecond' then 0
        else greatest(0, extract(epoch from s.next_run_at - ${ctx.now}::timestamptz) * 1000)
      end
    ), 0)::float8 as delay
    from unnest(${jobs}::text[], ${everies}::integer[]) as wanted (job, every)
    left join job_schedules s on s.job = wanted.job`;
  return delay;
}

/**
 * Takes the jobs that are due.
 *
 * @returns their names
 */
export async function takeDueJobs(ctx: ScheduleContext, schedules: Schedule[]): Promise<string[]> {
  const [jobs, everies] = columnsOf(schedules);
  // The commit is asynchronous: what a crash of PostgreSQL undoes is taken again.
  const rows = await ctx.db<{ job: string }[]>`
    with asynchronous as (select set_config('synchronous_commit', 'off', true)),
    due as (
      select wanted.job, wanted.every
      from asynchronous, unnest(${jobs}::text[], ${everies}::integer[]) as wanted (job, every)
      left join job_schedules s on s.job = wanted.job
      where s.job is null
        or s.next_run_at <= ${ctx.now}::timestamptz
        or s.next_run_at > ${ctx.now}::timestamptz + wanted.every * interval '1 millisecond'
      order by wanted.job
    )
    insert into job_schedules as s (job, period_ms, next_run_at)
    select job, every, ${ctx.now}::timestamptz + least(every, ${RETRY_AFTER}) * interval '1 millisecond'
    from due
    on conflict on constraint job_schedules_pkey do update
    set period_ms = excluded.period_ms, next_run_at = excluded.next_run_at
    where s.next_run_at <= ${ctx.now}::timestamptz
      or s.next_run_at > ${ctx.now}::timestamptz + excluded.period_ms * interval '1 millisecond'
    returning s.job`;
  return rows.map(({ job }) => job);
}

/**
 * Plans the next run of a job that has finished: after its period, or sooner while it fails, waiting twice as long after
 * each failure. Jobs that run often are planned when they are taken.
 */
export async function planNextRun(
  ctx: ScheduleContext,
  { job, every }: Schedule,
  isDone: boolean,
): Promise<void> {
  if (every <= RETRY_AFTER) return;
  await ctx.db`
    update job_schedules
    set
      next_run_at = ${ctx.now}::timestamptz + case
        when ${isDone}::boolean then ${every}::float8
        else least(${every}::float8, ${RETRY_AFTER}::float8 * 2 ^ least(failures, 20))
      end * interval '1 millisecond',
      failures = case when ${isDone}::boolean then 0 else failures + 1 end
    where job = ${job}`;
}
