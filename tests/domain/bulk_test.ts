// Bulk changes of licenses: the preview equals the result, and an extension can be undone.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { type CalendarDay, endOfPeriod, type PeriodEnd } from "../../server/domain/calendar.ts";
import type { Context } from "../../server/domain/context.ts";
import { extendLicenses, undoExtension } from "../../server/domain/licenses/extend.ts";
import { claimJob } from "../../server/domain/jobs/lease.ts";
import { issueMany, requestLicenses } from "../../server/domain/licenses/issue_many.ts";
import { getCustomer } from "../../server/domain/customers/customers.ts";
import { getLicenseById, listLicenseIds, listLicenses } from "../../server/domain/licenses/list.ts";
import {
  deleteLicenses,
  restoreLicenses,
  setLicensesEnabled,
  updateLicense,
} from "../../server/domain/licenses/manage.ts";
import { previewChange } from "../../server/domain/licenses/preview.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { countSubscribers } from "../../server/domain/webhooks/fan_out.ts";
import { createWebhook, setWebhookEnabled } from "../../server/domain/webhooks/manage.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const DAY = 86_400_000;
const start = Date.parse("2030-06-15T10:00:00Z");
const onDay = (day: number) => system.ctx(new Date(start + day * DAY));
const UNKNOWN = 999_999;

/** Licenses of one customer: expired, with a future expiry, and never expiring. */
async function createThreeLicenses(ctx: Context) {
  const past = await makeLicense(ctx, { validFrom: "2030-01-01", validUntil: "2030-05-31" });
  const { customerId, productId } = past;
  const ahead = await makeLicense(ctx, { customerId, productId, validUntil: "2030-12-31" });
  const endless = await makeLicense(ctx, { customerId, productId, validUntil: null });
  return { past, ahead, endless, customerId, ids: [past.id, ahead.id, endless.id] };
}

test("An extension equals its preview and records an event for each license", async () => {
  const ctx = await onDay(0);
  const { past, ahead, ids } = await createThreeLicenses(ctx);
  await activateLicense(ctx, { licenseKey: ahead.key, hardwareId: "m", machineName: null, appVersion: null });
  const preview = await previewChange(ctx, {
    licenseIds: [...ids, ahead.id, UNKNOWN],
    action: "extend",
    by: "P1Y",
  });
  const { first, ...counts } = preview;
  assert.deepEqual(counts, {
    total: 4,
    changes: 2,
    unchanged: 1,
    missing: 1,
    machines: 1,
    eventType: "license.updated",
  });
  assert.deepEqual(first.map(({ id, key, before, after }) => ({ id, key, before, after })), [
    {
      id: ahead.id,
      key: ahead.key,
      before: { validUntil: "2030-12-31" },
      after: { validUntil: "2031-12-31" },
    },
    // An expired license is extended from today.
    { id: past.id, key: past.key, before: { validUntil: "2030-05-31" }, after: { validUntil: "2031-06-15" } },
  ]);
  assert.match(first[0].customerName, /^Customer /);
  assert.equal((await getLicenseById(ctx, ahead.id)).validUntil, "2030-12-31", "a preview changes nothing");

  const { extended, ends } = await extendLicenses(ctx, { licenseIds: ids, by: "P1Y" });
  assert.equal(extended, 2);
  assert.deepEqual(ends, [
    { id: past.id, was: "2030-05-31", is: "2031-06-15" },
    { id: ahead.id, was: "2030-12-31", is: "2031-12-31" },
  ]);
  const { rows: [event] } = await listEvents(ctx, { licenseId: ahead.id });
  assert.deepEqual([event.type, event.before, event.after], [
    "license.updated",
    { validUntil: "2030-12-31" },
    { validUntil: "2031-12-31" },
  ]);
});

