// A changed plan is applied to its licenses: the preview changes nothing, and its numbers are those of the application
// after it, for which every license and machine is evaluated before and after.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { dayOf } from "../../server/domain/calendar.ts";
import type { Context } from "../../server/domain/context.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { cancelJob, getJob } from "../../server/domain/jobs/job.ts";
import { claimJob } from "../../server/domain/jobs/lease.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { previewPlanTerms, requestPlanTerms, runPlanTerms } from "../../server/domain/plan_terms/apply.ts";
import { createPlan, deletePlan, updatePlan } from "../../server/domain/plans/plans.ts";
import { evaluate } from "../../server/domain/policy/evaluate.ts";
import type { Terms } from "../../server/domain/policy/inputs.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const now = new Date("2030-06-15T10:00:00Z");
const context = () => system.ctx(now);
const runJobs = (ctx: Context) => runRequestedJobs(ctx, { now: () => now });

async function makePlan(ctx: Context, terms: Partial<Terms> = {}) {
  const { id: productId } = await makeProduct(ctx);
  const plan = await createPlan(ctx, {
    productId,
    code: "yearly",
    name: "Yearly",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 5,
    maxUsers: 5,
    features: [],
    ...terms,
  });
  const issue = (given: Parameters<typeof makeLicense>[1] = {}) =>
    makeLicense(ctx, {
      productId,
      planId: plan.id,
      maxActivations: undefined,
      maxUsers: undefined,
      ...given,
    });
  return { plan, issue };
}

const activate = (ctx: Context, licenseKey: string, hardwareId: string) =>
  activateLicense(ctx, { licenseKey, hardwareId, machineName: null, appVersion: null });

test("a preview counts by term what changes and what overrides the plan, and changes nothing", async () => {
  const ctx = await context();
  const { plan, issue } = await makePlan(ctx);
  const plain = [await issue(), await issue()];
  const own = await issue({ maxActivations: 50 });
  await updatePlan(ctx, { id: plan.id, changes: { maxActivations: 3, graceDays: 14 } });
  const { report, job } = await previewPlanTerms(ctx, { planId: plan.id, overwrite: false });
  assert.equal(job, null);
  assert.deepEqual(report, {
    licenses: 3,
    changed: 3,
    contradicting: 0,
    terms: { maxActivations: { changed: 2, overridden: 1 }, graceDays: { changed: 3, overridden: 0 } },
    refused: [],
    full: 0,
    overLimit: { licenses: 0, machines: 0 },
    lapsing: 0,
    fullSeats: 0,
    fullMeters: 0,
  });
  const overwriting = await previewPlanTerms(ctx, { planId: plan.id, overwrite: true });
  assert.deepEqual(overwriting.report!.terms.maxActivations, { changed: 3, overridden: 1 });
  const one = await previewPlanTerms(ctx, { planId: plan.id, terms: ["maxActivations"], overwrite: false });
  assert.deepEqual([one.report!.changed, Object.keys(one.report!.terms)], [2, ["maxActivations"]]);
  for (const { id } of plain) assert.equal((await getLicenseById(ctx, id)).maxActivations, 5);
  assert.equal((await getLicenseById(ctx, own.id)).maxActivations, 50);
});

test("values that a plan does not have yet are previewed, with licenses that would be full", async () => {
  const ctx = await context();
  const { plan, issue } = await makePlan(ctx);
  const license = await issue();
  for (const machine of ["a", "b"]) await activate(ctx, license.key, machine);
  const { report } = await previewPlanTerms(ctx, {
    planId: plan.id,
    changes: { maxActivations: 2 },
    overwrite: false,
  });
  assert.deepEqual([report!.changed, report!.full, report!.refused], [1, 1, []]);
  await assert.rejects(
    previewPlanTerms(ctx, {
      planId: plan.id,
      changes: { graceDays: 3, afterExpiry: "allow" },
      overwrite: false,
    }),
    { code: "INVALID_REQUEST" },
  );
});

