// The explanation of the terms that count other devices and of schedules: what is said is what the calls of the app answer, and
// each remedy that is a change of the license makes the check pass.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import { verifyLicense } from "../../server/domain/activations/verify.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { disableLicenses, enableLicenses } from "../../server/domain/licenses/scheduled_changes.ts";
import { answerOf, applyRemedy, explained, machine } from "../support/explained.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const at = (day: string) => system.ctx(new Date(`${day}T10:00:00Z`));

test("the limit of new devices is explained with the time from which another one is admitted", async () => {
  const { id, key } = await makeLicense(await at("2030-06-01"), {
    maxNewMachines: 1,
    validFrom: "2030-01-01",
  });
  await activateLicense(await at("2030-06-01"), machine(key, "first"));
  const ctx = await at("2030-06-15");
  const { check, texts, activate } = await explained(ctx, id, { name: "new_device_limit" });
  assert.deepEqual([activate, check!.actual, check!.limit], ["NEW_MACHINES_LIMIT_REACHED", 1, 1]);
  assert.deepEqual(texts, [
    "All new devices of 30 days are used: 1 of 1.",
    "Wait: another new device is admitted from 2030-07-01 10:00 UTC on.",
    "Raise the limit of new devices to 2 in 30 days.",
  ]);
  assert.equal(await answerOf(activateLicense(ctx, machine(key, "new"))), activate);
  assert.equal(
    (await explained(ctx, id, { name: "new_device_limit", hardwareId: "first" })).check,
    undefined,
  );
  await applyRemedy(ctx, id, check);
  assert.equal((await explained(ctx, id, { name: "new_device_limit" })).activate, "VALID");
});

test("a device that is active elsewhere is explained with the license it is active on", async () => {
  const ctx = await at("2030-06-15");
  const other = await makeLicense(ctx);
  const { id, key } = await makeLicense(ctx, {
    productId: other.productId,
    machineUniqueness: "product",
  });
  await activateLicense(ctx, machine(other.key, "twice"));
  const twice = { name: "activated_once", hardwareId: "twice" } as const;
  const { check, texts, activate } = await explained(ctx, id, twice);
  assert.equal(activate, "MACHINE_ALREADY_ACTIVATED");
  assert.deepEqual(texts, [
    `The device is active on license ${other.id} of the same product, and can be activated there only once.`,
    `Deactivate the device on license ${other.id}.`,
    "Allow the device on several licenses of a product.",
  ]);
  assert.equal(await answerOf(activateLicense(ctx, machine(key, "twice"))), activate);
  await applyRemedy(ctx, id, check);
  assert.equal((await explained(ctx, id, twice)).activate, "VALID");
});

test("a full license that replaces idle devices says which one, or from when", async () => {
  const terms = { machineReplacement: "longest_idle", replacementIdleDays: 30, maxActivations: 1 } as const;
  const { id, key } = await makeLicense(await at("2030-01-01"), terms);
  await activateLicense(await at("2030-01-01"), machine(key, "idle", "Laptop"));
  const early = await explained(await at("2030-01-15"), id, { name: "activation_limit" });
  assert.deepEqual([early.activate, ...early.texts], [
    "ACTIVATION_LIMIT_REACHED",
    "All activations are used: 1 of 1. A new device takes that of a device that is idle for 30 days; none is.",
    "Raise the activation limit to 2.",
    "Wait: a new device takes the activation of Laptop (last seen 2030-01-01) from 2030-01-31 10:00 UTC on, unless " +
    "that one is heard of before.",
    "Deactivate one of these devices: Laptop (last seen 2030-01-01).",
  ]);
  assert.equal(await answerOf(activateLicense(await at("2030-01-15"), machine(key, "new"))), early.activate);
  const ctx = await at("2030-01-31");
  const late = await explained(ctx, id, { name: "activation_limit" });
  assert.deepEqual([early.replaces, late.replaces?.hardwareId], [null, "idle"]);
  assert.deepEqual([late.activate, ...late.texts], [
    "VALID",
    "1 of 1 activations are used. A new device takes that of Laptop (last seen 2030-01-01), which was idle for 30 " +
    "days or more.",
  ]);
  assert.equal(await answerOf(activateLicense(ctx, machine(key, "new"))), "VALID");
});

test("above a limit that was lowered idle devices are not replaced", async () => {
  const early = await at("2030-01-01");
  const { id, key } = await makeLicense(early, { machineReplacement: "longest_idle", maxActivations: 2 });
  for (const name of ["a", "b"]) await activateLicense(early, machine(key, name));
  await updateLicense(early, { id, changes: { maxActivations: 1 } });
  const ctx = await at("2030-06-01");
  const { activate, texts } = await explained(ctx, id, { name: "activation_limit" });
  assert.deepEqual([activate, texts[0]], [
    "ACTIVATION_LIMIT_REACHED",
    "All activations are used: 2 of 1. Idle devices are not replaced above the limit.",
  ]);
  assert.equal(await answerOf(activateLicense(ctx, machine(key, "new"))), activate);
});