test("Undoing an extension restores licenses that have not changed since, and skips the others", async () => {
  const ctx = await onDay(0);
  const { past, ahead, ids } = await createThreeLicenses(ctx);
  const { id: deleted } = await makeLicense(ctx, { validUntil: "2030-12-31" });
  const { ends } = await extendLicenses(ctx, { licenseIds: [...ids, deleted], by: "P1M" });
  await updateLicense(ctx, { id: ahead.id, changes: { validUntil: "2033-03-03" } });
  await deleteLicenses(ctx, [deleted]);
  assert.deepEqual(await undoExtension(ctx, { ends: [...ends, ends[0]] }), { restored: 1, skipped: 2 });
  assert.equal((await getLicenseById(ctx, past.id)).validUntil, "2030-05-31");
  assert.equal((await getLicenseById(ctx, ahead.id)).validUntil, "2033-03-03");
  const { rows: [event] } = await listEvents(ctx, { licenseId: past.id });
  assert.deepEqual([event.before, event.after], [{ validUntil: "2030-07-15" }, { validUntil: "2030-05-31" }]);
  assert.deepEqual(await undoExtension(ctx, { ends }), { restored: 0, skipped: 3 }, "undoing is idempotent");
});

test("Undoing skips a license that would expire before it starts", async () => {
  const ctx = await onDay(0);
  const { id } = await makeLicense(ctx, { validUntil: "2030-07-01" });
  const { ends } = await extendLicenses(ctx, { licenseIds: [id], by: "P1Y" });
  await updateLicense(ctx, { id, changes: { validFrom: "2030-10-01" } });
  assert.deepEqual(await undoExtension(ctx, { ends }), { restored: 0, skipped: 1 });
});

test("An expiry beyond the range of dates is refused and changes nothing", async () => {
  const ctx = await onDay(0);
  const { id } = await makeLicense(ctx, { validUntil: "9999-12-30" });
  for (
    const work of [
      previewChange(ctx, { licenseIds: [id], action: "extend", by: "P9999Y" }),
      extendLicenses(ctx, { licenseIds: [id], by: "P9999Y" }),
    ]
  ) await assert.rejects(work, { code: "INVALID_REQUEST", facts: { reason: "ends_too_late" } });
  assert.equal((await getLicenseById(ctx, id)).validUntil, "9999-12-30");
  const { id: last } = await makeLicense(ctx, { validUntil: "9999-12-31" });
  assert.equal(
    (await extendLicenses(ctx, { licenseIds: [last], by: "P1D" })).extended,
    0,
    "as if it never expired",
  );
});

test("Extending n times by a period is extending by n periods at once, and undoing returns to each step", async () => {
  const ctx = await onDay(0);
  const first = await makeLicense(ctx, { validFrom: "2030-06-15", validUntil: "2031-01-30" });
  const { customerId, productId } = first;
  const days: CalendarDay[] = [
    "2030-07-30",
    "2031-01-30",
    "2031-01-29",
    "2031-02-27",
    "2032-02-28",
    "2030-12-31",
  ];
  const cases = days.flatMap((validUntil) =>
    (["D", "M", "Y"] as const).flatMap((unit) => [2, 5, 13].map((times) => ({ validUntil, unit, times })))
  );
  for (const { validUntil, unit, times } of cases) {
    const make = () => makeLicense(ctx, { customerId, productId, validFrom: "2030-06-15", validUntil });
    const [steps, once] = [await make(), await make()];
    const done = [];
    for (let time = 0; time < times; time++) {
      done.push((await extendLicenses(ctx, { licenseIds: [steps.id], by: `P1${unit}` })).ends);
    }
    await extendLicenses(ctx, { licenseIds: [once.id], by: `P${times}${unit}` });
    const about = `${times} times P1${unit} from ${validUntil}`;
    const end = async (id: number) => {
      const [row] = await system.db<
        PeriodEnd[]
      >`select valid_until, anchor_day from licenses where id = ${id}`;
      return { ...row };
    };
    assert.deepEqual(await end(steps.id), await end(once.id), about);
    // The next extension goes on from the step that was undone, with its anchor.
    await undoExtension(ctx, { ends: done.at(-1)! });
    await undoExtension(ctx, { ends: done.at(-2)! });
    await extendLicenses(ctx, { licenseIds: [steps.id], by: `P2${unit}` });
    assert.deepEqual(await end(steps.id), await end(once.id), `${about}, undone`);
  }
});

