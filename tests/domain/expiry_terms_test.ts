// What applies after the last day of a license, and to which versions of the app: grace, updates, versions, and what an
// expired license allows; for machines, seats and update checks, with the events on the way.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { recordHeartbeat } from "../../server/domain/activations/heartbeat.ts";
import { getLicenseInfo } from "../../server/domain/activations/license_info.ts";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import type { CalendarDay } from "../../server/domain/calendar.ts";
import { recordExpiries } from "../../server/domain/licenses/expiry_events.ts";
import { listLicenses } from "../../server/domain/licenses/list.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import type { LicenseTerms } from "../../server/domain/policy/terms.ts";
import { renewSeat } from "../../server/domain/seats/renew.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { checkVersion } from "../../server/domain/version_checks/check_for_license.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const at = (day: string) => system.ctx(new Date(`${day}T10:00:00Z`));

type ExpiryTerms = Partial<Pick<LicenseTerms, "graceDays" | "afterExpiry" | "updatesUntil" | "versions">>;

/** A license of a product with releases 1.0 of January, 1.5 of March and 2.0 of June 2030, with these terms. */
async function license(validUntil: CalendarDay | null, terms: ExpiryTerms) {
  const ctx = await at("2030-01-15");
  const { id: productId } = await makeProduct(ctx);
  for (
    const [version, releaseDate] of [["1.0.0", "2030-01-10"], ["1.5.0", "2030-03-10"], [
      "2.0.0",
      "2030-06-10",
    ]] as const
  ) await makeRelease(ctx, productId, version, { releaseDate });
  const made = await makeLicense(ctx, { productId, validFrom: "2030-01-01", validUntil });
  const { graceDays = 0, afterExpiry = "refuse", updatesUntil = null, versions = null } = terms;
  await ctx.db`
    update licenses
    set
      grace_days = ${graceDays}, after_expiry = ${afterExpiry}, updates_until = ${updatesUntil},
      versions = ${versions}
    where id = ${made.id}`;
  const machine = (appVersion: string | null, hardwareId = "m") => ({
    licenseKey: made.key,
    hardwareId,
    machineName: null,
    appVersion,
  });
  return {
    ...made,
    machine,
    activate: async (day: string, appVersion: string | null, hardwareId?: string) =>
      await activateLicense(await at(day), machine(appVersion, hardwareId)),
    verify: async (day: string, appVersion: string | null) =>
      await verifyLicense(await at(day), machine(appVersion)),
  };
}

test("in its grace a license works as if it were active, and afterwards it does not", async () => {
  const { id, key, machine, activate, verify } = await license("2030-02-28", { graceDays: 14 });
  await activate("2030-02-01", "1.0.0");
  assert.deepEqual(
    [(await verify("2030-02-28", "1.0.0")).code, (await verify("2030-02-28", "1.0.0")).state],
    ["VALID", "active"],
  );
  const inGrace = await verify("2030-03-14", "1.0.0");
  assert.deepEqual([inGrace.valid, inGrace.code, inGrace.state], [true, "GRACE_PERIOD", "in_grace"]);
  await activate("2030-03-14", "1.0.0", "second");
  const seat = await startSeat(await at("2030-03-14"), machine(null));
  await renewSeat(await at("2030-03-14"), seat.id);
  const beat = await recordHeartbeat(await at("2030-03-14"), machine("1.0.0"));
  assert.deepEqual([beat.valid, beat.code], [true, "GRACE_PERIOD"]);
  assert.equal((await getLicenseInfo(await at("2030-03-14"), key)).license.state, "in_grace");
  const listed = async (day: string, state: "active" | "in_grace" | "expired") =>
    (await listLicenses(await at(day), { limit: 50, state } as Parameters<typeof listLicenses>[1])).rows
      .some((row) => row.id === id);
  assert.deepEqual(
    [await listed("2030-03-01", "active"), await listed("2030-03-01", "in_grace")],
    [false, true],
  );
  assert.deepEqual(
    [await listed("2030-03-15", "in_grace"), await listed("2030-03-15", "expired")],
    [false, true],
  );
  const after = await verify("2030-03-15", "1.0.0");
  assert.deepEqual([after.valid, after.code, after.state], [false, "LICENSE_EXPIRED", "expired"]);
  await assert.rejects(activate("2030-03-15", "1.0.0", "third"), { code: "LICENSE_EXPIRED" });
});

