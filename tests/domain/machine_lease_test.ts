// The lease of activations: a machine that is not heard of lapses and frees its slot, and is active again when it returns.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { recordHeartbeat } from "../../server/domain/activations/heartbeat.ts";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import { TimeBudget } from "../../db/deadlines.ts";
import { withBudget } from "../../db/handles.ts";
import type { Context } from "../../server/domain/context.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { correctLeaseChecksAhead } from "../../server/domain/licenses/lease_checks.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { deleteLicenses, updateLicense } from "../../server/domain/licenses/manage.ts";
import { changeLicenseEnabled } from "../../server/domain/licenses/scheduled_changes.ts";
import { createBatches } from "../../server/request/batches.ts";
import { openLog } from "../../server/request/log.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const ctx = await system.ctx();
const later = (minutes: number) => system.ctx(new Date(ctx.now.getTime() + minutes * 60_000));

const batches = createBatches(db, openLog("error", () => {}));
/** A context that shares statements, as requests do. */
const sharing = (ctx: Context): Context => ({ ...ctx, db: withBudget(db, new TimeBudget(60_000)), batches });

const machine = ({ key }: LicenseRow, hardwareId: string) => ({
  licenseKey: key,
  hardwareId,
  machineName: hardwareId.toUpperCase(),
  appVersion: null,
});

const makeLeased = (given: Parameters<typeof makeLicense>[1] = {}) =>
  makeLicense(ctx, { machineLease: "PT60M", maxActivations: 1, ...given });

const refuses = (call: Promise<unknown>, code: string) =>
  assert.rejects(call, (error) => error instanceof DomainError && error.code === code);

async function eventsOf(licenseId: number): Promise<string[]> {
  const rows = await db<{ type: string; hardwareId: string }[]>`
    select type, after ->> 'hardwareId' as hardware_id
    from events
    where license_id = ${licenseId} and subject_kind = 'activation' and type <> 'activation.updated'
    order by id`;
  return rows.map(({ type, hardwareId }) => `${type} ${hardwareId}`);
}

/** The count of a license, its active machines, and whether a check is planned. */
async function stateOf(licenseId: number) {
  const [{ inUse, active, isPlanned }] = await db<{ inUse: number; active: string[]; isPlanned: boolean }[]>`
    select activations_in_use as in_use, next_lease_check is not null as is_planned,
      array(
        select hardware_id from activations a where a.license_id = l.id and is_active order by hardware_id
      ) as active
    from licenses l
    where id = ${licenseId}`;
  assert.equal(inUse, active.length);
  return { active, isPlanned };
}

const verify = async (ctx: Context, license: LicenseRow, hardwareId: string) =>
  (await verifyLicense(ctx, { licenseKey: license.key, hardwareId, appVersion: null })).code;

test("a machine that is not heard of lapses, and takes its slot again when it returns", async () => {
  const license = await makeLeased();
  const { machineLease } = await activateLicense(ctx, machine(license, "a"));
  assert.equal(machineLease, "PT60M");
  await refuses(activateLicense(ctx, machine(license, "b")), "ACTIVATION_LIMIT_REACHED");
  await lapseIdleActivations(await later(61));
  assert.deepEqual(await stateOf(license.id), { active: ["a"], isPlanned: true }, "within the margin");
  await lapseIdleActivations(await later(63));
  assert.deepEqual(await stateOf(license.id), { active: [], isPlanned: false });
  assert.equal(await verify(await later(64), license, "a"), "VALID");
  assert.deepEqual(await stateOf(license.id), { active: ["a"], isPlanned: true });
  assert.deepEqual(await eventsOf(license.id), [
    "license.activated a",
    "activation.lapsed a",
    "license.activated a",
  ]);
  await lapseIdleActivations(await later(120));
  assert.deepEqual((await stateOf(license.id)).active, ["a"], "its lease began again");
});

test("verifications and heartbeats keep a machine active, and say until when", async () => {
  const license = await makeLeased({ maxActivations: 2 });
  await activateLicense(ctx, machine(license, "a"));
  await activateLicense(ctx, machine(license, "b"));
  const at = await later(50);
  const verified = await verifyLicense(at, { ...machine(license, "a") });
  assert.equal(verified.leaseEnds?.getTime(), at.now.getTime() + 3_600_000);
  const { leaseEnds } = await recordHeartbeat(at, { ...machine(license, "b") });
  assert.equal(leaseEnds?.getTime(), at.now.getTime() + 3_600_000);
  await system.settled();
  await lapseIdleActivations(await later(100));
  assert.deepEqual((await stateOf(license.id)).active, ["a", "b"]);
  await lapseIdleActivations(await later(113));
  assert.deepEqual((await stateOf(license.id)).active, []);
});

