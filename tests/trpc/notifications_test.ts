// Notifications: which events notify whom, how repetitions are counted, what is read, and what each administrator wants.
import assert from "node:assert/strict";
import { catalogue, type EventType, eventTypes } from "../../server/domain/events/catalogue/catalogue.ts";
import { recordEvent } from "../../server/domain/events/record.ts";
import { requestJob } from "../../server/domain/jobs/job.ts";
import { claimJob, failJob, finishJob } from "../../server/domain/jobs/lease.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { updateAlerts } from "../../server/domain/monitoring/alerts.ts";
import {
  kindOfAlert,
  kindsOfAlerts,
  notificationKindNames,
  notificationKinds,
} from "../../server/domain/events/catalogue/notification_kinds.ts";
import { pruneNotifications } from "../../server/domain/events/notifications/notify.ts";
import { notificationSources } from "../../server/domain/events/notifications/sources.ts";
import { alertKinds } from "../../server/domain/monitoring/alerts.ts";
import { openPanel, refusalOf, signInToPanel } from "../support/panel.ts";
import { makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const owner = await signInToPanel(server, "owner");
const viewer = await signInToPanel(server, "viewer");
const start = Date.now();
const after = async (minutes: number) => ({
  ...await server.ctx(),
  now: new Date(start + minutes * 60_000),
});
const redis = {
  kind: "redis",
  subject: "vm1",
  severity: "critical",
  message: "Redis is not responding on vm1",
} as const;
const unread = async (who = owner) => (await who.client.notifications.unread.query()).count;
const list = async (who = owner) => (await who.client.notifications.list.query({})).rows;

test("an alert is one notification to everyone, counts its repetitions and says when it is resolved", async () => {
  for (const minute of [0, 10, 20]) {
    await updateAlerts(await after(minute), [redis]);
    await updateAlerts(await after(minute + 5), []);
  }
  await updateAlerts(await after(30), [redis]);
  const [row, ...others] = await list();
  assert.deepEqual(others, []);
  assert.deepEqual([row.kind, row.severity, row.count, row.isRead], ["system", "critical", 4, false]);
  assert.deepEqual([row.firstAt, row.lastAt].map((at) => Date.parse(String(at))), [
    start,
    start + 30 * 60_000,
  ]);
  assert.deepEqual(row.facts, { type: "alert", alert: "redis", of: "vm1", message: redis.message });
  assert.equal(row.resolvedAt, null);
  await updateAlerts(await after(40), []);
  assert.equal(Date.parse(String((await list(viewer))[0].resolvedAt)), start + 40 * 60_000);
  assert.deepEqual([await unread(), await unread(viewer)], [1, 1]);
  await updateAlerts(await after(40 + 25 * 60), [redis]);
  const [again] = await list();
  assert.deepEqual([again.id, again.count, again.resolvedAt], [row.id, 1, null], "a day later it is new");
  await updateAlerts(await after(40 + 25 * 60 + 5), []);
});

test("what is read is each administrator's own, and is unread again when it happens again", async () => {
  const [{ id }] = await list();
  await owner.client.notifications.mark.mutate({ id, isRead: true });
  assert.deepEqual([await unread(), await unread(viewer)], [0, 1]);
  assert.deepEqual((await owner.client.notifications.list.query({ unread: true })).rows, []);
  await owner.client.notifications.mark.mutate({ id, isRead: false });
  assert.equal(await unread(), 1);
  assert.equal(await owner.client.notifications.markAllRead.mutate(), 1);
  assert.equal(await owner.client.notifications.markAllRead.mutate(), 0);
  await updateAlerts(await after(3000), [redis]);
  assert.deepEqual([await unread(), (await list())[0].isRead], [1, false]);
  await owner.client.notifications.markAllRead.mutate();
  await viewer.client.notifications.markAllRead.mutate();
});

test("an anomaly is raised, resolved and reopened without becoming unread", async () => {
  const record = async (type: "activity.suspicious" | "anomaly.resolved" | "anomaly.reopened") => {
    const kind = "license_hopping";
    const facts = {
      "activity.suspicious": { kind, subject: "machine:SECRET", severity: "critical", licensesWithinADay: 9 },
      "anomaly.resolved": { kind, note: null },
      "anomaly.reopened": { kind },
    } as const;
    await recordEvent(await after(3001), { type, subjectId: 77, after: facts[type] } as never);
    return (await list()).find((row) => row.subjectId === 77)!;
  };
  const found = await record("activity.suspicious");
  assert.deepEqual([found.kind, found.severity], ["anomalies", "critical"]);
  assert.deepEqual(found.facts, {
    type: "anomaly",
    anomaly: "license_hopping",
    counts: { licensesWithinADay: 9 },
  });
  await owner.client.notifications.mark.mutate({ id: found.id, isRead: true });
  assert.ok((await record("anomaly.resolved")).resolvedAt);
  const reopened = await record("anomaly.reopened");
  assert.deepEqual([reopened.resolvedAt, reopened.isRead, reopened.count], [null, true, 1]);
});

test("a job that failed or refused rows notifies only who requested it", async () => {
  await server.db`delete from notifications`;
  const actor = { kind: "administrator", id: viewer.id, name: "x", role: "manager" } as const;
  const run = async (input: Record<string, unknown>, settle: "fail" | Record<string, unknown>) => {
    await requestJob({ ...await server.ctx(), actor }, { kind: "import_leads", input, total: null });
    const { job } = (await claimJob(await server.ctx()))!;
    if (settle === "fail") await failJob(await server.ctx(), job, "The file is damaged.", new Date());
    else await finishJob(await server.ctx(), job, settle, new Date());
    return job.id;
  };
  await run({}, { imported: 5, failed: 0 });
  await run({ dryRun: true }, { failed: 3 });
  assert.deepEqual(await list(viewer), []);
  const bad = await run({}, { imported: 5, failed: 3 });
  const failed = await run({}, "fail");
  assert.deepEqual(
    (await list(viewer)).map(({ subjectId, severity, detail }) => [subjectId, severity, detail]),
    [
      [failed, "critical", "The file is damaged."],
      [bad, "warning", null],
    ],
  );
  assert.deepEqual([await unread(), await unread(viewer)], [0, 2]);
  const [{ id }] = await list(viewer);
  const refused = await refusalOf(owner.client.notifications.mark.mutate({ id, isRead: true }));
  assert.equal(refused.code, "NOT_FOUND", "nor may others mark it");
});

test("a sign-in from a new browser and a changed password notify the account", async () => {
  const { email, id } = await makeAdministrator(server, "viewer");
  const signIn = async (browser: string) => {
    const response = await fetch(`${server.url}/trpc/account.signIn`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "sec-fetch-site": "same-origin",
        "user-agent": browser,
      },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    assert.equal(response.status, 200, await response.clone().text());
    await response.body?.cancel();
    return response.headers.get("set-cookie")!.match(/latchkey_session=([^;]+)/)![1];
  };
  await signIn("Firefox/140.0 Linux");
  await signIn("Firefox/141.0 Linux");
  const token = await signIn("Chrome/150 Windows");
  const { client } = openPanel(server, token);
  const { rows } = await client.notifications.list.query({ kind: "account" });
  assert.deepEqual(
    rows.map(({ subjectId, count, facts }) => [
      subjectId,
      count,
      facts.type === "signIn" && facts.browser,
    ]),
    [
      [id, 1, "Chrome/150 Windows"],
      [id, 1, "Firefox/140.0 Linux"],
    ],
  );
  await client.account.changePassword.mutate({ password: PASSWORD, newPassword: "another pass phrase 43" });
  const [newest] = (await client.notifications.list.query({ kind: "account" })).rows;
  assert.deepEqual(newest.facts, { type: "passwordChanged", by: "password" });
  assert.deepEqual(await list(), []);
});

test("a kind that is turned off is not shown, and the security of the account cannot be", async () => {
  const { notifications } = viewer.client;
  const before = await unread(viewer);
  assert.equal(before, 2);
  await notifications.toggle.mutate({ kind: "jobs", channel: "panel", isOn: false });
  assert.deepEqual([await unread(viewer), await list(viewer)], [0, []]);
  const settings = await notifications.settings.query();
  assert.deepEqual(settings.map(({ kind }) => kind), [...notificationKindNames]);
  assert.deepEqual(settings.find(({ kind }) => kind === "jobs"), {
    kind: "jobs",
    isShown: false,
    isMailed: false,
  });
  for (const choice of [{ kind: "account", channel: "panel" }, { kind: "jobs", channel: "email" }] as const) {
    const { code, details } = await refusalOf(notifications.toggle.mutate({ ...choice, isOn: true }));
    assert.deepEqual([code, details.field], ["INVALID_REQUEST", "channel"]);
  }
});

test("email about alerts goes to owners, and to whoever turned it on, in both directions", async () => {
  const to = async (subject: string) =>
    (await listReadableMails(await server.ctx())).filter((mail) => mail.subject.startsWith(subject))
      .map(({ recipient }) => recipient).sort();
  const emails = await server.db<{ id: number; email: string }[]>`select id, email from administrators`;
  const emailOf = (id: number) => emails.find((row) => row.id === id)!.email;
  await owner.client.notifications.toggle.mutate({ kind: "mail", channel: "email", isOn: false });
  await viewer.client.notifications.toggle.mutate({ kind: "mail", channel: "panel", isOn: false });
  await viewer.client.notifications.toggle.mutate({ kind: "mail", channel: "email", isOn: true });
  const condition = { kind: "mail", subject: "", severity: "warning", message: "3 emails bounced" } as const;
  await updateAlerts(await after(9000), [condition]);
  await updateAlerts(await after(9010), []);
  assert.deepEqual(await to("[Warning] 3 emails"), [emailOf(viewer.id)]);
  assert.deepEqual(await to("[Resolved] 3 emails"), [emailOf(viewer.id)]);
});

test("notifications are deleted ninety days after they last happened, with what was read of them", async () => {
  assert.equal(await pruneNotifications(await after(89 * 24 * 60)), 0);
  const { count } = await server.db`select from notifications`;
  assert.ok(count > 0);
  assert.equal(await pruneNotifications(await after(99 * 24 * 60)), count);
  assert.equal((await server.db`select from notification_reads`).count, 0);
});

test("every source is an event that refreshes notifications, and every alert has a kind", () => {
  const sources = Object.keys(notificationSources) as EventType[];
  const refreshing = eventTypes.filter((type) => catalogue[type].refreshes.includes("notifications"));
  assert.deepEqual(sources.sort(), refreshing.sort());
  assert.deepEqual(Object.keys(kindsOfAlerts).sort(), [...alertKinds].sort());
  for (const kind of alertKinds) assert.ok(notificationKinds[kindsOfAlerts[kind]].isMailed);
  assert.equal(kindOfAlert({ kind: "queue", subject: "webhook 3" }), "webhooks");
});

test("the server stops", () => server.stop());
