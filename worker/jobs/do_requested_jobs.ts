// Does what administrators asked for, one job after another, until nothing is left.
import type { Context } from "../../server/domain/context.ts";
import type { JobKind, JobRow } from "../../server/domain/jobs/job.ts";
import { failJob, finishJob, JobLost, takeJob } from "../../server/domain/jobs/lease.ts";
import { runImportJob } from "../../server/domain/leads/import.ts";
import { issueMany } from "../../server/domain/licenses/issue_many.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { describeApiError } from "../../server/request/error_form.ts";
import { RequestError } from "../../server/request/request_error.ts";

type Work = (ctx: Context, job: JobRow, clock: () => Date) => Promise<object>;

const works: Record<JobKind, Work> = {
  import_leads: runImportJob,
  issue_licenses: issueMany,
};

const clock = () => new Date();

export async function doRequestedJobs(ctx: Context) {
  let done = 0;
  for (let taken = await takeJob(ctx); taken; taken = await takeJob({ ...ctx, now: clock() })) {
    const { job } = taken;
    try {
      const result = await works[job.kind]({ ...taken.ctx, now: clock() }, job, clock);
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
