// Simulated numbers equal applied ones: a plan with licenses in many states is simulated, then its database is copied and the
// change is applied on the copy. What the calls of apps are answered on copies before and after is what the report says.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import type { Context } from "../../server/domain/context.ts";
import { explainValidation } from "../../server/domain/devices/explain.ts";
import { getJob } from "../../server/domain/jobs/job.ts";
import type { NewLicense } from "../../server/domain/licenses/issue.ts";
import { deleteLicense, updateLicense } from "../../server/domain/licenses/manage.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { renewLicenses } from "../../server/domain/licenses/renew.ts";
import { incrementUsage } from "../../server/domain/meters/take.ts";
import { listCurrentMeters } from "../../server/domain/meters/usage.ts";
import { previewPlanTerms, requestPlanTerms } from "../../server/domain/plan_terms/apply.ts";
import { createPlan, updatePlan } from "../../server/domain/plans/plans.ts";
import type { Terms } from "../../server/domain/policy/inputs.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { copyStores } from "../support/database.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const now = new Date("2030-06-15T10:00:00Z");
const earlier = new Date("2030-03-15T10:00:00Z");

const planTerms: Partial<Terms> & Pick<Terms, "duration" | "maxActivations" | "maxUsers"> = {
  duration: "P1Y",
  maxActivations: 4,
  maxUsers: 3,
  graceDays: 30,
  updates: "P2Y",
  versions: ">=1.0.0",
  machineLease: "P90D",
  entitlements: { export: true, pages: 12 },
  meters: {
    exports: { limit: 1000, period: "month", overage: 0 },
    scans: { limit: 5, period: "day", overage: 0 },
  },
};
const changes: Partial<Terms> = {
  maxActivations: 2,
  maxUsers: 1,
  machineOverage: 50,
  graceDays: 3,
  updates: "P1Y",
  versions: ">=1.0.0 <3.0.0",
  machineLease: "P7D",
  entitlements: { export: true, pages: 5 },
  meters: { exports: { limit: 400, period: "month", overage: 0 } },
};

/** The states that are combined: what a license is issued with, and what is done to it before it has devices. */
const issued: Partial<NewLicense>[] = [
  {},
  { validUntil: null },
  { validUntil: "2030-06-10" },
  { validUntil: "2030-06-01" },
  { validUntil: "2030-06-01", graceDays: 0, afterExpiry: "allow" },
  { validUntil: "2030-06-01", afterExpiry: "entitled_versions" },
  { validUntil: "2030-04-01" },
  { maxActivations: 50, maxUsers: 20 },
  { versions: "^1.0.0", updates: null },
  { seatScope: "machine" },
  { expiryBasis: "first_activation", validFrom: "2030-01-01" },
  { expiryBasis: "first_validation", validFrom: "2029-01-01", meters: {} },
];
/** What is done to it then. */
const changed: ((ctx: Context, license: LicenseRow) => Promise<unknown>)[] = [
  async () => {},
  (ctx, { id }) => updateLicense(ctx, { id, changes: { validFrom: "2030-07-01", validUntil: null } }),
  (ctx, { id }) => ctx.db`update licenses set is_active = false where id = ${id}`,
  (ctx, { id }) => renewLicenses(ctx, { licenseIds: [id] }),
  (ctx, { id }) =>
    ctx.db`update activations set last_heartbeat = '2030-05-01' where license_id = ${id} and id % 2 = 0`,
];
const versions = ["1.0.0", "2.0.0", "3.0.0", null];