test("200 machines at once in grace: the limit is exact", async () => {
  const { activate } = await license("2030-02-28", { graceDays: 14, versions: "1.x" });
  const all = await Promise.allSettled(
    Array.from({ length: 200 }, (_, n) => activate("2030-03-01", "1.5.0", `machine ${n}`)),
  );
  assert.equal(all.filter(({ status }) => status === "fulfilled").length, 5);
  for (const result of all) {
    if (result.status === "rejected") assert.equal(result.reason.code, "ACTIVATION_LIMIT_REACHED");
  }
});

test("an expired license goes on with the versions that were released before its end", async () => {
  const { id, machine, activate, verify } = await license("2030-03-31", { afterExpiry: "entitled_versions" });
  await activate("2030-05-01", "1.5.0");
  const code = async (version: string | null) => (await verify("2030-07-01", version)).code;
  assert.deepEqual(
    [await code("1.0.0"), await code("v1.5.0"), await code("2.0.0"), await code("9.9.9"), await code(null)],
    ["VALID", "VALID", "VERSION_NOT_ENTITLED", "LICENSE_EXPIRED", "LICENSE_EXPIRED"],
  );
  assert.equal((await verify("2030-07-01", "1.5.0")).state, "expired");
  await assert.rejects(activate("2030-07-01", "2.0.0", "new"), { code: "VERSION_NOT_ENTITLED" });
  await assert.rejects(activate("2030-07-01", null, "new"), (error: { facts: object }) => {
    assert.deepEqual(error.facts, { validUntil: "2030-03-31", reason: "version_unknown" });
    return true;
  });
  assert.equal((await activate("2030-07-01", "1.5.0", "new")).isNew, true);
  const { update } = await verify("2030-07-01", "1.0.0");
  assert.deepEqual([update.updateAvailable, update.latest?.version], [true, "1.5.0"]);
  // The seat goes by the version that the machine reported last.
  const report = (version: string) =>
    system.db`
    update activations
    set app_version = ${version}
    where license_id = ${id} and hardware_id = 'm'`;
  await report("1.5.0");
  const seat = await startSeat(await at("2030-07-01"), machine(null));
  assert.equal((await renewSeat(await at("2030-07-01"), seat.id)).id, seat.id);
  await report("2.0.0");
  await assert.rejects(renewSeat(await at("2030-07-01"), seat.id), { code: "VERSION_NOT_ENTITLED" });
});

test("metered use goes by the version that the call sends, or that its machine reported last", async () => {
  const { id, key, activate } = await license("2030-03-31", { afterExpiry: "entitled_versions" });
  await system.db`
    update licenses
    set meters = '{"exports": {"limit": 10, "period": "forever", "overage": 0}}'
    where id = ${id}`;
  await activate("2030-02-01", "1.5.0");
  await activate("2030-02-01", "2.0.0", "newer");
  await activate("2030-02-01", null, "silent");
  const ctx = await at("2030-07-01");
  const use = (hardwareId: string | null, appVersion: string | null = null) =>
    incrementUsage(ctx, { licenseKey: key, hardwareId, appVersion, meter: "exports", amount: 1 });
  assert.equal((await use("m")).used, 1);
  assert.equal((await use(null, "1.0.0")).used, 2);
  assert.equal((await use("newer", "1.0.0")).used, 3);
  const { reserved } = await reserveUsage(ctx, {
    ...{ licenseKey: key, hardwareId: "m", meter: "exports", amount: 7, ttl: 60 },
  });
  assert.equal(reserved, 7);
  await assert.rejects(use("m"), { code: "USAGE_LIMIT_REACHED" });
  for (const [machine, version] of [["newer", null], [null, "2.0.0"], ["m", "2.0.0"]] as const) {
    await assert.rejects(use(machine, version), { code: "VERSION_NOT_ENTITLED" });
  }
  for (const [machine, version] of [[null, null], ["silent", null], [null, "9.9.9"]] as const) {
    await assert.rejects(use(machine, version), (error: { code: string; facts: object }) => {
      assert.equal(error.code, "LICENSE_EXPIRED");
      assert.deepEqual(error.facts, { validUntil: "2030-03-31", reason: "version_unknown" });
      return true;
    });
  }
  await assert.rejects(use("unknown", "1.0.0"), { code: "NOT_ACTIVATED" });
});

