// Runs the jobs that administrators requested, one after another.
import type { Context } from "../../server/domain/context.ts";
import type { JobKind, JobRow } from "../../server/domain/jobs/job.ts";
import { claimJob, failJob, finishJob, JobLost } from "../../server/domain/jobs/lease.ts";
import { runImportJob } from "../../server/domain/leads/import_job.ts";
import { issueMany } from "../../server/domain/licenses/issue_many.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { describeApiError } from "../../server/request/error_form.ts";
import { RequestError } from "../../server/request/request_error.ts";

type JobFunction = (ctx: Context, job: JobRow, clock: () => Date) => Promise<object>;

const functions: Record<JobKind, JobFunction> = {
  import_leads: runImportJob,
  issue_licenses: issueMany,
};

const clock = () => new Date();

export async function runRequestedJobs(ctx: Context) {
  let done = 0;
  for (let claimed = await claimJob(ctx); claimed; claimed = await claimJob({ ...ctx, now: clock() })) {
    const { job } = claimed;
    try {
      const result = await functions[job.kind]({ ...claimed.ctx, now: clock() }, job, clock);
      await finishJob(ctx, job.id, { ...result }, clock());
      done++;
    } catch (error) {
      if (error instanceof JobLost) continue;
      const { message } = describeApiError(
        error instanceof DomainError ? error : new RequestError("INTERNAL"),
      );
      await failJob(ctx, job.id, message, clock());
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return { done };
}
