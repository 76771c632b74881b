// The explanation of a validation: each check says what it found, and each failed one what would change the answer. The
// remedies that are updates of the license are applied here, and then the check passes.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import type { CalendarDay } from "../../server/domain/calendar.ts";
import type { Context } from "../../server/domain/context.ts";
import { explainValidation, explainValidationByKey } from "../../server/domain/devices/explain.ts";
import { deleteLicense, setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { describeCheck, remediesOf } from "../../server/domain/policy/explanations.ts";
import type { ExplainedFacts } from "../../server/domain/policy/explained.ts";
import { checkNames } from "../../server/domain/policy/evaluate.ts";
import { defaultTerms } from "../../server/domain/policy/inputs.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const at = (day: string) => system.ctx(new Date(`${day}T10:00:00Z`));

const activate = (ctx: Context, licenseKey: string, hardwareId: string, machineName: string | null = null) =>
  activateLicense(ctx, { licenseKey, hardwareId, machineName, appVersion: null });

async function setPeriod(ctx: Context, id: number, duration: string, renewalBasis = "expiry") {
  await ctx.db`update licenses set duration = ${duration}, renewal_basis = ${renewalBasis} where id = ${id}`;
}

const failed = (explained: Awaited<ReturnType<typeof explainValidation>>) =>
  explained.checks.filter(({ passed }) => !passed).map(({ name, sentence, remedies }) => [
    name,
    sentence,
    ...remedies.map(({ sentence }) => sentence),
  ]);

test("every check has a sentence for both results, and a remedy when it fails", () => {
  const license: ExplainedFacts["license"] = {
    ...defaultTerms,
    disabledReason: null,
    disableAt: null,
    disableReason: null,
    enableAt: null,
    startsWith: null,
    isActive: false,
    validFrom: "2031-01-01",
    validUntil: "2029-01-01",
    machineOverage: 0,
    graceDays: 0,
    afterExpiry: "refuse",
    updatesUntil: null,
    versions: null,
    maxActivations: 0,
    maxUsers: 0,
    deletedAt: new Date("2030-01-01"),
    restorableUntil: new Date("2030-02-01"),
    anchorDay: null,
    duration: "P1Y",
    renewalBasis: "expiry",
  };
  const facts: ExplainedFacts = {
    license,
    day: "2030-01-10",
    mayActivate: false,
    lease: null,
    idleDevices: [],
    roomForNewAt: new Date("2030-01-20"),
    recognisedAs: "Laptop",
    seats: { hasSeat: false, hasQueue: true, waiting: 2 },
    meters: [{ meter: "exports", limit: 3, most: 3, used: 3, reserved: 0, overage: 0, endsOn: "2030-01-31" }],
  };
  const admission = [
    "components_match",
    "fingerprint_accepted",
    "activated_once",
    "new_device_limit",
  ] as const;
  for (const name of [...checkNames, ...admission, "meter_limit"] as const) {
    const check = {
      name,
      passed: false,
      code: "LICENSE_EXPIRED",
      actual: 3,
      limit: 3,
      meter: "exports",
    } as const;
    assert.match(describeCheck(check, facts), /^[A-Z].*\.$|^exports: .*\.$/);
    assert.match(describeCheck({ ...check, passed: true }, facts), /^[A-Z0-9].*\.$|^exports: .*\.$/);
    const remedies = remediesOf(check, facts);
    assert.ok(remedies.length > 0, `${name} has a remedy`);
    for (const { sentence } of remedies) assert.match(sentence, /^[A-Z].*\.$/);
  }
});

test("a full license names the limit that would admit the device, and the devices that are idle longest", async () => {
  const early = await at("2030-01-01");
  const { id, key } = await makeLicense(early, { maxActivations: 2 });
  await activate(early, key, "first", "Laptop");
  const ctx = await at("2030-03-01");
  await activate(ctx, key, "second");
  const explained = await explainValidation(ctx, { licenseId: id, hardwareId: "third" });
  assert.deepEqual(
    [explained.verify, explained.activate, explained.session],
    ["NOT_ACTIVATED", "ACTIVATION_LIMIT_REACHED", "NOT_ACTIVATED"],
  );
  assert.deepEqual(failed(explained), [
    [
      "activated",
      "The license is not activated on this device.",
      "Correct the other checks, then activate the license on this device.",
    ],
    [
      "activation_limit",
      "All activations are used: 2 of 2.",
      "Raise the activation limit to 3.",
      "Deactivate one of these devices: Laptop (last seen 2030-01-01), second (last seen 2030-03-01).",
    ],
  ]);
  const raise = explained.checks.find(({ name }) => name === "activation_limit")!.remedies[0];
  await updateLicense(ctx, { id, changes: { maxActivations: raise.changes!.maxActivations } });
  assert.equal((await explainValidation(ctx, { licenseId: id, hardwareId: "third" })).activate, "VALID");
});

test("a device with a lease shows when it lapses, and one that lapsed how it returns", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx, { machineLease: "P2D", maxActivations: 1 });
  await activate(ctx, key, "m");
  const explain = async (day: string, hardwareId = "m") =>
    await explainValidation(await at(day), { licenseId: id, hardwareId });
  const activated = (explained: Awaited<ReturnType<typeof explain>>) => {
    const { sentence, remedies } = explained.checks.find(({ name }) => name === "activated")!;
    return [explained.verify, sentence, ...remedies.map(({ sentence }) => sentence)];
  };
  assert.deepEqual(activated(await explain("2030-06-16")), [
    "VALID",
    "The license is activated on this device. It was last heard of at 2030-06-15 10:00 UTC and lapses at " +
    "2030-06-17 10:00 UTC unless it verifies or sends a heartbeat before.",
  ]);
  await lapseIdleActivations(await at("2030-06-18"));
  const lapsed =
    "The activation lapsed: the device was last heard of at 2030-06-15 10:00 UTC, longer ago than its lease of P2D.";
  assert.deepEqual(activated(await explain("2030-06-18")), [
    "VALID",
    lapsed,
    "Start the app on this device: its next verification or heartbeat activates it again.",
  ]);
  await activate(await at("2030-06-18"), key, "other");
  assert.deepEqual(activated(await explain("2030-06-18")), [
    "ACTIVATION_INACTIVE",
    lapsed,
    "Correct the other checks: the next verification of this device activates it again.",
  ]);
});

