// Leases and grace under races and at the ends of the calendar: 200 machines that call while their leases end, a lease that a
// plan brings to licenses with idle machines, and notices that two workers record at once.
import assert from "node:assert/strict";
import { TimeBudget } from "../../db/deadlines.ts";
import { withBudget } from "../../db/handles.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { recordHeartbeat } from "../../server/domain/activations/heartbeat.ts";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import type { Context } from "../../server/domain/context.ts";
import { listDevices } from "../../server/domain/devices/list.ts";
import { recordExpiries } from "../../server/domain/licenses/expiry_events.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { queueCustomerMails } from "../../server/domain/mail/customers/queue_customer_mails.ts";
import { requestPlanTerms } from "../../server/domain/plan_terms/apply.ts";
import { createPlan, updatePlan } from "../../server/domain/plans/plans.ts";
import { createBatches } from "../../server/request/batches.ts";
import { openLog } from "../../server/request/log.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const at = (time: string) => system.ctx(new Date(time));

const batches = createBatches(db, openLog("error", () => {}));
/** A context that shares statements, as requests do. */
const sharing = (ctx: Context): Context => ({ ...ctx, db: withBudget(db, new TimeBudget(60_000)), batches });

const machine = ({ key }: LicenseRow, hardwareId: string) => ({
  licenseKey: key,
  hardwareId,
  machineName: null,
  appVersion: null,
});

async function stateOf(licenseId: number) {
  const ctx = await at("2030-01-01T00:00:00Z");
  const { rows } = await listDevices(ctx, { licenseId, limit: 500, isActive: true });
  const [{ inUse }] = await db<{ inUse: number }[]>`
    select activations_in_use as in_use
    from licenses
    where id = ${licenseId}`;
  assert.equal(inUse, rows.length);
  return rows.map(({ hardwareId }) => hardwareId).toSorted();
}

const countEvents = async (type: string, licenseIds: number[]) => {
  const [{ count }] = await db<{ count: number }[]>`
    select count(*) as count
    from events
    where type = ${type} and license_id = any(${licenseIds}::bigint[])`;
  return count;
};

test("200 machines that call while their leases end keep or get back their activations, and 100 that do not lapse", async () => {
  const ctx = await at("2030-01-01T10:00:00Z");
  const license = await makeLicense(ctx, { machineLease: "PT60M", maxActivations: 300 });
  const silent = Array.from({ length: 100 }, (_, n) => `silent-${n}`);
  const calling = Array.from({ length: 200 }, (_, n) => `calling-${100 + n}`);
  await Promise.all([...silent, ...calling].map((id) => activateLicense(sharing(ctx), machine(license, id))));
  const late = await at("2030-01-01T11:03:00Z");
  const jobs = [1, 2, 3].map(() => lapseIdleActivations(late));
  const codes = await Promise.all(calling.map(async (id, n) => {
    const { code } = n % 2
      ? await verifyLicense(sharing(late), machine(license, id))
      : await recordHeartbeat(sharing(late), machine(license, id));
    return code;
  }));
  await Promise.all(jobs);
  await system.settled();
  assert.deepEqual(codes.filter((code) => code !== "VALID"), []);
  // One whose call was answered before its activation lapsed returns with its next call.
  for (const id of calling) assert.equal((await verifyLicense(late, machine(license, id))).code, "VALID");
  await lapseIdleActivations(await at("2030-01-01T11:05:00Z"));
  assert.deepEqual(await stateOf(license.id), calling);
});

test("a lease that a plan brings to its licenses ends the activations that were idle for so long", async () => {
  const ctx = await at("2030-02-01T10:00:00Z");
  const { id: productId } = await makeProduct(ctx);
  const plan = await createPlan(ctx, {
    productId,
    code: "leased",
    name: "Leased",
    licenseType: "perpetual",
    duration: null,
    maxActivations: 5,
    maxUsers: 5,
    features: [],
  });
  const licenses = await Promise.all(
    [1, 2, 3].map(() => makeLicense(ctx, { productId, planId: plan.id, maxActivations: undefined })),
  );
  for (const license of licenses) await activateLicense(ctx, machine(license, "idle"));
  const now = await at("2030-03-10T10:00:00Z");
  for (const license of licenses) await activateLicense(now, machine(license, "used"));
  await lapseIdleActivations(now);
  for (const { id } of licenses) assert.deepEqual(await stateOf(id), ["idle", "used"]);
  await updatePlan(now, { id: plan.id, changes: { machineLease: "P30D" } });
  await requestPlanTerms(now, { planId: plan.id, overwrite: false });
  await runRequestedJobs(now, { now: () => now.now });
  assert.equal(await lapseIdleActivations(now), 3);
  for (const { id } of licenses) assert.deepEqual(await stateOf(id), ["used"]);
  assert.equal(await countEvents("activation.lapsed", licenses.map(({ id }) => id)), 3);
});