test("a machine that lapsed does not return to a full license, nor one that was deactivated by hand", async () => {
  const license = await makeLeased();
  await activateLicense(ctx, machine(license, "a"));
  await lapseIdleActivations(await later(63));
  await activateLicense(await later(64), machine(license, "b"));
  assert.equal(await verify(await later(65), license, "a"), "ACTIVATION_INACTIVE");
  const { lastHeartbeat, code } = await recordHeartbeat(await later(65), machine(license, "a"));
  assert.deepEqual([lastHeartbeat, code], [null, "ACTIVATION_INACTIVE"]);
  await refuses(
    later(65).then((ctx) => activateLicense(ctx, machine(license, "a"))),
    "ACTIVATION_LIMIT_REACHED",
  );
  await deactivateMachine(await later(66), machine(license, "b"));
  assert.equal(await verify(await later(67), license, "b"), "ACTIVATION_INACTIVE", "by hand");
  assert.equal((await recordHeartbeat(await later(67), machine(license, "a"))).code, "VALID");
  assert.deepEqual((await stateOf(license.id)).active, ["a"]);
});

test("a lease that is set counts for machines that are active, and one that is removed for none", async () => {
  const license = await makeLicense(ctx, { maxActivations: 3 });
  await activateLicense(ctx, machine(license, "old"));
  await activateLicense(await later(200), machine(license, "new"));
  assert.deepEqual(await stateOf(license.id), { active: ["new", "old"], isPlanned: false });
  await updateLicense(await later(201), { id: license.id, changes: { machineLease: "PT60M" } });
  await lapseIdleActivations(await later(202));
  assert.deepEqual(await stateOf(license.id), { active: ["new"], isPlanned: true });
  await updateLicense(await later(203), { id: license.id, changes: { machineLease: null } });
  await lapseIdleActivations(await later(900));
  assert.deepEqual(await stateOf(license.id), { active: ["new"], isPlanned: false });
  assert.equal(await verify(await later(901), license, "old"), "VALID", "it returns without a lease too");
});

test("machines of a deleted license do not lapse, and those of a disabled one return when it is enabled", async () => {
  const deleted = await makeLeased();
  await activateLicense(ctx, machine(deleted, "a"));
  await deleteLicenses(ctx, [deleted.id]);
  const disabled = await makeLeased();
  await activateLicense(ctx, machine(disabled, "a"));
  await changeLicenseEnabled(ctx, { id: disabled.id, enabled: false });
  await lapseIdleActivations(await later(90));
  assert.deepEqual([(await stateOf(deleted.id)).active, (await stateOf(disabled.id)).active], [["a"], []]);
  assert.equal(await verify(await later(91), disabled, "a"), "LICENSE_INACTIVE");
  assert.deepEqual((await stateOf(disabled.id)).active, []);
  await changeLicenseEnabled(await later(92), { id: disabled.id, enabled: true });
  assert.equal(await verify(await later(93), disabled, "a"), "VALID");
});

test("a return is no new machine, replaces an idle one where the terms say so, and may use the overage", async () => {
  const limited = await makeLeased({ maxNewMachines: 1 });
  await activateLicense(ctx, machine(limited, "a"));
  await lapseIdleActivations(await later(63));
  assert.equal(await verify(await later(64), limited, "a"), "VALID");

  const replacing = await makeLeased({ machineReplacement: "longest_idle", machineLease: "P90D" });
  const day = (days: number) => later(days * 1440);
  await activateLicense(ctx, machine(replacing, "a"));
  await lapseIdleActivations(await day(91));
  await activateLicense(await day(91), machine(replacing, "b"));
  assert.equal(await verify(await day(120), replacing, "a"), "ACTIVATION_INACTIVE", "b is in use");
  assert.equal(await verify(await day(122), replacing, "a"), "VALID");
  assert.equal(await verify(await day(123), replacing, "b"), "ACTIVATION_INACTIVE", "it was replaced");

  const over = await makeLeased({ machineOverage: 100 });
  await activateLicense(ctx, machine(over, "a"));
  await lapseIdleActivations(await later(63));
  await activateLicense(await later(64), machine(over, "b"));
  assert.equal(await verify(await later(65), over, "a"), "VALID");
  assert.deepEqual((await stateOf(over.id)).active, ["a", "b"]);
  assert.deepEqual((await eventsOf(over.id)).slice(-2).sort(), [
    "activation.over_limit null",
    "license.activated a",
  ]);
});

