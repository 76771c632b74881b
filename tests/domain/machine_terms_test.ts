// What the terms of a license let machines do: activations beyond the limit, replacing idle machines, few new ones, and once
// within a product.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import { TimeBudget } from "../../db/deadlines.ts";
import { withBudget } from "../../db/handles.ts";
import { createBatches } from "../../server/request/batches.ts";
import { openLog } from "../../server/request/log.ts";
import type { Context } from "../../server/domain/context.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { checkOutFile } from "../../server/domain/license_files/checkout.ts";
import { DomainError } from "../../server/domain/errors.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { listLicenses } from "../../server/domain/licenses/list.ts";
import { recordThresholds } from "../../server/domain/usage/usage.ts";
import { wireFileClaims } from "../../server/request/wire_files.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const ctx = await system.ctx();

const machine = ({ key }: LicenseRow, hardwareId: string) => ({
  licenseKey: key,
  hardwareId,
  machineName: hardwareId.toUpperCase(),
  appVersion: null,
});

async function eventsOf(licenseId: number, type: string) {
  const rows = await db<{ after: Record<string, unknown> }[]>`
    select after
    from events
    where license_id = ${licenseId} and type = ${type}
    order by id`;
  return rows.map(({ after }) => after);
}

const refuses = (call: Promise<unknown>, code: string) =>
  assert.rejects(call, (error) => error instanceof DomainError && error.code === code);

async function withTerms(terms: Record<string, unknown>, given: Parameters<typeof makeLicense>[1] = {}) {
  const license = await makeLicense(ctx, given);
  await db`
    update licenses
    set ${db(terms)}
    where id = ${license.id}`;
  return license;
}

test("an overage of 50 % admits 4 machines on a limit of 3, and says which is beyond it", async () => {
  const license = await withTerms({ machine_overage: 50 }, { maxActivations: 3 });
  const over: boolean[] = [];
  for (const name of ["a", "b", "c", "d"]) {
    over.push((await activateLicense(ctx, machine(license, name))).isOverLimit);
  }
  assert.deepEqual(over, [false, false, false, true]);
  assert.equal((await activateLicense(ctx, machine(license, "d"))).isOverLimit, false, "it is not new");
  await refuses(activateLicense(ctx, machine(license, "e")), "ACTIVATION_LIMIT_REACHED");
  assert.deepEqual(await eventsOf(license.id, "activation.over_limit"), [{ inUse: 4, limit: 3 }]);
});

test("an unlimited overage admits any number of machines", async () => {
  const license = await withTerms({ machine_overage: null }, { maxActivations: 1 });
  for (let n = 1; n <= 4; n++) await activateLicense(ctx, machine(license, `machine-${n}`));
  assert.deepEqual(
    (await eventsOf(license.id, "activation.over_limit")).map(({ inUse }) => inUse),
    [2, 3, 4],
  );
});

test("lists find the licenses over their limit until they are within it again", async () => {
  const license = await withTerms({ machine_overage: 100 }, { maxActivations: 1 });
  const found = async (overLimit: boolean) => {
    await system.settled();
    await recordThresholds(ctx);
    const { rows } = await listLicenses(ctx, {
      overLimit,
      customerId: license.customerId,
    });
    return rows.map(({ id }) => id);
  };
  await activateLicense(ctx, machine(license, "a"));
  assert.deepEqual([await found(true), await found(false)], [[], [license.id]]);
  await activateLicense(ctx, machine(license, "b"));
  assert.deepEqual([await found(true), await found(false)], [[license.id], []]);
  assert.deepEqual((await eventsOf(license.id, "usage.threshold")).map(({ threshold }) => threshold), [
    80,
    100,
  ]);
  await deactivateMachine(ctx, machine(license, "a"));
  assert.deepEqual([await found(true), await found(false)], [[], [license.id]]);
});

const DAY = 86_400_000;
const later = (days: number) => system.ctx(new Date(ctx.now.getTime() + days * DAY));

/** A context that shares statements, as requests do. */
const batches = createBatches(db, openLog("error", () => {}));
const sharing = (ctx: Context): Context => ({ ...ctx, db: withBudget(db, new TimeBudget(60_000)), batches });

