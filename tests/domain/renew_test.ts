// Renewing licenses: by their own duration, from where their terms say, and how that is undone.
import assert from "node:assert/strict";
import type { CalendarDay } from "../../server/domain/calendar.ts";
import type { Context } from "../../server/domain/context.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { undoExtension } from "../../server/domain/licenses/extend.ts";
import { deleteLicenses } from "../../server/domain/licenses/manage.ts";
import { previewChange } from "../../server/domain/licenses/preview.ts";
import { renewLicense, renewLicenses } from "../../server/domain/licenses/renew.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const TODAY = "2030-06-15";
const ctx = await system.ctx(new Date(`${TODAY}T10:00:00Z`));
const first = await makeLicense(ctx);
const { customerId, productId } = first;

interface Terms {
  validUntil: CalendarDay | null;
  duration?: string | null;
  renewalBasis?: string;
  anchorDay?: number | null;
  updates?: string | null;
  updatesUntil?: CalendarDay | null;
}

async function makeOne(ctx: Context, terms: Terms): Promise<number> {
  const { validUntil, duration = "P1M", renewalBasis = "expiry", anchorDay = null } = terms;
  const { id } = await makeLicense(ctx, { customerId, productId, validFrom: "2024-01-01", validUntil });
  await system.db`
    update licenses
    set duration = ${duration}, renewal_basis = ${renewalBasis}, anchor_day = ${anchorDay},
      updates = ${terms.updates ?? null}, updates_until = ${terms.updatesUntil ?? null}
    where id = ${id}`;
  return id;
}

async function endOf(id: number) {
  const [row] = await system.db`
    select valid_until, anchor_day, updates_until
    from licenses
    where id = ${id}`;
  return { ...row };
}

test("A renewal counts from the end, from today, or from today where the license is expired", async () => {
  const cases: [string, CalendarDay, CalendarDay][] = [
    ["expiry", "2030-07-31", "2030-08-31"],
    ["expiry", "2030-03-31", "2030-04-30"],
    ["now", "2030-03-31", "2030-07-14"],
    ["now", "2030-06-30", "2030-07-14"],
    ["now_if_expired", "2030-03-31", "2030-07-14"],
    ["now_if_expired", "2030-06-14", "2030-07-14"],
    ["now_if_expired", TODAY, "2030-07-15"],
    ["now_if_expired", "2030-07-31", "2030-08-31"],
  ];
  for (const [renewalBasis, validUntil, renewed] of cases) {
    const id = await makeOne(ctx, { renewalBasis, validUntil });
    const preview = await previewChange(ctx, { licenseIds: [id], action: "renew" });
    assert.deepEqual(preview.first.map(({ after }) => after), [{ validUntil: renewed }]);
    await renewLicense(ctx, id);
    assert.equal((await endOf(id)).validUntil, renewed, `${renewalBasis} of ${validUntil}`);
    const { rows: [event] } = await listEvents(ctx, { licenseId: id });
    assert.deepEqual([event.type, event.before, event.after], [
      "license.renewed",
      { validUntil },
      { validUntil: renewed },
    ]);
  }
});

test("Renewals at the ends of months keep the day on which periods begin", async () => {
  // Monthly from 31 January; yearly from 29 February.
  const monthly = await makeOne(ctx, { validUntil: "2031-02-27", anchorDay: 31 });
  const yearly = await makeOne(ctx, { validUntil: "2031-02-27", anchorDay: 29, duration: "P1Y" });
  await renewLicenses(ctx, { licenseIds: [monthly, yearly] });
  assert.deepEqual(await endOf(monthly), { validUntil: "2031-03-30", anchorDay: null, updatesUntil: null });
  assert.deepEqual(await endOf(yearly), { validUntil: "2032-02-28", anchorDay: null, updatesUntil: null });
  await renewLicense(ctx, monthly);
  assert.deepEqual(await endOf(monthly), { validUntil: "2031-04-29", anchorDay: 31, updatesUntil: null });
});

