// Applying the terms of a plan to the licenses that were issued from it, and the preview of that. Both examine the same
// licenses in the same batches, so that the preview's numbers are those of the application.
import type { z } from "zod";
import { requireRole } from "../authorization.ts";
import { dayOf } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuseNotFound } from "../entity.ts";
import { getJob, type JobRow, type ListedJob, requestJob } from "../jobs/job.ts";
import { saveProgress } from "../jobs/lease.ts";
import { applyTerms } from "../licenses/apply_terms.ts";
import { getPlan, type PlanRow } from "../plans/plans.ts";
import { requireConsistentTerms } from "../policy/contradictions.ts";
import { termNames, type Terms } from "../policy/inputs.ts";
import { getPublishedReleases } from "../releases/published.ts";
import { noteMeterEffects } from "./effects.ts";
import { type planTerms, type PlanTermsJob, planTermsJob, type planTermsPreview } from "./inputs.ts";
import { emptyReport, type ExaminedLicense, type PlanTermsReport, type TermsChange } from "./examined.ts";
import { examine } from "./report.ts";

/** Licenses in a transaction. */
const BATCH_SIZE = 500;
/** Licenses that a preview examines at once; for more it is a job. */
const MAX_PREVIEWED = 5000;

/** The report, or the job whose result is one. */
export interface PlanTermsPreview {
  report: PlanTermsReport | null;
  job: ListedJob | null;
}

/**
 * What the terms of a plan would do to its licenses. Changes nothing. Where the plan has many licenses, it requests a job.
 *
 * @throws DomainError `NOT_FOUND`, `INVALID_REQUEST` when the terms would contradict each other
 */
export async function previewPlanTerms(
  ctx: Context,
  { planId, ...input }: z.infer<typeof planTermsPreview> & { planId: number },
): Promise<PlanTermsPreview> {
  requireRole(ctx, "manager");
  const plan = await getExistingPlan(ctx, planId);
  requireConsistentTerms({ ...plan, ...input.changes });
  const application = await applicationOf(ctx, plan, { ...input, dryRun: true });
  const total = await countLicenses(ctx, planId, MAX_PREVIEWED + 1);
  if (total > MAX_PREVIEWED) {
    const { id } = await requestApplication(ctx, application);
    return { report: null, job: await getJob(ctx, id) };
  }
  const report = emptyReport();
  for (let after: number | null = 0; after !== null;) {
    after = (await runBatch(ctx, application, report, after)).last;
  }
  return { report, job: null };
}

/**
 * Requests the job that applies the current terms of a plan to its licenses.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function requestPlanTerms(
  ctx: Context,
  { planId, ...input }: z.infer<typeof planTerms> & { planId: number },
): Promise<ListedJob> {
  requireRole(ctx, "manager");
  const plan = await getExistingPlan(ctx, planId);
  const { id } = await requestApplication(ctx, await applicationOf(ctx, plan, { ...input, dryRun: false }));
  return await getJob(ctx, id);
}

/**
 * Runs the job. Each batch saves its progress and the report so far in its own transaction, so that a worker that dies
 * neither leaves out licenses nor counts them twice.
 *
 * @param clock the current time, for the job's lease
 */
export async function runPlanTerms(ctx: Context, job: JobRow, clock: () => Date): Promise<PlanTermsReport> {
  requireRole(ctx, "manager");
  const application = planTermsJob.parse(job.input);
  const saved = job.result as unknown as (PlanTermsReport & { after: number }) | null;
  let { after, ...report } = { ...emptyReport(), after: 0, ...saved };
  for (;;) {
    const batch = await inTransaction(ctx, async (ctx) => {
      const next = structuredClone(report);
      const { last } = await runBatch(ctx, application, next, after);
      const result = { ...next, after: last ?? after };
      await saveProgress(ctx, job, { done: next.licenses, now: clock(), result });
      return { report: next, last };
    });
    report = batch.report;
    if (batch.last === null) return report;
    after = batch.last;
  }
}

