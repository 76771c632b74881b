// What the terms of a license let machines do: activations beyond the limit.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { DomainError } from "../../server/domain/errors.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { listLicenses } from "../../server/domain/licenses/list.ts";
import { recordThresholds } from "../../server/domain/usage/usage.ts";
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

test("the databases close", () => db.end());