/** The codes of 200 machines that activate at once, sorted by how many they are. */
async function activate200(ctx: Context, licenses: LicenseRow[], nameOf: (n: number) => string) {
  const codes = await Promise.all(
    Array.from(
      { length: 200 },
      (_, n) =>
        activateLicense(sharing(ctx), machine(licenses[n % licenses.length], nameOf(n))).then(
          ({ isNew, replaced }) => replaced ? "REPLACED" : isNew ? "NEW" : "KNOWN",
          (error) => error instanceof DomainError ? error.code : String(error),
        ),
    ),
  );
  return Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]));
}

test("a new machine replaces the one that was idle longest, which does not come back on a full license", async () => {
  const license = await withTerms({ machine_replacement: "longest_idle" }, { maxActivations: 2 });
  await activateLicense(await later(0), machine(license, "a"));
  await activateLicense(await later(1), machine(license, "b"));
  await refuses(
    later(29).then((ctx) => activateLicense(ctx, machine(license, "c"))),
    "ACTIVATION_LIMIT_REACHED",
  );
  const { replaced, isNew } = await activateLicense(await later(30), machine(license, "c"));
  assert.deepEqual([isNew, replaced?.machineName, replaced?.deactivationReason], [true, "A", "replaced"]);
  assert.equal((await eventsOf(license.id, "activation.replaced"))[0].hardwareId, "a");
  assert.deepEqual(await eventsOf(license.id, "license.deactivated"), []);
});

test("a device is not replaced before its borrowed license file has ended", async () => {
  const terms = { machine_replacement: "longest_idle", offline_days: 45, offline_borrowing: true };
  const license = await withTerms(terms, { maxActivations: 2 });
  await activateLicense(await later(0), machine(license, "a"));
  const borrowed = {
    ...machine(license, "a"),
    components: null,
    ttl: null,
    isEncrypted: false,
    shown: null,
    issuer: "https://l.example",
  };
  await checkOutFile(await later(0), borrowed, wireFileClaims);
  await activateLicense(await later(1), machine(license, "b"));
  const { replaced } = await activateLicense(await later(40), machine(license, "c"));
  assert.equal(replaced?.machineName, "B", "A was idle for longer");
  await checkOutFile(await later(40), { ...borrowed, hardwareId: "c" }, wireFileClaims);
  await refuses(
    later(44).then((ctx) => activateLicense(ctx, machine(license, "d"))),
    "ACTIVATION_LIMIT_REACHED",
  );
  const after = await activateLicense(await later(46), machine(license, "d"));
  assert.equal(after.replaced?.machineName, "A");
  await refuses(
    later(75).then((ctx) => activateLicense(ctx, machine(license, "e"))),
    "ACTIVATION_LIMIT_REACHED",
  );
});

test("200 new machines at once replace each idle machine once, and no other", async () => {
  const license = await withTerms({ machine_replacement: "longest_idle" }, { maxActivations: 10 });
  for (let n = 0; n < 10; n++) await activateLicense(ctx, machine(license, `old-${n}`));
  const codes = await activate200(await later(60), [license], (n) => `new-${n}`);
  assert.deepEqual(codes, { REPLACED: 10, ACTIVATION_LIMIT_REACHED: 190 });
  const [counts] = await db`
    select activations_in_use as in_use,
      (select count(*) from activations a where a.license_id = l.id and is_active) as active
    from licenses l
    where id = ${license.id}`;
  assert.deepEqual({ ...counts }, { inUse: 10, active: 10 });
});

test("of 200 machines at once as many are new in 30 days as the license allows", async () => {
  const license = await withTerms({ max_new_machines: 3 }, { maxActivations: 300 });
  assert.deepEqual(await activate200(await later(0), [license], (n) => `machine-${n}`), {
    NEW: 3,
    NEW_MACHINES_LIMIT_REACHED: 197,
  });
  const known = (await db<{ hardwareId: string }[]>`
    select hardware_id from activations where license_id = ${license.id} limit 1`)[0].hardwareId;
  await deactivateMachine(await later(1), machine(license, known));
  await activateLicense(await later(1), machine(license, known));
  await refuses(
    later(29).then((ctx) => activateLicense(ctx, machine(license, "x"))),
    "NEW_MACHINES_LIMIT_REACHED",
  );
  await activateLicense(await later(30), machine(license, "x"));
});