test("an application changes each license once, with an event of what changed", async () => {
  const ctx = await context();
  const { plan, issue } = await makePlan(ctx);
  const plain = await issue();
  const own = await issue({ maxActivations: 50 });
  const entitlements = { export: true, pages: 12 } as const;
  await updatePlan(ctx, {
    id: plan.id,
    changes: { maxActivations: 3, updates: "P1Y", machineOverage: null, entitlements },
  });
  const { id } = await requestPlanTerms(ctx, { planId: plan.id, overwrite: false });
  await runJobs(ctx);
  const job = await getJob(ctx, id);
  assert.deepEqual([job.state, job.done, job.total, job.error], ["done", 2, 2, null]);
  const license = await getLicenseById(ctx, plain.id);
  assert.deepEqual(
    [license.maxActivations, license.updates, license.updatesUntil, license.machineOverage],
    [3, "P1Y", "2031-06-14", null],
  );
  assert.deepEqual(license.entitlements, entitlements);
  const kept = await getLicenseById(ctx, own.id);
  assert.deepEqual([kept.maxActivations, kept.updates], [50, "P1Y"]);
  const { rows: [event] } = await listEvents(ctx, {
    licenseId: plain.id,
    type: "license.updated",
    limit: 10,
  });
  assert.deepEqual(event.before, {
    maxActivations: 5,
    updates: null,
    updatesUntil: null,
    machineOverage: 0,
    entitlements: {},
  });
  assert.deepEqual(event.after, {
    maxActivations: 3,
    updates: "P1Y",
    updatesUntil: "2031-06-14",
    machineOverage: null,
    entitlements,
  });
  const again = await previewPlanTerms(ctx, { planId: plan.id, overwrite: false });
  assert.equal(again.report!.changed, 0);
});

test("a license whose own terms would contradict the plan's stays as it is, and is counted", async () => {
  const ctx = await context();
  const { plan, issue } = await makePlan(ctx);
  const { id } = await issue();
  await updateLicense(ctx, { id, changes: { afterExpiry: "allow" } });
  await updatePlan(ctx, { id: plan.id, changes: { graceDays: 14 } });
  const { report } = await previewPlanTerms(ctx, { planId: plan.id, overwrite: false });
  assert.deepEqual([report!.changed, report!.contradicting], [0, 1]);
  const overwriting = await previewPlanTerms(ctx, { planId: plan.id, overwrite: true });
  assert.deepEqual([overwriting.report!.changed, overwriting.report!.contradicting], [1, 0]);
});

test("a worker that dies leaves out no license and counts none twice", async () => {
  const ctx = await context();
  const { plan } = await makePlan(ctx);
  const first = await makeLicense(ctx, { productId: plan.productId, planId: plan.id, maxActivations: 5 });
  await ctx.db`
    insert into licenses (
      key, key_digest, product_id, customer_id, plan_id, type, valid_from, max_activations, max_users, created_at,
      updated_at
    )
    select
      'COPY-' || n || '-' || ${first.id}, sha256(('COPY-' || n || '-' || ${first.id})::bytea), product_id, customer_id,
      plan_id, type, valid_from, max_activations, max_users, created_at, updated_at
    from licenses, generate_series(1, 1200) as n
    where id = ${first.id}`;
  await updatePlan(ctx, { id: plan.id, changes: { maxActivations: 3 } });
  const { id } = await requestPlanTerms(ctx, {
    planId: plan.id,
    terms: ["maxActivations"],
    overwrite: false,
  });
  const claimed = (await claimJob(ctx))!;
  let batches = 0;
  await assert.rejects(
    runPlanTerms(claimed.ctx, claimed.job, () => {
      if (++batches === 2) throw new Error("the worker dies");
      return now;
    }),
    /the worker dies/,
  );
  assert.equal((await getJob(ctx, id)).done, 500);
  await ctx.db`update jobs set leased_until = null where id = ${id}`;
  await runJobs(ctx);
  const job = await getJob(ctx, id);
  assert.deepEqual([job.state, job.done, (job.result as { changed: number }).changed], ["done", 1201, 1201]);
  const [{ count, events }] = await ctx.db<{ count: number; events: number }[]>`
    select
      (select count(*) from licenses where plan_id = ${plan.id} and max_activations = 3) as count,
      (
        select count(*)
        from events e
        join licenses l on l.id = e.license_id
        where l.plan_id = ${plan.id} and e.type = 'license.updated'
      ) as events`;
  assert.deepEqual([count, events], [1201, 1201]);
});

