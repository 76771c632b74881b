// Forgets jobs that have been over for a month, and administrators' sessions likewise.
import { deleteExpiredSessions } from "../../server/domain/administrators/sessions.ts";
import type { Context } from "../../server/domain/context.ts";
import { forgetJobs } from "../../server/domain/jobs/job.ts";

export async function forgetJobsJob(ctx: Context) {
  return { jobs: await forgetJobs(ctx), sessions: await deleteExpiredSessions(ctx) };
}