async function makeEverything(system: TestSystem) {
  const ctx = await system.ctx(now);
  const early = await system.ctx(earlier);
  const { id: productId } = await makeProduct(ctx);
  for (
    const [version, releaseDate] of [["1.0.0", "2028-01-01"], ["2.0.0", "2029-03-01"], [
      "3.0.0",
      "2030-05-01",
    ]] as const
  ) {
    await makeRelease(ctx, productId, version, { releaseDate });
  }
  const plan = await createPlan(ctx, {
    productId,
    code: "yearly",
    name: "Yearly",
    licenseType: "subscription",
    features: [],
    ...planTerms,
  });
  for (const [kind, given] of issued.entries()) {
    for (const [index, change] of changed.entries()) {
      const license = await makeLicense(early, {
        productId,
        planId: plan.id,
        validFrom: "2028-02-01",
        maxActivations: undefined,
        maxUsers: undefined,
        ...given,
        validUntil: given.expiryBasis ? undefined : "2031-01-31",
      });
      const machines = (kind + index) % 5;
      for (let number = 0; number < machines; number++) {
        const machine = { licenseKey: license.key, hardwareId: `m${number}`, machineName: null };
        await activateLicense(ctx, { ...machine, appVersion: null });
        if (number < index && number < 2) await startSeat(ctx, machine);
        await ctx.db`
          update activations
          set app_version = ${versions[(kind + number) % versions.length]}
          where license_id = ${license.id} and hardware_id = ${machine.hardwareId}`;
      }
      if (machines === 3 && kind % 2 === 0) {
        await deactivateMachine(ctx, { licenseKey: license.key, hardwareId: "m1" });
      }
      if (!given.meters && given.validUntil === undefined) {
        await incrementUsage(ctx, {
          licenseKey: license.key,
          hardwareId: null,
          meter: "exports",
          amount: 100 * machines + 1,
        });
      }
      if (given.validUntil !== undefined) {
        await updateLicense(ctx, { id: license.id, changes: { validUntil: given.validUntil } });
      }
      await change(ctx, license);
    }
  }
  await deleteLicense(ctx, (await makeLicense(ctx, { productId, planId: plan.id })).id);
  await makeLicense(ctx, { productId });
  return plan.id;
}

/** Everything that is stored. */
async function contentsOf({ db }: TestSystem) {
  const tables = await db<{ name: string }[]>`
    select quote_ident(table_name) as name
    from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'
    order by table_name`;
  const contents = new Map<string, string>();
  for (const { name } of tables) {
    const [{ digest }] = await db.unsafe(
      `select md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) as digest from ${name} as t`,
    ) as unknown as { digest: string }[];
    contents.set(name, digest);
  }
  return contents;
}

/** What apps and administrators are answered about each license of a plan. */
async function answersOf(system: TestSystem, planId: number) {
  const ctx = await system.ctx(now);
  const licenses = await ctx.db<LicenseRow[]>`
    select * from licenses where plan_id = ${planId} and deleted_at is null order by id`;
  const answers = {
    terms: new Map<number, string>(),
    activate: new Map<number, string>(),
    beyond: new Map<number, number>(),
    session: new Map<string, string>(),
    countsUnits: new Map<string, boolean>(),
    usable: new Set<string>(),
    codes: new Map<string, string>(),
  };
  const machinesOf = (id: number) =>
    ctx.db<{ id: number; hardwareId: string; appVersion: string | null }[]>`
      select id, hardware_id, app_version from activations where license_id = ${id} and is_active order by id`;
  for (const license of licenses) {
    const { id, maxActivations, machineOverage, activationsInUse } = license;
    answers.terms.set(id, JSON.stringify(Object.keys(changes).map((name) => license[name as keyof Terms])));
    const unknown = await explainValidation(ctx, { licenseId: id, hardwareId: null });
    answers.activate.set(id, unknown.activate);
    const most = machineOverage === null
      ? Infinity
      : Math.floor(maxActivations * (100 + machineOverage) / 100);
    answers.beyond.set(id, Math.max(0, activationsInUse - most));
    for (const { hardwareId } of await machinesOf(id)) {
      const { session } = await explainValidation(ctx, { licenseId: id, hardwareId });
      answers.session.set(`${id} ${hardwareId}`, session);
    }
    const isUsable = unknown.verify === "NOT_ACTIVATED";
    if (isUsable) answers.usable.add(String(id));
    for (const { meter, used, reserved, most } of await listCurrentMeters(ctx, id)) {
      answers.countsUnits.set(`${id} ${meter}`, isUsable && used + reserved < most);
    }
  }
  // Verifying writes heartbeats, and starts licenses: both come last.
  const verify = async ({ key }: LicenseRow, hardwareId: string, appVersion: string | null) =>
    (await verifyLicense(ctx, { licenseKey: key, hardwareId, appVersion })).code;
  const machines = new Map<number, Awaited<ReturnType<typeof machinesOf>>>();
  for (const { id } of licenses) machines.set(id, await machinesOf(id));
  for (const license of licenses) {
    for (const { id, hardwareId, appVersion } of machines.get(license.id)!) {
      answers.codes.set(`${license.id} ${id}`, await verify(license, hardwareId, appVersion));
    }
    if (machines.get(license.id)!.length === 0) {
      answers.codes.set(`${license.id} null`, await verify(license, "unknown", null));
    }
  }
  return answers;
}

