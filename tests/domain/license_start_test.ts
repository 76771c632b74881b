// Licenses whose first period begins with the first activation, validation or sign-in.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { claimJob } from "../../server/domain/jobs/lease.ts";
import { issueMany, requestLicenses } from "../../server/domain/licenses/issue_many.ts";
import { getLicenseById, listLicenses } from "../../server/domain/licenses/list.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { renewLicense } from "../../server/domain/licenses/renew.ts";
import { startLicense, type StartsWith } from "../../server/domain/licenses/start.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const at = (day: string) => system.ctx(new Date(`${day}T10:00:00Z`));
const ctx = await at("2030-01-01");
const first = await makeLicense(ctx);
const { customerId, productId } = first;
const make = (expiryBasis: StartsWith, terms: object = {}) =>
  makeLicense(ctx, {
    customerId,
    productId,
    duration: "P14D",
    maxActivations: 500,
    expiryBasis,
    ...terms,
  });
const machine = (licenseKey: string, number: number) => ({
  licenseKey,
  hardwareId: `machine-of-${number}`,
  machineName: null,
  appVersion: null,
});
const endOf = async (id: number) => {
  const { startsWith, validFrom, validUntil, updatesUntil, state } = await getLicenseById(ctx, id);
  return [startsWith, validFrom, validUntil, updatesUntil, state];
};
const startsOf = async (licenseId: number) =>
  (await listEvents(ctx, { licenseId, type: "license.started" })).rows.map(({ after }) => after);

test("Two hundred first activations at once start a license once", async () => {
  const license = await make("first_activation", { updates: "P1Y" });
  assert.deepEqual(await endOf(license.id), ["first_activation", "2030-01-01", null, null, "active"]);
  await assert.rejects(renewLicense(ctx, license.id), {
    code: "CONFLICT",
    facts: { reason: "not_started", licenseId: license.id },
  });
  const then = await at("2030-06-15");
  await Promise.all(Array.from({ length: 200 }, (_, n) => activateLicense(then, machine(license.key, n))));
  assert.deepEqual(await endOf(license.id), [null, "2030-01-01", "2030-06-28", "2031-06-14", "active"]);
  await activateLicense(await at("2030-06-20"), machine(license.key, 300));
  assert.equal((await getLicenseById(ctx, license.id)).validUntil, "2030-06-28");
  await system.settled();
  assert.deepEqual(await startsOf(license.id), [
    { startedWith: "first_activation", validUntil: "2030-06-28", updatesUntil: "2031-06-14" },
  ]);
  const plain = await makeLicense(ctx, { customerId, productId, duration: "P14D" });
  await activateLicense(ctx, machine(plain.key, 1));
  assert.equal(
    (await getLicenseById(ctx, plain.id)).validUntil,
    "2030-01-14",
    "it started when it was issued",
  );
});

test("Two hundred first validations at once start a license once, and say when it ends", async () => {
  const license = await make("first_validation");
  const then = await at("2030-06-15");
  await activateLicense(then, machine(license.key, 1));
  assert.equal((await endOf(license.id))[0], "first_validation", "an activation is no validation");
  const later = await at("2030-06-20");
  const refused = await verifyLicense(later, machine(license.key, 2));
  assert.deepEqual([refused.code, (await endOf(license.id))[0]], ["NOT_ACTIVATED", "first_validation"]);
  const results = await Promise.all(
    Array.from({ length: 200 }, () => verifyLicense(later, machine(license.key, 1))),
  );
  for (const { valid, license } of results) {
    assert.deepEqual([valid, license.validUntil], [true, "2030-07-03"]);
  }
  assert.deepEqual(await startsOf(license.id), [{
    startedWith: "first_validation",
    validUntil: "2030-07-03",
  }]);
  const after = await verifyLicense(await at("2030-07-04"), machine(license.key, 1));
  assert.equal(after.code, "LICENSE_EXPIRED");
});

test("Two hundred starts at once are one, at the ends of months and of the calendar", async () => {
  const cases = [
    ["2030-01-31", "P1M", "2030-02-27", 31],
    ["2032-02-29", "P1Y", "2033-02-27", 29],
    ["9999-12-20", "P14D", "9999-12-31", null],
    ["9999-12-31", "P1M", "9999-12-31", null],
  ] as const;
  for (const [day, duration, validUntil, anchorDay] of cases) {
    const { id } = await make("first_sign_in", { duration });
    const then = await at(day);
    const started = await Promise.all(
      Array.from({ length: 200 }, () => startLicense(then, id, ["first_sign_in", "first_validation"])),
    );
    assert.equal(started.filter(Boolean).length, 1);
    const [row] = await system.db`select valid_until, anchor_day from licenses where id = ${id}`;
    assert.deepEqual({ ...row }, { validUntil, anchorDay }, `${duration} from ${day}`);
  }
});

test("A last day that is given needs no start, and ends the wait for one", async () => {
  const given = await make("first_activation", { validUntil: "2030-12-31" });
  const never = await make("first_activation", { validUntil: null });
  for (const { id } of [given, never]) assert.equal((await endOf(id))[0], null);
  const { id } = await make("first_activation");
  await updateLicense(ctx, { id, changes: { validUntil: "2030-03-31" } });
  assert.deepEqual(await endOf(id), [null, "2030-01-01", "2030-03-31", null, "active"]);
  await requestLicenses(ctx, {
    customerId,
    productId,
    count: 2,
    duration: "P14D",
    expiryBasis: "first_activation",
  });
  const { job } = (await claimJob(ctx))!;
  await issueMany(ctx, job, () => ctx.now);
  const { rows } = await listLicenses(ctx, { jobId: job.id });
  assert.deepEqual(rows.map(({ startsWith }) => startsWith), ["first_activation", "first_activation"]);
});

test("the database connections close", () => system.db.end());