test("two workers lapse 1,500 machines of one license and those of 30 others once", async () => {
  const license = await makeLeased({ maxActivations: 2000 });
  await db`
    insert into activations (license_id, hardware_id, activated_at, last_heartbeat)
    select ${license.id}, 'machine-' || n, ${ctx.now}, ${ctx.now}
    from generate_series(1, 1500) as n`;
  await db`
    update licenses
    set activations_in_use = 1500
    where id = ${license.id}`;
  const others = await Promise.all(Array.from({ length: 30 }, () => makeLeased()));
  for (const other of others) await activateLicense(ctx, machine(other, "a"));
  const at = await later(63);
  const counts = await Promise.all([at, at].map((ctx) => lapseIdleActivations(ctx)));
  await lapseIdleActivations(at);
  assert.deepEqual((await stateOf(license.id)).active, []);
  for (const { id } of others) assert.deepEqual((await stateOf(id)).active, []);
  assert.ok(counts[0] + counts[1] <= 1530);
  assert.equal((await eventsOf(license.id)).length, 1500);
});

test("a lease that ends while its machine calls 200 times has one outcome, and no slot is used twice", async () => {
  for (let round = 0; round < 5; round++) {
    const license = await makeLeased();
    await activateLicense(ctx, machine(license, "a"));
    const at = await later(63);
    const calls = Array.from({ length: 200 }, (_, n): Promise<unknown> => {
      if (n % 4 === 0) return Promise.resolve(recordHeartbeat(sharing(at), machine(license, "a")));
      if (n % 4 === 1) return Promise.resolve(verifyLicense(sharing(at), machine(license, "a")));
      if (n % 4 === 2) {
        return activateLicense(sharing(at), machine(license, `other-${n}`)).catch((error) => {
          assert.ok(error instanceof DomainError && error.code === "ACTIVATION_LIMIT_REACHED", String(error));
        });
      }
      return n % 40 === 3
        ? lapseIdleActivations(at)
        : activateLicense(sharing(at), machine(license, "a")).catch(
          (error) =>
            assert.ok(
              error instanceof DomainError && error.code === "ACTIVATION_LIMIT_REACHED",
              String(error),
            ),
        );
    });
    await Promise.all(calls);
    await system.settled();
    const { active } = await stateOf(license.id);
    assert.equal(active.length, 1);
    const changes = await eventsOf(license.id);
    const lapses = changes.filter((change) => change === "activation.lapsed a").length;
    const returns = changes.filter((change) => change === "license.activated a").length - 1;
    assert.ok(lapses <= 1);
    assert.equal(active[0] === "a", lapses === returns, changes.join(", "));
    const answer = await verify(at, license, "a");
    assert.equal(answer, active[0] === "a" ? "VALID" : "ACTIVATION_INACTIVE");
  }
});

test("of 200 machines that return at once to 10 slots, 10 are active", async () => {
  const license = await makeLeased({ maxActivations: 200 });
  for (let n = 0; n < 200; n++) await activateLicense(ctx, machine(license, `machine-${n}`));
  await lapseIdleActivations(await later(63));
  await updateLicense(await later(64), { id: license.id, changes: { maxActivations: 10 } });
  const at = await later(65);
  const codes = await Promise.all(
    Array.from({ length: 200 }, (_, n) => verify(sharing(at), license, `machine-${n}`)),
  );
  assert.equal(codes.filter((code) => code === "VALID").length, 10);
  assert.equal(codes.filter((code) => code === "ACTIVATION_INACTIVE").length, 190);
  assert.equal((await stateOf(license.id)).active.length, 10);
});

test("checks that were planned before the clock was put back are made by the new time", async () => {
  const license = await makeLeased();
  await activateLicense(ctx, machine(license, "a"));
  await db`
    update licenses
    set next_lease_check = ${(await later(50_000)).now}
    where id = ${license.id}`;
  await correctLeaseChecksAhead(ctx);
  await lapseIdleActivations(await later(63));
  assert.deepEqual((await stateOf(license.id)).active, []);
});

test("the batches end and the databases close", async () => {
  await batches.drain();
  await db.end();
});
