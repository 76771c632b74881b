// Runs the jobs that administrators requested, one after another.
import { isUnavailable } from "../../db/connect.ts";
import { inSpan, SpanKind } from "../../db/tracing.ts";
import type { Context } from "../../server/domain/context.ts";
import type { JobKind, JobRow } from "../../server/domain/jobs/job.ts";
import {
  type ClaimedJob,
  claimJob,
  failJob,
  finishJob,
  isExhausted,
  JOB_LEASE,
  renewLease,
} from "../../server/domain/jobs/lease.ts";
import { LeaseLost } from "../../server/domain/lease.ts";
import { importedCustomers } from "../../server/domain/customers/imported_customers.ts";
import { runImportJob } from "../../server/domain/imports/run_import.ts";
import { importedDevices } from "../../server/domain/license_import/imported_devices.ts";
import { importedLicenses } from "../../server/domain/license_import/imported_licenses.ts";
import { importedLeads } from "../../server/domain/leads/imported_leads.ts";
import { runPlanTerms } from "../../server/domain/plan_terms/apply.ts";
import { issueMany } from "../../server/domain/licenses/issue_many.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { describeApiError } from "../../server/request/error_form.ts";
import { RequestError } from "../../server/request/request_error.ts";
import type { JobServices } from "../job_services.ts";
import { keepLease } from "../keep_lease.ts";

/**
 * @param signal aborted with `LeaseLost` when the job was cancelled or its lease expired
 * @returns the result; null when it has settled the job itself
 */
type JobFunction = (
  ctx: Context,
  job: JobRow,
  clock: () => Date,
  signal: AbortSignal,
) => Promise<object | null>;

const exhausted =
  "The job ended its worker several times without progress. Split the work, and request it again.";

const functions: Record<JobKind, JobFunction> = {
  apply_plan_terms: runPlanTerms,
  import_customers: (ctx, ...job) => runImportJob(ctx, importedCustomers, ...job),
  import_leads: (ctx, ...job) => runImportJob(ctx, importedLeads, ...job),
  import_licenses: (ctx, ...job) => runImportJob(ctx, importedLicenses, ...job),
  import_devices: (ctx, ...job) => runImportJob(ctx, importedDevices, ...job),
  issue_licenses: issueMany,
};

export async function runRequestedJobs(
  ctx: Context,
  { now: clock, leases = ctx.db }: Pick<JobServices, "now"> & Partial<Pick<JobServices, "leases">>,
) {
  let done = 0;
  for (let claimed = await claimJob(ctx); claimed; claimed = await claimJob({ ...ctx, now: clock() })) {
    try {
      if (await runJob({ ...ctx, db: leases }, claimed, clock)) done++;
    } catch (error) {
      // Another worker runs it, or it was cancelled.
      if (!(error instanceof LeaseLost)) throw error;
    }
  }
  return { done };
}

/** Runs a job and settles it; returns whether it succeeded. */
async function runJob(ctx: Context, { job, ctx: own }: ClaimedJob, clock: () => Date): Promise<boolean> {
  if (isExhausted(job)) {
    await failJob(ctx, job, exhausted, clock());
    return false;
  }
  const lease = keepLease(JOB_LEASE, () => renewLease(ctx, job, clock()));
  try {
    const options = { kind: SpanKind.CONSUMER, parent: job.traceparent };
    const result = await inSpan(`run ${job.kind}`, options, (span) => {
      const traced = { ...own, now: clock(), traceparent: span?.traceparent };
      return functions[job.kind](traced, job, clock, lease.signal);
    });
    if (result) await finishJob(ctx, job, { ...result }, clock());
    return true;
  } catch (error) {
    // While the database is unavailable nothing is known of the job; it runs again when its lease has expired.
    if (error instanceof LeaseLost || isUnavailable(error)) throw error;
    const { message } = describeApiError(
      error instanceof DomainError ? error : new RequestError("INTERNAL"),
    );
    await failJob(ctx, job, message, clock());
    if (!(error instanceof DomainError)) throw error;
    return false;
  } finally {
    lease.stop();
  }
}
