// Events that jobs record for expiry dates and usage thresholds. The time is passed in.
import assert from "node:assert/strict";
import { copyActivationTexts } from "../../server/domain/activations/search_texts.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { deactivateMachine } from "../../server/domain/activations/deactivate.ts";
import { deleteExpiredSeats } from "../../server/domain/seats/end.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { recordExpiries } from "../../server/domain/licenses/expiry_events.ts";
import { deleteOldInvitations } from "../../server/domain/administrators/invitations.ts";
import type { Context } from "../../server/domain/context.ts";
import { deleteFinishedJobs } from "../../server/domain/jobs/job.ts";
import { queueCustomerMails } from "../../server/domain/mail/customers/queue_customer_mails.ts";
import { deleteOldMails } from "../../server/domain/mail/mail.ts";
import { deleteLicenses, updateLicense } from "../../server/domain/licenses/manage.ts";
import { rollUpStatistics } from "../../server/domain/monitoring/statistics.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { recordThresholds } from "../../server/domain/usage/usage.ts";
import { relayEvents } from "../../server/domain/webhooks/fan_out.ts";
import { pruneHistory } from "../../worker/jobs/prune_history.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const at = (time: string) => system.ctx(new Date(time));

async function eventsOf(licenseId: number, ...types: string[]) {
  const rows = await system.db<{ type: string; after: Record<string, unknown> }[]>`
    select type, after
    from events
    where license_id = ${licenseId} and type = any(${types})
    order by id`;
  return [...rows];
}

async function recordAllThresholds(ctx: Context): Promise<void> {
  await system.settled();
  await recordThresholds(ctx);
}

const expiryEvents = async (licenseId: number) =>
  (await eventsOf(licenseId, "license.expiring", "license.expired")).map(({ type, after }) =>
    type === "license.expired" ? "expired" : after.daysLeft
  );

test("an expiring license has one event 30, 7 and 1 days before its expiry and one when it has expired", async () => {
  const license = await makeLicense(await at("2030-01-01T00:00:00Z"), {
    validFrom: "2030-01-01",
    validUntil: "2030-12-31",
  });
  const days = ["11-30", "12-01", "12-02", "12-24", "12-25", "12-30", "12-31"];
  for (const day of days) {
    const [one, two] = await Promise.all([at(`2030-${day}T00:00:30Z`), at(`2030-${day}T00:00:30Z`)]);
    await Promise.all([recordExpiries(one), recordExpiries(two)]);
  }
  assert.deepEqual(await expiryEvents(license.id), [30, 7, 1], "the last day is inclusive");
  await recordExpiries(await at("2031-01-01T00:00:01Z"));
  await recordExpiries(await at("2031-02-01T00:00:00Z"));
  assert.deepEqual(await expiryEvents(license.id), [30, 7, 1, "expired"]);
});

test("a sweep after weeks of downtime records only the events that still apply", async () => {
  const from = await at("2030-01-01T00:00:00Z");
  const ending = await makeLicense(from, { validFrom: "2030-01-01", validUntil: "2030-06-30" });
  const over = await makeLicense(from, { validFrom: "2030-01-01", validUntil: "2030-05-30" });
  await recordExpiries(await at("2030-06-26T12:00:00Z"));
  assert.deepEqual(await expiryEvents(ending.id), [4]);
  assert.deepEqual(await expiryEvents(over.id), ["expired"]);
});

test("a renewed license has new events, a short or deleted one none", async () => {
  const from = await at("2030-01-01T00:00:00Z");
  const renewed = await makeLicense(from, { validFrom: "2030-01-01", validUntil: "2030-01-20" });
  await recordExpiries(await at("2030-01-21T00:00:00Z"));
  await updateLicense(await at("2030-01-22T00:00:00Z"), {
    id: renewed.id,
    changes: { validUntil: "2030-03-31" },
  });
  await recordExpiries(await at("2030-03-01T00:00:00Z"));
  assert.deepEqual(await expiryEvents(renewed.id), ["expired", 30]);
  const trial = await makeLicense(from, { validFrom: "2030-01-01", validUntil: "2030-01-07" });
  await recordExpiries(from);
  assert.deepEqual(await expiryEvents(trial.id), [], "it has only started");
  const deleted = await makeLicense(from, { validFrom: "2030-01-01", validUntil: "2030-01-20" });
  await deleteLicenses(from, [deleted.id]);
  await recordExpiries(await at("2030-02-01T00:00:00Z"));
  assert.deepEqual(await expiryEvents(deleted.id), []);
});

const crossings = async (licenseId: number) =>
  (await eventsOf(licenseId, "usage.threshold")).map(({ after }) => `${after.of} ${after.threshold}`);

test("a license has an event at 80 and at 100 % of its limit, once for each crossing", async () => {
  const license = await makeLicense(await system.ctx());
  const machine = (n: number) => ({
    licenseKey: license.key,
    hardwareId: `machine-${n}`,
    machineName: null,
    appVersion: null,
  });
  for (let n = 1; n <= 3; n++) await activateLicense(await system.ctx(), machine(n));
  await recordAllThresholds(await system.ctx());
  assert.deepEqual(await crossings(license.id), []);
  await activateLicense(await system.ctx(), machine(4));
  const [one, two] = await Promise.all([system.ctx(), system.ctx()]);
  await system.settled();
  await Promise.all([recordThresholds(one), recordThresholds(two)]);
  await recordAllThresholds(await system.ctx());
  assert.deepEqual(await crossings(license.id), ["activations 80"]);
  await activateLicense(await system.ctx(), machine(5));
  await recordAllThresholds(await system.ctx());
  assert.deepEqual(await crossings(license.id), ["activations 80", "activations 100"]);
  await deactivateMachine(await system.ctx(), machine(5));
  await recordAllThresholds(await system.ctx());
  await activateLicense(await system.ctx(), machine(5));
  await recordAllThresholds(await system.ctx());
  assert.deepEqual(
    (await crossings(license.id)).slice(2),
    ["activations 100"],
    "usage fell below the limit in between",
  );
});