test("simulated numbers are those of the application, with every license and machine evaluated", async () => {
  const ctx = await context();
  const { plan, issue } = await makePlan(ctx, { graceDays: 30 });
  const given = [
    { validUntil: "2030-12-31" },
    { validUntil: "2030-06-10" },
    { validUntil: "2030-06-01" },
    { validUntil: "2030-06-12", graceDays: 90 },
    { validUntil: null, maxActivations: 3 },
    {},
  ] as const;
  for (const [index, terms] of given.entries()) {
    const { id, key } = await issue({ validFrom: "2029-06-15", ...terms, validUntil: "2030-12-31" });
    for (let machine = 0; machine <= index % 3; machine++) {
      await activate(ctx, key, `m${machine}`);
    }
    if ("validUntil" in terms) await updateLicense(ctx, { id, changes: { validUntil: terms.validUntil } });
  }
  const changes = { graceDays: 7, maxActivations: 1 };
  const { report } = await previewPlanTerms(ctx, { planId: plan.id, changes, overwrite: false });
  const before = await evaluateAll(ctx, plan.id);
  await updatePlan(ctx, { id: plan.id, changes });
  const { id } = await requestPlanTerms(ctx, { planId: plan.id, overwrite: false });
  await runJobs(ctx);
  const { after: _after, ...applied } = (await getJob(ctx, id)).result as Record<string, unknown>;
  assert.deepEqual(applied, report);
  const after = await evaluateAll(ctx, plan.id);
  const refused = new Map<string, { licenses: Set<number>; machines: number }>();
  for (const [subject, { code, licenseId, isMachine }] of after) {
    if (before.get(subject)!.isValid && !after.get(subject)!.isValid) {
      const counted = refused.get(code) ?? { licenses: new Set(), machines: 0 };
      refused.set(code, counted);
      counted.licenses.add(licenseId);
      if (isMachine) counted.machines++;
    }
  }
  assert.deepEqual(
    report!.refused.map(({ code, licenses, machines }) => [code, licenses, machines]),
    [...refused].map(([code, { licenses, machines }]) => [code, licenses.size, machines]),
  );
  assert.ok(report!.full > 0 && report!.refused.length > 0);
});

/** What the policy says of each license without machines, and of each active machine. */
async function evaluateAll(ctx: Context, planId: number) {
  const licenses = await ctx.db<LicenseRow[]>`select * from licenses where plan_id = ${planId}`;
  const results = new Map<
    string,
    { code: string; isValid: boolean; licenseId: number; isMachine: boolean }
  >();
  for (const license of licenses) {
    const machines = await ctx.db<{ id: number; isActive: boolean }[]>`
      select id, is_active from activations where license_id = ${license.id} and is_active`;
    const note = (subject: string, code: string, isMachine: boolean) =>
      results.set(subject, {
        code,
        isValid: ["VALID", "GRACE_PERIOD"].includes(code),
        licenseId: license.id,
        isMachine,
      });
    for (const activation of machines) {
      note(`machine ${activation.id}`, evaluate(license, { day: dayOf(ctx.now), activation }).code, true);
    }
    if (machines.length === 0) {
      note(`license ${license.id}`, evaluate(license, { day: dayOf(ctx.now) }).code, false);
    }
  }
  return results;
}

test("a deleted plan and one that does not exist are refused", async () => {
  const ctx = await context();
  const { plan } = await makePlan(ctx);
  await deletePlan(ctx, plan.id);
  for (const planId of [plan.id, 999_999]) {
    await assert.rejects(previewPlanTerms(ctx, { planId, overwrite: false }), { code: "NOT_FOUND" });
    await assert.rejects(requestPlanTerms(ctx, { planId, overwrite: false }), { code: "NOT_FOUND" });
  }
});

test("an application that is cancelled keeps what it changed", async () => {
  const ctx = await context();
  const { plan, issue } = await makePlan(ctx);
  const { id } = await issue();
  await updatePlan(ctx, { id: plan.id, changes: { maxActivations: 3 } });
  const job = await requestPlanTerms(ctx, { planId: plan.id, overwrite: false });
  await cancelJob(ctx, job.id);
  await runJobs(ctx);
  assert.equal((await getLicenseById(ctx, id)).maxActivations, 5);
});