const isAllowed = (code: string) => ["VALID", "GRACE_PERIOD", "NOT_ACTIVATED"].includes(code);

/** What is allowed before, and refused with this code after. */
function newly<Name>(before: Map<Name, string>, after: Map<Name, string>, refused: string): Name[] {
  return [...before].filter(([name, code]) => isAllowed(code) && after.get(name) === refused).map(([name]) =>
    name
  );
}

for (const overwrite of [false, true]) {
  test(`a changed plan does on a copied database what its simulation says, ${overwrite ? "with" : "without"} overwriting`, async () => {
    let original = await createTestSystem();
    const planId = await makeEverything(original);
    const contents = await contentsOf(original);
    const { report } = await previewPlanTerms(await original.ctx(now), { planId, changes, overwrite });
    assert.ok(report !== null);

    const [stores, ...copies] = await copyStores(original, 4);
    original = await createTestSystem(stores);
    const systems = [];
    for (const copy of copies) systems.push(await createTestSystem(copy));
    const [untouched, applied, untouchedLater, appliedLater] = systems;
    for (const system of [applied, appliedLater]) {
      const ctx = await system.ctx(now);
      await updatePlan(ctx, { id: planId, changes });
      const { id } = await requestPlanTerms(ctx, { planId, overwrite });
      await runRequestedJobs(ctx, { now: () => now });
      const { state, result } = await getJob(ctx, id);
      const { after: _, ...applied } = result as Record<string, unknown>;
      assert.deepEqual([state, applied], ["done", report]);
    }
    const before = await answersOf(untouched, planId);
    const after = await answersOf(applied, planId);

    const differing = [...before.terms].filter(([id, terms]) => after.terms.get(id) !== terms);
    assert.ok(differing.length > 0);
    assert.deepEqual([before.terms.size, differing.length], [report.licenses, report.changed]);

    const full = newly(before.activate, after.activate, "ACTIVATION_LIMIT_REACHED");
    assert.ok(full.length > 0);
    assert.equal(report.full, full.length);

    const beyond = [...after.beyond].map(([id, machines]) => machines - before.beyond.get(id)!).filter((
      more,
    ) => more > 0);
    assert.ok(beyond.length > 0);
    assert.deepEqual(report.overLimit, {
      licenses: beyond.length,
      machines: beyond.reduce((sum, machines) => sum + machines, 0),
    });

    const refused = [...after.codes].filter(([subject, code]) =>
      isAllowed(before.codes.get(subject)!) && !isAllowed(code)
    );
    const byCode = Map.groupBy(refused, ([, code]) => code);
    assert.ok(byCode.size > 1);
    assert.deepEqual(
      new Map(report.refused.map(({ code, licenses, machines }) => [code as string, { licenses, machines }])),
      new Map([...byCode].map(([code, all]) => {
        const subjects = all.map(([subject]) => subject.split(" "));
        return [code, {
          licenses: new Set(subjects.map(([id]) => id)).size,
          machines: subjects.filter(([, machine]) => machine !== "null").length,
        }];
      })),
    );
    for (const { code, samples } of report.refused) {
      const names = samples.map(({ licenseId, activationId }) => `${licenseId} ${activationId}`);
      assert.deepEqual(names, byCode.get(code)!.map(([subject]) => subject).slice(0, 10));
    }

    const seats = newly(before.session, after.session, "SESSION_LIMIT_REACHED");
    assert.ok(seats.length > 0);
    assert.equal(report.fullSeats, new Set(seats.map((name) => name.split(" ")[0])).size);

    const meters = [...before.countsUnits].filter(([name, counts]) =>
      counts && after.usable.has(name.split(" ")[0]) && !after.countsUnits.get(name)
    );
    assert.ok(meters.length > 0);
    assert.equal(report.fullMeters, meters.length);

    assert.ok(report.lapsing > 0);
    const lapsed = async (system: TestSystem) => await lapseIdleActivations(await system.ctx(now));
    assert.equal(await lapsed(appliedLater) - await lapsed(untouchedLater), report.lapsing);
    assert.deepEqual(await contentsOf(original), contents, "the original is untouched");
  });
}
