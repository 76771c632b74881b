// Meters that count by the periods of a license, and its renewals.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { undoExtension } from "../../server/domain/licenses/extend.ts";
import { renewLicenses } from "../../server/domain/licenses/renew.ts";
import { incrementUsage } from "../../server/domain/meters/take.ts";
import { getUsageByKey } from "../../server/domain/meters/usage.ts";
import { meteredSystem, use } from "../support/meters.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const { db } = system;
const { at, meteredLicense } = meteredSystem(system);

/** A monthly license from 2026-01-01 until a day, with ten exports in each of its periods. */
async function monthlyLicense(renewalBasis: string, validUntil: string, startsWith: string | null = null) {
  const license = await meteredLicense(
    { exports: { limit: 10, period: "license", overage: 0 } },
    { duration: "P1M" },
  );
  await db`
    update licenses
    set renewal_basis = ${renewalBasis}, valid_until = ${startsWith ? null : validUntil},
      expiry_basis = ${startsWith ?? "issue"}, starts_with = ${startsWith}
    where id = ${license.id}`;
  return license;
}

async function periodOf(license: LicenseRow, day: string) {
  const { meters: [{ startsOn, endsOn, used }] } = await getUsageByKey(
    await at(`${day}T12:00:00Z`),
    license.key,
  );
  return [startsOn, endsOn, used];
}

const renew = async (license: LicenseRow, day: string) =>
  await renewLicenses(await at(`${day}T12:00:00Z`), { licenseIds: [license.id] });

test("a renewal from today begins a new period, and its undo continues the one before", async () => {
  const license = await monthlyLicense("now", "2026-03-31");
  await incrementUsage(await at("2026-03-10T12:00:00Z"), use(license, 10));
  const { ends } = await renew(license, "2026-03-20");
  assert.deepEqual(await periodOf(license, "2026-03-20"), ["2026-03-20", "2026-04-19", 0]);
  await incrementUsage(await at("2026-03-21T12:00:00Z"), use(license, 4));
  assert.deepEqual(await periodOf(license, "2026-04-19"), ["2026-03-20", "2026-04-19", 4]);
  assert.deepEqual(await periodOf(license, "2026-04-20"), ["2026-04-20", "2026-05-19", 0]);
  assert.deepEqual(await undoExtension(await at("2026-03-22T12:00:00Z"), { ends }), {
    restored: 1,
    skipped: 0,
  });
  assert.deepEqual(await periodOf(license, "2026-03-22"), ["2026-03-01", "2026-03-31", 10]);
});

test("a renewal of an expired license from today begins a new period", async () => {
  const license = await monthlyLicense("now_if_expired", "2026-01-31");
  await renew(license, "2026-03-20");
  assert.deepEqual(await periodOf(license, "2026-03-25"), ["2026-03-20", "2026-04-19", 0]);
  // One that is renewed in time goes on.
  await incrementUsage(await at("2026-03-25T12:00:00Z"), use(license, 3));
  await renew(license, "2026-04-01");
  assert.deepEqual(await periodOf(license, "2026-04-01"), ["2026-03-20", "2026-04-19", 3]);
});

test("a renewal from the end continues the periods, also on the day after it", async () => {
  for (
    const [renewalBasis, day] of [["expiry", "2026-03-20"], ["expiry", "2026-05-20"], ["now", "2026-04-01"]]
  ) {
    const license = await monthlyLicense(renewalBasis, "2026-03-31");
    await incrementUsage(await at("2026-03-10T12:00:00Z"), use(license, 2));
    const { ends } = await renew(license, day);
    assert.equal(ends[0].periodsAreFrom, undefined);
    assert.deepEqual(await periodOf(license, "2026-03-31"), ["2026-03-01", "2026-03-31", 2]);
    assert.deepEqual(await periodOf(license, "2026-04-10"), ["2026-04-01", "2026-04-30", 0]);
  }
});

test("two renewals from today are undone one after the other, and in no other order", async () => {
  const license = await monthlyLicense("now", "2026-03-31");
  const first = await renew(license, "2026-03-20");
  const second = await renew(license, "2026-03-25");
  const undoing = await at("2026-03-26T12:00:00Z");
  assert.deepEqual(await undoExtension(undoing, first), { restored: 0, skipped: 1 });
  assert.deepEqual(await undoExtension(undoing, second), { restored: 1, skipped: 0 });
  assert.deepEqual((await periodOf(license, "2026-03-26"))[0], "2026-03-20");
  assert.deepEqual(await undoExtension(undoing, first), { restored: 1, skipped: 0 });
  assert.deepEqual((await periodOf(license, "2026-03-26"))[0], "2026-03-01");
});

test("periods of a license that starts with its first activation are counted from then on", async () => {
  const license = await monthlyLicense("expiry", "2026-01-31", "first_activation");
  const machine = { licenseKey: license.key, hardwareId: "machine", machineName: null, appVersion: null };
  await activateLicense(await at("2026-03-20T12:00:00Z"), machine);
  assert.deepEqual(await periodOf(license, "2026-03-20"), ["2026-03-20", "2026-04-19", 0]);
});
