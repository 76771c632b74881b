// Boundaries of validity periods: first and last day are inclusive, in UTC, also on a leap day.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { cloneStores } from "../support/database.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { test } from "../support/test.ts";

const { db } = await cloneStores();
const at = (instant: string) =>
  systemContext(db, "tests", new Date(instant), createCipher("key of the tests"));
const machine = { hardwareId: "machine", machineName: null, appVersion: null };

async function codeAt(key: string, instant: string) {
  return (await verifyLicense(await at(instant), { licenseKey: key, ...machine })).code;
}

test("a license is valid from the first instant of its first day to the last instant of its last day, in UTC", async () => {
  const license = await makeLicense(await at("2025-03-01T12:00:00Z"), {
    validFrom: "2025-03-01",
    validUntil: "2025-03-31",
  });
  await activateLicense(await at("2025-03-01T00:00:00Z"), { licenseKey: license.key, ...machine });
  assert.equal(await codeAt(license.key, "2025-02-28T23:59:59.999Z"), "LICENSE_NOT_YET_VALID");
  assert.equal(await codeAt(license.key, "2025-03-01T00:00:00.000Z"), "VALID");
  assert.equal(await codeAt(license.key, "2025-03-31T23:59:59.999Z"), "VALID");
  assert.equal(await codeAt(license.key, "2025-04-01T00:00:00.000Z"), "LICENSE_EXPIRED");
});

test("a license that expires on 29 February is valid on that day and not on 1 March", async () => {
  const license = await makeLicense(await at("2024-02-01T00:00:00Z"), { validUntil: "2024-02-29" });
  await activateLicense(await at("2024-02-29T10:00:00Z"), { licenseKey: license.key, ...machine });
  assert.equal(await codeAt(license.key, "2024-02-29T23:59:59.999Z"), "VALID");
  assert.equal(await codeAt(license.key, "2024-03-01T00:00:00.000Z"), "LICENSE_EXPIRED");
});

test("a license that never expires has no expiry date", async () => {
  const license = await makeLicense(await at("2024-02-01T00:00:00Z"), { validUntil: null });
  await activateLicense(await at("2024-02-01T00:00:00Z"), { licenseKey: license.key, ...machine });
  assert.equal(await codeAt(license.key, "2999-12-31T23:59:59Z"), "VALID");
});

test("a license can be activated on its last day but not on the day after", async () => {
  const license = await makeLicense(await at("2025-01-01T00:00:00Z"), { validUntil: "2025-06-30" });
  await activateLicense(await at("2025-06-30T23:59:59.999Z"), { licenseKey: license.key, ...machine });
  await assert.rejects(
    at("2025-07-01T00:00:00Z").then((ctx) => activateLicense(ctx, { licenseKey: license.key, ...machine })),
    (error) => error instanceof DomainError && error.code === "LICENSE_EXPIRED",
  );
});

for (
  const [duration, from, until] of [
    ["P7D", "2025-12-28", "2026-01-03"],
    ["P1M", "2025-01-01", "2025-01-31"],
    ["P1M", "2025-01-31", "2025-02-27"],
    ["P1M", "2024-01-30", "2024-02-28"],
    ["P1Y", "2024-02-29", "2025-02-27"],
    ["P1Y", "2025-03-01", "2026-02-28"],
    [null, "2025-03-01", null],
  ] as const
) {
  test(`a plan of ${duration ?? "never expires"} that starts on ${from} expires on ${until ?? "no day"}`, async () => {
    const ctx = await at(`${from}T08:00:00Z`);
    const product = await makeProduct(ctx);
    const plan = await createPlan(ctx, {
      productId: product.id,
      code: "plan",
      name: "Plan",
      licenseType: "subscription",
      duration,
      maxActivations: 3,
      maxUsers: 4,
      features: [],
    });
    const license = await makeLicense(ctx, {
      productId: product.id,
      planId: plan.id,
      maxActivations: undefined,
      maxUsers: undefined,
    });
    assert.equal(license.validFrom, from);
    assert.equal(license.validUntil, until);
    assert.equal(license.maxActivations, 3);
    assert.equal(license.maxUsers, 4);
    assert.equal(license.type, "subscription");
  });
}