test("two workers at once record each grace once, and mail it once", async () => {
  const from = await at("2030-04-01T10:00:00Z");
  const licenses = [];
  for (let n = 0; n < 30; n++) {
    const customer = { name: `Grace ${n}`, email: `grace-${n}@example.com` };
    licenses.push(await makeLicense(from, { customer, validUntil: "2030-04-30", graceDays: 14 }));
  }
  const mailing = async (time: string) => {
    const ctx = await at(time);
    return { ...ctx, settings: { ...ctx.settings, mailLicenseInGrace: true } };
  };
  const queue = async (time: string) =>
    await queueCustomerMails(await mailing(time), { publicUrl: "https://l.example", isReady: true });
  await queue("2030-04-30T23:59:59Z");
  const counts = await Promise.all(
    Array.from({ length: 6 }, async () => await recordExpiries(await at("2030-05-01T00:00:00Z"))),
  );
  await recordExpiries(await at("2030-05-01T00:00:00Z"));
  assert.ok(counts.reduce((sum, { graceStarted }) => sum + graceStarted, 0) <= 30);
  assert.equal(await countEvents("license.grace_started", licenses.map(({ id }) => id)), 30);
  await system.settled();
  await Promise.all(Array.from({ length: 6 }, () => queue("2030-05-01T00:00:02Z")));
  const mails = await db<{ recipient: string; kind: string }[]>`
    select recipient, kind
    from mails
    order by recipient`;
  assert.deepEqual(
    mails.map(({ recipient, kind }) => `${kind} ${recipient}`),
    Array.from({ length: 30 }, (_, n) => `licenseInGrace grace-${n}@example.com`).toSorted(),
  );
});

test("a lease counts days of 24 hours, over a leap day and up to the last day of the calendar", async () => {
  const ends = async (time: string, machineLease: string) => {
    const ctx = await at(time);
    const license = await makeLicense(ctx, { machineLease, validFrom: "2020-01-01", validUntil: null });
    await activateLicense(ctx, machine(license, "a"));
    const { leaseEnds } = await verifyLicense(ctx, machine(license, "a"));
    const { rows: [device] } = await listDevices(ctx, { licenseId: license.id });
    assert.equal(device.leaseEnds?.getTime(), leaseEnds?.getTime());
    return leaseEnds?.toISOString();
  };
  assert.equal(await ends("2028-02-28T23:30:00Z", "P1D"), "2028-02-29T23:30:00.000Z");
  assert.equal(await ends("2028-02-29T12:00:00Z", "P365D"), "2029-02-28T12:00:00.000Z");
  assert.equal(await ends("2100-02-28T12:00:00Z", "PT24H"), "2100-03-01T12:00:00.000Z", "no leap year");
  assert.equal(await ends("9999-12-31T12:00:00Z", "P30D"), "9999-12-31T23:59:59.999Z");
});

test("when a lease ends is shown neither without a lease nor for an inactive device", async () => {
  const ctx = await at("2030-06-01T10:00:00Z");
  const license = await makeLicense(ctx, { machineLease: "PT60M" });
  await activateLicense(ctx, machine(license, "a"));
  await lapseIdleActivations(await at("2030-06-01T11:03:00Z"));
  const unleased = await makeLicense(ctx);
  await activateLicense(ctx, machine(unleased, "a"));
  for (const { id } of [license, unleased]) {
    const { rows: [device] } = await listDevices(ctx, { licenseId: id });
    assert.equal(device.leaseEnds, null);
  }
});

test("the batches end and the databases close", async () => {
  await batches.drain();
  await db.end();
});
