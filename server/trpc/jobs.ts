// Jobs: their request, progress and result.
import { tracked } from "@trpc/server";
import { z } from "zod";
import { jobList } from "../domain/jobs/inputs.ts";
import { manyLicenses } from "../domain/licenses/inputs.ts";
import { cancelJob, getJob, listJobs } from "../domain/jobs/job.ts";
import { requestLicenses } from "../domain/licenses/issue_many.ts";
import { contexts, subscription } from "./live.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const jobsRouter = router({
  list: viewer.input(jobList).query(({ ctx: { ctx }, input }) => listJobs(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getJob(ctx, input.id)),
  cancel: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => cancelJob(ctx, input.id)),
  issueLicenses: manager.input(manyLicenses).mutation(({ ctx: { ctx }, input }) =>
    requestLicenses(ctx, input)
  ),
  /** The progress of a job until it ends. */
  progress: viewer.input(oneId.extend({ lastEventId: z.string().max(100).nullish() })).subscription(
    subscription(async function* ({ ctx: call, input, signal }) {
      let sent = "";
      for await (const ctx of contexts(call, 500, signal)) {
        const job = await getJob(ctx, input.id);
        const state = `${job.state} ${job.done}`;
        yield state === sent ? [] : [tracked(state, job)];
        sent = state;
        if (job.finishedAt) return;
      }
    }),
  ),
});