async function getExistingPlan(ctx: Context, id: number): Promise<PlanRow> {
  const plan = await getPlan(ctx, id);
  return plan.deletedAt ? refuseNotFound("plan") : plan;
}

/** Examines a batch, and applies the terms unless it is a dry run; `last` is the last license, null after the last batch. */
async function runBatch(
  ctx: Context,
  application: PlanTermsJob,
  report: PlanTermsReport,
  after: number,
): Promise<{ last: number | null }> {
  const licenses = await readBatch(ctx, application, after);
  if (licenses.length === 0) return { last: null };
  // The licenses of a plan are of its product.
  const releases = await getPublishedReleases(ctx, licenses[0].productId);
  const circumstances = { now: ctx.now, day: dayOf(ctx.now), releases };
  const changes = licenses.map((license) => examine(report, license, application, circumstances))
    .filter((change) => change !== null) as TermsChange[];
  await noteMeterEffects(ctx, report, changes);
  if (!application.dryRun && changes.length > 0) {
    const applied = changes.map(({ id, before, after }) => ({ id, before, after }));
    await applyTerms(ctx, application.values, applied);
  }
  return { last: licenses.length < BATCH_SIZE ? null : licenses[licenses.length - 1].id };
}

async function readBatch(
  ctx: Context,
  { planId, dryRun }: PlanTermsJob,
  after: number,
): Promise<ExaminedLicense[]> {
  return await ctx.db<ExaminedLicense[]>`
    select
      l.*,
      (
        select coalesce(
          jsonb_agg(
            jsonb_build_object(
              'id', a.id, 'isActive', a.is_active, 'appVersion', a.app_version,
              'lastHeartbeat', extract(epoch from a.last_heartbeat) * 1000,
              'seats', (select count(*) from seats s where s.activation_id = a.id and s.expires_at > ${ctx.now})
            )
            order by a.id
          ),
          '[]'
        )
        from activations a
        where a.license_id = l.id and a.is_active
      ) as machines
    from licenses l
    where l.plan_id = ${planId} and l.deleted_at is null and l.id > ${after}
    order by l.id
    limit ${BATCH_SIZE}
    ${dryRun ? ctx.db`` : ctx.db`for no key update of l`}`;
}

async function applicationOf(
  ctx: Context,
  plan: PlanRow,
  { changes, overwrite, dryRun, ...input }: z.infer<typeof planTermsPreview> & { dryRun: boolean },
): Promise<PlanTermsJob> {
  const names = termNames.filter((name) => input.terms?.includes(name) ?? true);
  const values = Object.fromEntries(
    names.map((name) => [name, changes?.[name] === undefined ? plan[name] : changes[name]]),
  );
  const earlier = await listEarlierValues(ctx, plan, names);
  return planTermsJob.parse({ planId: plan.id, values, earlier, overwrite, dryRun });
}

/** The values that terms of a plan have and had, as its events tell. */
async function listEarlierValues(
  ctx: Context,
  plan: PlanRow,
  names: (keyof Terms)[],
): Promise<PlanTermsJob["earlier"]> {
  const rows = await ctx.db<{ name: keyof Terms; known: unknown[] }[]>`
    select term as name, jsonb_agg(distinct before -> term) as known
    from events, unnest(${names}::text[]) as term
    where subject_kind = 'plan' and subject_id = ${plan.id} and type = 'plan.updated' and before ? term
    group by term`;
  const earlier = new Map(rows.map(({ name, known }) => [name, known]));
  return Object.fromEntries(names.map((name) => [name, [plan[name], ...earlier.get(name) ?? []]]));
}

async function countLicenses(ctx: Context, planId: number, limit: number): Promise<number> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from (
      select
      from licenses
      where plan_id = ${planId} and deleted_at is null
      limit ${limit}
    ) as counted`;
  return count;
}

async function requestApplication(ctx: Context, application: PlanTermsJob): Promise<JobRow> {
  const total = await countLicenses(ctx, application.planId, Number.MAX_SAFE_INTEGER);
  return await requestJob(ctx, { kind: "apply_plan_terms", input: application, total });
}