test("Ten extensions at once are ten periods", async () => {
  const ctx = await onDay(0);
  const { id } = await makeLicense(ctx, { validUntil: "2031-01-30" });
  await Promise.all(Array.from({ length: 10 }, () => extendLicenses(ctx, { licenseIds: [id], by: "P1M" })));
  assert.equal((await getLicenseById(ctx, id)).validUntil, endOfPeriod("2031-01-31", "P10M")?.validUntil);
});

test("Licenses issued one by one, by a job and by extensions from the 31st keep the end of the month", async () => {
  const ctx = await system.ctx(new Date("2030-01-31T10:00:00Z"));
  const { customerId, productId } = await makeLicense(ctx);
  const plan = await createPlan(ctx, {
    productId,
    code: "monthly",
    name: "Monthly",
    licenseType: "subscription",
    duration: "P1M",
    maxActivations: 1,
    maxUsers: 1,
    features: [],
  });
  const one = await makeLicense(ctx, { customerId, productId, planId: plan.id });
  await requestLicenses(ctx, { customerId, productId, planId: plan.id, count: 1 });
  const { job } = (await claimJob(ctx))!;
  await issueMany(ctx, job, () => ctx.now);
  const { rows: [issued] } = await listLicenses(ctx, { jobId: job.id });
  assert.equal(issued.validUntil, "2030-02-27");
  const { ends } = await extendLicenses(ctx, { licenseIds: [one.id, issued.id], by: "P1M" });
  assert.deepEqual(ends.map(({ was, is, anchorDay }) => [was, is, anchorDay]), [
    ["2030-02-27", "2030-03-30", 31],
    ["2030-02-27", "2030-03-30", 31],
  ]);
  await updateLicense(ctx, { id: one.id, changes: { validUntil: "2030-04-29" } });
  const { ends: [edited] } = await extendLicenses(ctx, { licenseIds: [one.id], by: "P1M" });
  assert.equal(edited.is, "2030-05-29", "a day that was set by hand is the anchor");
});

test("What a plan would end after the last day is refused by name", async () => {
  const ctx = await onDay(0);
  const { customerId, productId } = await makeLicense(ctx);
  const plan = await createPlan(ctx, {
    productId,
    code: "long",
    name: "Long",
    licenseType: "subscription",
    duration: "P999Y",
    maxActivations: 1,
    maxUsers: 1,
    features: [],
  });
  const late = { customerId, productId, planId: plan.id, validFrom: "9001-01-02" } as const;
  const refused = { code: "INVALID_REQUEST", facts: { field: "validFrom", reason: "ends_too_late" } };
  await assert.rejects(makeLicense(ctx, late), refused);
  await assert.rejects(requestLicenses(ctx, { ...late, count: 2 }), refused);
  assert.equal((await makeLicense(ctx, { ...late, validFrom: "9001-01-01" })).validUntil, "9999-12-31");
});