test("of 20 licenses of a product on which a machine is activated at once it is active on one", async () => {
  const first = await withTerms({ machine_uniqueness: "product" });
  const licenses = [first];
  for (let n = 1; n < 20; n++) {
    licenses.push(await withTerms({ machine_uniqueness: "product" }, { productId: first.productId }));
  }
  const codes = await activate200(ctx, licenses, () => "the machine");
  assert.deepEqual([codes.NEW, codes.MACHINE_ALREADY_ACTIVATED], [1, 190]);
});

test("a machine is refused that is active on any other license within the uniqueness, whatever that one's term is", async () => {
  const other = await makeLicense(ctx);
  const same = { productId: other.productId };
  const elsewhere = await makeLicense(ctx);
  const unique = await withTerms({ machine_uniqueness: "product" }, same);
  await activateLicense(ctx, machine(elsewhere, "m"));
  await activateLicense(ctx, machine(unique, "m"));
  // A license without the term asks for nothing.
  await activateLicense(ctx, machine(other, "m"));
  await activateLicense(ctx, machine(unique, "m"));
  await deactivateMachine(ctx, machine(unique, "m"));
  await refuses(activateLicense(ctx, machine(unique, "m")), "MACHINE_ALREADY_ACTIVATED");
  await deactivateMachine(ctx, machine(other, "m"));
  await activateLicense(ctx, machine(unique, "m"));
});

/** Licenses of one product, on each of which a machine with the same board and disk has another fingerprint. */
async function licensesOfChangingMachines(count: number) {
  const terms = { machine_uniqueness: "product", machine_matching: "any" };
  const first = await withTerms(terms);
  const licenses = [first];
  while (licenses.length < count) licenses.push(await withTerms(terms, { productId: first.productId }));
  const components = { board: "board-1", disk: "disk-1" };
  for (const [n, license] of licenses.entries()) {
    await activateLicense(ctx, { ...machine(license, `before-${n}`), components });
  }
  const verify = (n: number) =>
    verifyLicense(sharing(ctx), {
      licenseKey: licenses[n % count].key,
      hardwareId: "after",
      appVersion: null,
      components,
    });
  const places = async () =>
    (await db<{ licenseId: number }[]>`
      select a.license_id
      from activations a
      where hardware_id = 'after' and is_active and license_id = any(${licenses.map(({ id }) => id)})`)
      .map(({ licenseId }) => licenseId);
  return { licenses, components, verify, places };
}

test("a machine is not rebound to a fingerprint that is active on another license within the uniqueness", async () => {
  const { licenses: [one, other], components, verify, places } = await licensesOfChangingMachines(2);
  assert.equal((await verify(0)).code, "VALID");
  assert.equal((await verify(1)).code, "NOT_ACTIVATED");
  await refuses(
    activateLicense(ctx, { ...machine(other, "after"), components }),
    "MACHINE_ALREADY_ACTIVATED",
  );
  assert.deepEqual(await places(), [one.id]);
  await deactivateMachine(ctx, machine(one, "after"));
  assert.equal((await verify(1)).code, "VALID");
  assert.deepEqual(await places(), [other.id]);
});

test("of 200 calls at once that would rebind machines of 20 licenses to one fingerprint one license gets it", async () => {
  const { verify, places } = await licensesOfChangingMachines(20);
  const codes = await Promise.all(Array.from({ length: 200 }, async (_, n) => (await verify(n)).code));
  assert.deepEqual([...new Set(codes)].sort(), ["NOT_ACTIVATED", "VALID"]);
  assert.equal((await places()).length, 1);
});

test("of activations with and without the term at once the license with the term has the machine first or not at all", async () => {
  for (let round = 0; round < 3; round++) {
    const plain = await makeLicense(ctx);
    const unique = await withTerms({ machine_uniqueness: "product" }, { productId: plain.productId });
    const codes = await activate200(ctx, [plain, unique], () => "shared");
    assert.equal(
      codes.NEW === 2 || codes.NEW === 1 && codes.MACHINE_ALREADY_ACTIVATED === 100,
      true,
      JSON.stringify(codes),
    );
  }
});

test("the batches end and the databases close", async () => {
  await batches.drain();
  await db.end();
});