test("A renewal moves the end of the updates by the same period", async () => {
  const together = await makeOne(ctx, {
    validUntil: "2031-02-27",
    anchorDay: 31,
    updates: "P1M",
    updatesUntil: "2031-02-27",
  });
  const longer = await makeOne(ctx, {
    validUntil: "2030-06-30",
    updates: "P1Y",
    updatesUntil: "2031-05-31",
  });
  const past = await makeOne(ctx, {
    validUntil: "2030-06-30",
    renewalBasis: "now_if_expired",
    updates: "P1M",
    updatesUntil: "2030-01-31",
  });
  const { ends } = await renewLicenses(ctx, { licenseIds: [together, longer, past] });
  assert.deepEqual(await endOf(together), {
    validUntil: "2031-03-30",
    anchorDay: null,
    updatesUntil: "2031-03-30",
  });
  assert.equal((await endOf(longer)).updatesUntil, "2031-06-30");
  assert.equal((await endOf(past)).updatesUntil, "2030-07-14");
  const { rows: [event] } = await listEvents(ctx, { licenseId: longer });
  assert.deepEqual(event.after, { validUntil: "2030-07-31", updatesUntil: "2031-06-30" });
  // What was changed since is skipped.
  await system.db`update licenses set updates_until = '2035-01-01' where id = ${past}`;
  assert.deepEqual(await undoExtension(ctx, { ends }), { restored: 2, skipped: 1 });
  assert.deepEqual(await endOf(together), {
    validUntil: "2031-02-27",
    anchorDay: 31,
    updatesUntil: "2031-02-27",
  });
  assert.equal((await endOf(longer)).updatesUntil, "2031-05-31");
});

test("What is not renewed is named with its reason, and refused when it is the only one", async () => {
  const endless = await makeOne(ctx, { validUntil: null });
  const last = await makeOne(ctx, { validUntil: "9999-12-31" });
  const fixed = await makeOne(ctx, { validUntil: "2030-12-31", duration: null });
  const later = await makeOne(ctx, { validUntil: "2030-12-31", renewalBasis: "now" });
  const gone = await makeOne(ctx, { validUntil: "2030-12-31" });
  await deleteLicenses(ctx, [gone]);
  const ok = await makeOne(ctx, { validUntil: "2030-12-31" });
  const { renewed, notRenewed } = await renewLicenses(ctx, {
    licenseIds: [ok, endless, last, fixed, later, gone, ok],
  });
  assert.equal(renewed, 1);
  assert.deepEqual(notRenewed, [
    { id: endless, reason: "never_expires" },
    { id: last, reason: "never_expires" },
    { id: fixed, reason: "no_duration" },
    { id: later, reason: "ends_no_later" },
    { id: gone, reason: "not_found" },
  ]);
  await assert.rejects(renewLicense(ctx, gone), { code: "NOT_FOUND" });
  for (const { id, reason } of notRenewed.filter(({ id }) => id !== gone)) {
    await assert.rejects(renewLicense(ctx, id), { code: "CONFLICT", facts: { reason, licenseId: id } });
  }
});

test("A renewal beyond 9999-12-31 is refused and changes nothing; one that ends on it is not", async () => {
  const late = await makeOne(ctx, { validUntil: "9999-12-15" });
  await assert.rejects(renewLicense(ctx, late), {
    code: "INVALID_REQUEST",
    facts: { reason: "ends_too_late" },
  });
  assert.equal((await endOf(late)).validUntil, "9999-12-15");
  const exact = await makeOne(ctx, { validUntil: "9999-11-30" });
  await renewLicense(ctx, exact);
  assert.equal((await endOf(exact)).validUntil, "9999-12-31");
});

test("Two hundred renewals at once are two hundred periods; from today, they are one", async () => {
  const from = await makeOne(ctx, { validUntil: "2030-12-31", anchorDay: null });
  const today = await makeOne(ctx, { validUntil: "2030-06-20", renewalBasis: "now" });
  const done = await Promise.all(
    Array.from({ length: 200 }, () => renewLicenses(ctx, { licenseIds: [from, today] })),
  );
  assert.equal((await endOf(from)).validUntil, "2047-08-31");
  assert.equal((await endOf(today)).validUntil, "2030-07-14");
  assert.equal(done.filter(({ renewed }) => renewed === 2).length, 1);
});

test("the database connections close", () => system.db.end());