test("Enabling, disabling, deleting and restoring equal their previews", async () => {
  const ctx = await onDay(0);
  const { past, ids } = await createThreeLicenses(ctx);
  const previewOf = async (action: "enable" | "disable" | "delete" | "restore", day = 0) => {
    const { changes, unchanged, missing, eventType, first } = await previewChange(await onDay(day), {
      licenseIds: ids,
      action,
    });
    return [changes, unchanged, missing, eventType, first[0]?.before ?? null, first[0]?.after ?? null];
  };
  const off = [{ isActive: true }, { isActive: false }];
  await setLicensesEnabled(ctx, { ids: [past.id], enabled: false });
  assert.deepEqual(await previewOf("enable"), [1, 2, 0, "license.enabled", ...off.toReversed()]);
  assert.deepEqual(await previewOf("disable"), [2, 1, 0, "license.disabled", ...off]);
  assert.equal((await setLicensesEnabled(ctx, { ids, enabled: false })).length, 2);
  assert.deepEqual(await previewOf("delete"), [3, 0, 0, "license.deleted", null, null]);
  assert.deepEqual(await deleteLicenses(ctx, ids), ids.toSorted((a, b) => a - b));
  assert.deepEqual(await previewOf("enable"), [0, 0, 3, "license.enabled", null, null]);
  assert.deepEqual(await previewOf("restore"), [3, 0, 0, "license.restored", null, null]);
  assert.deepEqual(await previewOf("restore", 31), [0, 0, 3, "license.restored", null, null]);
  assert.deepEqual(await restoreLicenses(await onDay(31), ids), []);
  assert.equal((await restoreLicenses(ctx, ids)).length, 3);
  assert.deepEqual(await previewOf("restore"), [0, 3, 0, "license.restored", null, null]);
});

test("Subscribers are counted as events are delivered: enabled endpoints with that event type", async () => {
  const ctx = await onDay(0);
  const terms = { url: "https://example.com/hook", description: "", headers: {} };
  await createWebhook(ctx, { ...terms, eventTypes: ["*"] }, []);
  await createWebhook(ctx, { ...terms, eventTypes: ["license.disabled"] }, []);
  const { row } = await createWebhook(ctx, { ...terms, eventTypes: ["license.disabled"] }, []);
  await setWebhookEnabled(ctx, row.id, false);
  assert.deepEqual(
    [
      await countSubscribers(ctx, "license.disabled"),
      await countSubscribers(ctx, "license.updated"),
      // Not a public event.
      await countSubscribers(ctx, "license.restored"),
    ],
    [2, 1, 0],
  );
});

test("The ids of all licenses of a filter are listed in one call, newest first", async () => {
  const ctx = await onDay(0);
  const { customerId, ids, past } = await createThreeLicenses(ctx);
  assert.deepEqual(await listLicenseIds(ctx, { customerId }), { ids: ids.toReversed(), isMore: false });
  assert.deepEqual(await listLicenseIds(ctx, { customerId, state: "expired" }), {
    ids: [past.id],
    isMore: false,
  });
  await system.db`
    insert into licenses (
      key, key_digest, product_id, customer_id, type, valid_from, max_activations, max_users, created_at, updated_at
    )
    select 'many-' || n, sha256(n::text::bytea), ${past.productId}, ${customerId}, 'trial', '2030-01-01', 1, 1,
      ${ctx.now}, ${ctx.now}
    from generate_series(1, 10000) as n`;
  const all = await listLicenseIds(ctx, { customerId });
  assert.deepEqual([all.ids.length, all.isMore], [10_000, true]);
  const trials = await listLicenseIds(ctx, { customerId, type: "trial" });
  assert.deepEqual([trials.ids.length, trials.isMore], [10_000, false]);
  // Many matches of a text, by the key and by the customer's name.
  assert.deepEqual(await listLicenseIds(ctx, { q: "many-" }), trials);
  const { name } = await getCustomer(ctx, customerId);
  assert.deepEqual(await listLicenseIds(ctx, { q: name, customerId }), all);
  assert.deepEqual(await listLicenseIds(ctx, { q: name, customerId, type: "trial" }), trials);
  const preview = await previewChange(ctx, { licenseIds: trials.ids, action: "disable" });
  assert.deepEqual([preview.changes, preview.first.length], [10_000, 10]);
  assert.equal((await setLicensesEnabled(ctx, { ids: trials.ids, enabled: false })).length, 10_000);
});

test("the database connections close", () => system.db.end());
