// Runs the jobs that administrators requested, one after another.
import type { Context } from "../../server/domain/context.ts";
import type { JobKind, JobRow } from "../../server/domain/jobs/job.ts";
import {
  claimJob,
  failJob,
  finishJob,
  isExhausted,
  JobLost,
  renewLease,
} from "../../server/domain/jobs/lease.ts";
import { runImportJob } from "../../server/domain/leads/import_job.ts";
import { issueMany } from "../../server/domain/licenses/issue_many.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { describeApiError } from "../../server/request/error_form.ts";
import { RequestError } from "../../server/request/request_error.ts";
import type { JobServices } from "../job_services.ts";

/** @param signal aborted with `JobLost` when the job was cancelled */
type JobFunction = (ctx: Context, job: JobRow, clock: () => Date, signal: AbortSignal) => Promise<object>;

/** How often the lease of a running job is renewed, and its state is looked at; milliseconds. */
const RENEWAL_INTERVAL = 2000;
const exhausted =
  "The job ended its worker several times without progress. Split the work, and request it again.";

const functions: Record<JobKind, JobFunction> = {
  import_leads: runImportJob,
  issue_licenses: issueMany,
};

export async function runRequestedJobs(ctx: Context, { now: clock }: Pick<JobServices, "now">) {
  let done = 0;
  for (let claimed = await claimJob(ctx); claimed; claimed = await claimJob({ ...ctx, now: clock() })) {
    const { job } = claimed;
    if (isExhausted(job)) {
      await failJob(ctx, job.id, exhausted, clock());
      continue;
    }
    const lease = keepLease(ctx, job.id, clock);
    try {
      const result = await functions[job.kind]({ ...claimed.ctx, now: clock() }, job, clock, lease.signal);
      await finishJob(ctx, job.id, { ...result }, clock());
      done++;
    } catch (error) {
      if (error instanceof JobLost) continue;
      const { message } = describeApiError(
        error instanceof DomainError ? error : new RequestError("INTERNAL"),
      );
      await failJob(ctx, job.id, message, clock());
      if (!(error instanceof DomainError)) throw error;
    } finally {
      lease.stop();
    }
  }
  return { done };
}

/** Renews the lease of a job until it is stopped. */
function keepLease(ctx: Context, id: number, clock: () => Date): { signal: AbortSignal; stop(): void } {
  const lost = new AbortController();
  const timer = setInterval(() => {
    renewLease(ctx, id, clock()).catch((error) => {
      // An unreachable database says nothing about the job.
      if (error instanceof JobLost) lost.abort(error);
    });
  }, RENEWAL_INTERVAL);
  return { signal: lost.signal, stop: () => clearInterval(timer) };
}
