// Disabling and enabling licenses with a reason, and at a time.
import assert from "node:assert/strict";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { deleteLicenses, restoreLicenses } from "../../server/domain/licenses/manage.ts";
import { previewChange } from "../../server/domain/licenses/preview.ts";
import {
  cancelScheduledChanges,
  changeLicenseEnabled,
  changeScheduledLicenses,
  disableLicenses,
  enableLicenses,
} from "../../server/domain/licenses/scheduled_changes.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const at = (time: string) => system.ctx(new Date(`2030-06-${time}Z`));
const ctx = await at("15T10:00:00");
const first = await makeLicense(ctx);
const make = () => makeLicense(ctx, { customerId: first.customerId, productId: first.productId });
const stateOf = async (id: number) => {
  const { isActive, disabledReason, disableAt, disableReason, enableAt } = await getLicenseById(ctx, id);
  return { isActive, disabledReason, disableAt, disableReason, enableAt };
};
const idle = { isActive: true, disabledReason: null, disableAt: null, disableReason: null, enableAt: null };
const typesOf = async (licenseId: number) =>
  (await listEvents(ctx, { licenseId })).rows.map(({ type }) => type);

test("A license is disabled with a reason, which the history has, and which enabling clears", async () => {
  const { id } = await make();
  await changeLicenseEnabled(ctx, { id, enabled: false, reason: "Chargeback" });
  assert.deepEqual(await stateOf(id), { ...idle, isActive: false, disabledReason: "Chargeback" });
  const { rows: [event] } = await listEvents(ctx, { licenseId: id });
  assert.deepEqual([event.type, event.after], ["license.disabled", {
    isActive: false,
    reason: "Chargeback",
  }]);
  await changeLicenseEnabled(ctx, { id, enabled: true });
  assert.deepEqual(await stateOf(id), idle);
  await assert.rejects(changeLicenseEnabled(ctx, { id: 999_999, enabled: true }), { code: "NOT_FOUND" });
});

test("What is scheduled is carried out once at its time, by any number of workers, and also when none ran", async () => {
  const { id } = await make();
  const { id: late } = await make();
  const pause = { at: "2030-06-20T12:00:00+02:00", reason: "Holiday" };
  const preview = await previewChange(ctx, { licenseIds: [id], action: "disable", ...pause });
  assert.deepEqual([preview.changes, preview.eventType], [1, "license.change_scheduled"]);
  assert.deepEqual(await disableLicenses(ctx, { licenseIds: [id, late], ...pause }), [id, late]);
  assert.deepEqual(await disableLicenses(ctx, { licenseIds: [id], ...pause }), [], "it is so already");
  await enableLicenses(ctx, { licenseIds: [id, late], at: "2030-06-25T00:00:00Z" });
  assert.deepEqual(await stateOf(id), {
    ...idle,
    disableAt: new Date("2030-06-20T10:00:00Z"),
    disableReason: "Holiday",
    enableAt: new Date("2030-06-25T00:00:00Z"),
  });
  const none = { disabled: 0, enabled: 0 };
  assert.deepEqual(await changeScheduledLicenses(await at("20T09:59:59")), none);
  await deleteLicenses(ctx, [late]);
  const workers = await at("20T10:00:00");
  const done = await Promise.all(Array.from({ length: 20 }, () => changeScheduledLicenses(workers)));
  assert.equal(done.reduce((sum, { disabled }) => sum + disabled, 0), 1);
  assert.deepEqual(await stateOf(id), {
    ...idle,
    isActive: false,
    disabledReason: "Holiday",
    enableAt: new Date("2030-06-25T00:00:00Z"),
  });
  // No worker ran while one was to be disabled and enabled: both are carried out, in order.
  await restoreLicenses(ctx, [late]);
  assert.deepEqual(await changeScheduledLicenses(await at("28T00:00:00")), { disabled: 1, enabled: 2 });
  assert.deepEqual(await stateOf(id), idle);
  assert.deepEqual(await stateOf(late), idle);
  assert.deepEqual((await typesOf(late)).slice(0, 2), ["license.enabled", "license.disabled"]);
});

test("What is scheduled is cancelled, and a license that is disabled by then stays so", async () => {
  const { id } = await make();
  await disableLicenses(ctx, { licenseIds: [id], at: "2030-06-20T00:00:00Z", reason: "Planned" });
  assert.deepEqual(await cancelScheduledChanges(ctx, [id]), [id]);
  assert.deepEqual(await cancelScheduledChanges(ctx, [id]), []);
  assert.deepEqual((await typesOf(id)).slice(0, 2), [
    "license.schedule_cancelled",
    "license.change_scheduled",
  ]);
  await disableLicenses(ctx, { licenseIds: [id], at: "2030-06-20T00:00:00Z", reason: "Planned" });
  await disableLicenses(ctx, { licenseIds: [id], reason: "Chargeback" });
  assert.deepEqual(await changeScheduledLicenses(await at("21T00:00:00")), { disabled: 0, enabled: 0 });
  assert.deepEqual(await stateOf(id), { ...idle, isActive: false, disabledReason: "Chargeback" });
});

test("A time that is past is refused and changes nothing", async () => {
  const { id } = await make();
  for (const past of ["2030-06-15T10:00:00Z", "2000-01-01T00:00:00Z"]) {
    const refused = { code: "INVALID_REQUEST", facts: { field: "at", reason: "in_the_past" } };
    await assert.rejects(disableLicenses(ctx, { licenseIds: [id], at: past }), refused);
    await assert.rejects(previewChange(ctx, { licenseIds: [id], action: "enable", at: past }), refused);
  }
  assert.deepEqual(await stateOf(id), idle);
});

test("the database connections close", () => system.db.end());