for (
  const [renewalBasis, validUntil, sentence] of [
    ["expiry", "2031-05-31", "Renew 2 times for P1Y: it would be valid until 2031-05-31."],
    ["now", "2031-06-14", "Renew for P1Y: it would be valid until 2031-06-14."],
    ["now_if_expired", "2031-06-14", "Renew for P1Y: it would be valid until 2031-06-14."],
  ] as const
) {
  test(`an expired license that renews from ${renewalBasis} names its new last day`, async () => {
    const ctx = await at("2030-06-15");
    const { id } = await makeLicense(ctx, { validFrom: "2028-06-01", validUntil: "2029-05-31" });
    await setPeriod(ctx, id, "P1Y", renewalBasis);
    const explained = await explainValidation(ctx, { licenseId: id, hardwareId: null });
    const check = explained.checks.find(({ name }) => name === "not_expired")!;
    assert.deepEqual([explained.verify, check.sentence], [
      "LICENSE_EXPIRED",
      "The license expired after 2029-05-31.",
    ]);
    assert.equal(check.remedies[0].sentence, sentence);
    assert.equal(check.remedies[0].changes!.validUntil, validUntil);
    for (const { changes } of check.remedies) {
      await updateLicense(ctx, { id, changes: { validUntil: changes!.validUntil } });
      assert.equal(
        (await explainValidation(ctx, { licenseId: id, hardwareId: null })).verify,
        "NOT_ACTIVATED",
      );
    }
  });
}

test("another day is explained with what is in use now", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx, { validFrom: "2030-06-01", validUntil: "2030-06-30" });
  await activate(ctx, key, "m");
  const on = async (day: CalendarDay) =>
    (await explainValidation(ctx, { licenseId: id, hardwareId: "m", on: day })).verify;
  assert.deepEqual(
    [await on("2030-05-31"), await on("2030-06-30"), await on("2030-07-01")],
    ["LICENSE_NOT_YET_VALID", "VALID", "LICENSE_EXPIRED"],
  );
});

test("a disabled license and a deleted one are explained, the deleted one by its key too", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx);
  await setLicensesEnabled(ctx, { ids: [id], enabled: false });
  await deleteLicense(ctx, id);
  const explained = await explainValidationByKey(ctx, {
    licenseKey: ` ${key.toLowerCase()} `,
    hardwareId: null,
  });
  assert.deepEqual([explained.licenseId, explained.verify], [id, "INVALID_LICENSE"]);
  assert.deepEqual(failed(explained).slice(0, 2), [
    ["not_deleted", "The license was deleted on 2030-06-15.", "Restore the license, until 2030-07-15."],
    ["enabled", "The license is disabled.", "Enable the license."],
  ]);
});

test("keys and ids that do not exist are refused", async () => {
  const ctx = await at("2030-06-15");
  await assert.rejects(
    explainValidationByKey(ctx, { licenseKey: "ABCD-EFGH-JKMN-PQRS", hardwareId: null }),
    { code: "INVALID_LICENSE" },
  );
  await assert.rejects(explainValidation(ctx, { licenseId: 999_999, hardwareId: null }), {
    code: "NOT_FOUND",
  });
});