test("a machine that lapsed returns with a version that its expired license covers", async () => {
  const { id, activate, verify } = await license("2030-03-31", { afterExpiry: "entitled_versions" });
  await system.db`update licenses set machine_lease = 'P30D' where id = ${id}`;
  await activate("2030-02-01", "1.5.0");
  await lapseIdleActivations(await at("2030-07-01"));
  assert.equal((await verify("2030-07-01", "2.0.0")).code, "VERSION_NOT_ENTITLED");
  assert.equal((await verify("2030-07-01", "1.5.0")).code, "VALID");
});

test("a perpetual license with a year of updates runs and is offered the releases of that year", async () => {
  const { key, activate, verify } = await license(null, { updatesUntil: "2030-04-30" });
  await activate("2030-02-01", "1.0.0");
  const code = async (version: string | null) => (await verify("2035-07-01", version)).code;
  assert.deepEqual(
    [await code("1.5.0"), await code("2.0.0"), await code("9.9.9"), await code(null)],
    ["VALID", "VERSION_NOT_ENTITLED", "VALID", "VALID"],
  );
  await assert.rejects(activate("2035-07-01", "2.0.0", "new"), (error: { facts: object }) => {
    assert.deepEqual(error.facts, { versions: null, updatesUntil: "2030-04-30" });
    return true;
  });
  const check = async (currentVersion: string) =>
    await checkVersion(await at("2035-07-01"), { licenseKey: key, currentVersion });
  assert.equal((await check("1.0.0")).latest?.version, "1.5.0");
  assert.equal((await check("1.5.0")).updateAvailable, false);
});

test("a license for versions 1.x refuses and does not offer 2.0", async () => {
  const { activate, verify } = await license(null, { versions: "1.x" });
  await activate("2030-07-01", "1.0.0");
  await assert.rejects(activate("2030-07-01", "2.0.0", "new"), { code: "VERSION_NOT_ENTITLED" });
  const { code, update } = await verify("2030-07-01", "1.0.0");
  assert.deepEqual([code, update.latest?.version], ["VALID", "1.5.0"]);
  assert.equal((await verify("2030-07-01", "2.0.0")).code, "VERSION_NOT_ENTITLED");
  assert.equal((await verify("2030-07-01", null)).code, "VALID");
});

test("an expired license that allows everything stays valid in the state expired", async () => {
  const { activate, verify } = await license("2030-02-28", { afterExpiry: "allow" });
  await activate("2030-07-01", null);
  const { code, state } = await verify("2030-07-01", "2.0.0");
  assert.deepEqual([code, state], ["VALID", "expired"]);
});

test("grace begins with an event and ends with that of the expiry, each once", async () => {
  const { id } = await license("2030-12-31", { graceDays: 14 });
  for (const day of ["2031-01-01", "2031-01-02", "2031-01-14", "2031-01-15", "2031-02-01"]) {
    await recordExpiries(await at(day));
  }
  // A longer grace that is over as well is no news.
  await system.db`update licenses set grace_days = 20, updated_at = '2031-03-01' where id = ${id}`;
  await recordExpiries(await at("2031-03-02"));
  const events = await system.db<{ type: string; day: string; after: object }[]>`
    select type, occurred_at::date::text as day, after
    from events
    where license_id = ${id} and type in ('license.grace_started', 'license.expired')
    order by id`;
  const after = { validUntil: "2030-12-31", daysLeft: 0, graceEnds: "2031-01-14" };
  assert.deepEqual(events.map(({ type, day, after }) => ({ type, day, after })), [
    { type: "license.grace_started", day: "2031-01-01", after },
    { type: "license.expired", day: "2031-01-15", after },
  ]);
});

test("a grace beyond the calendar's last day ends on it", async () => {
  const { activate, verify } = await license("9999-12-20", { graceDays: 3650 });
  await activate("2030-07-01", null);
  const { code, license: found } = await verify("9999-12-31", null);
  assert.deepEqual([code, found.graceDays], ["GRACE_PERIOD", 3650]);
  assert.equal((await recordExpiries(await at("9999-12-31"))).graceStarted, 1);
});