test("seat usage has events as well, also when seats expire in between", async () => {
  const license = await makeLicense(await system.ctx(), { maxUsers: 1 });
  const machine = { licenseKey: license.key, hardwareId: "machine", machineName: null, appVersion: null };
  await activateLicense(await system.ctx(), machine);
  await startSeat(await system.ctx(), machine);
  await recordAllThresholds(await system.ctx());
  assert.deepEqual(await crossings(license.id), ["seats 80", "seats 100"]);
  const later = await system.ctx(new Date(Date.now() + 600_000));
  assert.ok(await deleteExpiredSeats(later) >= 1);
  await recordAllThresholds(later);
  await startSeat(later, machine);
  await recordAllThresholds(later);
  assert.deepEqual(await crossings(license.id), ["seats 80", "seats 100", "seats 80", "seats 100"]);
});

test("events cannot be changed or deleted, and pruning keeps those that are still needed", async () => {
  await assert.rejects(system.db`delete from events where id = 1`, /append-only/);
  await assert.rejects(system.db`update events set type = 'a.b' where id = 1`, /append-only/);
  await assert.rejects(system.db`truncate events cascade`, /append-only/);
  const old = await system.ctx(new Date(Date.now() - 50 * 86_400_000));
  const license = await makeLicense(old);
  const ctx = await system.ctx();
  assert.equal((await pruneHistory(ctx)).events, 0, "by default the audit log is never pruned");
  await assert.rejects(changeSetting(ctx, "keepEventsFor", 5), { code: "INVALID_REQUEST" });
  await changeSetting(ctx, "keepEventsFor", 40);
  assert.equal((await pruneHistory(await system.ctx())).events, 0, "no reader has read it yet");
  await system.settled();
  await relayEvents(await system.ctx());
  await copyActivationTexts(await system.ctx());
  await recordThresholds(await system.ctx());
  await rollUpStatistics(await system.ctx());
  await queueCustomerMails(await system.ctx(), { publicUrl: "http://localhost", isReady: false });
  assert.ok((await pruneHistory(await system.ctx())).events >= 1);
  assert.deepEqual(await eventsOf(license.id, "license.created"), []);
  const [young] = await system.db`select prune_events(now() + interval '1 day', 10000) as count`;
  const [{ count }] = await system.db`
    select count(*) as count from events where occurred_at < now() - interval '30 days'`;
  assert.equal(count, 0, `${young.count}`);
  assert.ok((await eventsOf(license.id, "license.created")).length === 0);
  const [{ left }] = await system.db`select count(*) as left from events`;
  assert.ok(left > 10, "events of the last 30 days are always kept");
});

test("what is over is kept as long as the owner has set, and then deleted", async () => {
  const ctx = await system.ctx();
  const daysAgo = (days: number) => new Date(ctx.now.getTime() - days * 86_400_000);
  await system.db`
    insert into mails (kind, recipient, subject, created_at, next_attempt_at, sent_at)
    values ('test', 'a@example.com', 'Old', ${daysAgo(20)}, ${daysAgo(20)}, ${daysAgo(20)})`;
  await system.db`
    insert into jobs (kind, input, requested_at, state, finished_at)
    values ('import_leads', '{}', ${daysAgo(20)}, 'done', ${daysAgo(20)})`;
  await system.db`
    insert into administrator_invitations (email, name, role, token_hash, created_at, expires_at)
    values ('a@example.com', 'A', 'viewer', 'old', ${daysAgo(27)}, ${daysAgo(20)})`;
  await system.db`
    insert into alerts (kind, subject, severity, message, raised_at, last_seen_at, cleared_at)
    values ('load', 'vm', 'warning', 'Load', ${daysAgo(20)}, ${daysAgo(20)}, ${daysAgo(20)})`;
  await system.db`
    insert into anomalies (kind, subject, facts, found_at, last_seen_at, resolved_at, resolved_by)
    values ('license_hopping', 'x', '{}', ${daysAgo(20)}, ${daysAgo(20)}, ${daysAgo(20)}, 'A')`;
  const sweep = async () => {
    const ctx = await system.ctx();
    const { alerts, anomalies } = await pruneHistory(ctx);
    return [
      await deleteOldMails(ctx),
      await deleteFinishedJobs(ctx),
      await deleteOldInvitations(ctx),
      alerts,
      anomalies,
    ];
  };
  assert.deepEqual(await sweep(), [0, 0, 0, 0, 0], "by default 30 days, alerts forever");
  for (const name of ["keepMailsFor", "keepJobsFor", "keepSessionsFor", "keepAlertsFor"] as const) {
    await changeSetting(await system.ctx(), name, 10);
  }
  assert.deepEqual(await sweep(), [1, 1, 1, 1, 1]);
});

test("the database connections close", () => system.db.end());