test("a changed device is explained as the one that its components are of", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx, { machineMatching: "two" });
  const components = { board: "b-11aa22", disk: "d-33bb44", mac: "m-55cc66" };
  await activateLicense(ctx, { ...machine(key, "old", "Workstation"), components });
  const known = await explained(ctx, id, {
    name: "components_match",
    components: { ...components, disk: "d-77dd88" },
  });
  assert.deepEqual([known.verify, known.activate, ...known.texts], [
    "VALID",
    "VALID",
    "The device has 2 components of Workstation, and is recognised as it: its activation gets the new fingerprint.",
  ]);
  const other = await explained(ctx, id, {
    name: "components_match",
    components: { board: "b-11aa22", disk: "d-1", mac: "m-1" },
  });
  assert.deepEqual([other.verify, other.check!.code, ...other.texts], [
    "NOT_ACTIVATED",
    "NOT_ACTIVATED",
    "The fingerprint is unknown, and the device has 1 component of an activation; it is recognised by two components " +
    "that no other activation has as many of.",
    "Activate the license on this device as a new one.",
    "Change the device matching of the license to one that needs fewer components.",
  ]);
});

test("a placeholder fingerprint is refused, and says what the app has to do", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx);
  const hardwareId = "To Be Filled By O.E.M.";
  const { activate, texts } = await explained(ctx, id, { name: "fingerprint_accepted", hardwareId });
  assert.deepEqual([activate, ...texts], [
    "INVALID_REQUEST",
    "The fingerprint is a placeholder that many devices share; no new device is activated with it.",
    "Let the app compute the fingerprint from other properties of the device.",
  ]);
  assert.equal(await answerOf(activateLicense(ctx, machine(key, hardwareId))), activate);
});

test("a device with a placeholder fingerprint is not recognised by its components", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx, { machineMatching: "any" });
  const components = { board: "b-11aa22" };
  await activateLicense(ctx, { ...machine(key, "old"), components });
  const hardwareId = "To Be Filled By O.E.M.";
  const { activate, check } = await explained(ctx, id, { name: "components_match", hardwareId, components });
  assert.deepEqual([activate, check], ["INVALID_REQUEST", undefined]);
  assert.equal(await answerOf(activateLicense(ctx, { ...machine(key, hardwareId), components })), activate);
});

test("disabling is explained with its reason, and with what is scheduled", async () => {
  const ctx = await at("2030-06-15");
  const { id } = await makeLicense(ctx);
  await disableLicenses(ctx, { licenseIds: [id], at: "2030-07-01T00:00:00Z", reason: "Chargeback" });
  assert.deepEqual((await explained(ctx, id, { name: "enabled" })).texts, [
    "The license is enabled. It will be disabled at 2030-07-01 00:00 UTC: Chargeback.",
  ]);
  await disableLicenses(ctx, { licenseIds: [id], reason: "Unpaid." });
  await enableLicenses(ctx, { licenseIds: [id], at: "2030-06-20T00:00:00Z" });
  assert.deepEqual((await explained(ctx, id, { name: "enabled" })).texts, [
    "The license is disabled: Unpaid. It will be enabled at 2030-06-20 00:00 UTC.",
    "Enable the license.",
    "Wait: the license will be enabled at 2030-06-20 00:00 UTC.",
  ]);
});

test("a license that waits for its start says with what it starts, and for how long", async () => {
  const ctx = await at("2030-06-15");
  const { id, key } = await makeLicense(ctx, { duration: "P14D", expiryBasis: "first_activation" });
  const name = "not_expired";
  assert.deepEqual((await explained(ctx, id, { name })).texts, [
    "The license starts with its first activation, and is valid for P14D from that day.",
  ]);
  await activateLicense(ctx, machine(key, "first"));
  assert.deepEqual((await explained(ctx, id, { name })).texts, ["The license is valid until 2030-06-28."]);
});

test("a lapsed device on a full license is refused, and returns where it replaces an idle one", async () => {
  const early = await at("2030-01-01");
  const { id, key } = await makeLicense(early, { machineLease: "P40D", maxActivations: 1 });
  await activateLicense(early, machine(key, "lapsed"));
  await lapseIdleActivations(await at("2030-03-01"));
  await activateLicense(await at("2030-03-01"), machine(key, "other"));
  const given = { name: "activated", hardwareId: "lapsed" } as const;
  const verify = async (day: string) => (await verifyLicense(await at(day), machine(key, "lapsed"))).code;
  assert.equal((await explained(await at("2030-03-02"), id, given)).verify, "ACTIVATION_INACTIVE");
  assert.equal(await verify("2030-03-02"), "ACTIVATION_INACTIVE");
  await updateLicense(early, {
    id,
    changes: { machineReplacement: "longest_idle", replacementIdleDays: 30 },
  });
  assert.equal((await explained(await at("2030-03-02"), id, given)).verify, "ACTIVATION_INACTIVE");
  assert.equal(await verify("2030-03-02"), "ACTIVATION_INACTIVE");
  assert.equal((await explained(await at("2030-04-02"), id, given)).verify, "VALID");
  assert.equal(await verify("2030-04-02"), "VALID");
});
