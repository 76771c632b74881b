// Monitoring: live statistics, roll-ups for charts, alerts and health.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { listReadableMails } from "../../server/domain/mail/mail.ts";
import { listAlerts } from "../../server/domain/monitoring/alerts.ts";
import { getHealth } from "../../server/domain/monitoring/health.ts";
import { getLiveStats } from "../../server/domain/monitoring/live_stats.ts";
import { listStatistics, rollUpStatistics } from "../../server/domain/monitoring/statistics.ts";
import { checkHealth } from "../../server/domain/monitoring/health_check.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const start = Date.parse("2030-01-01T10:00:00Z");
const after = (seconds: number) => system.ctx(new Date(start + seconds * 1000));
const mail = { waiting: 0, active: 1, delayed: 2, failed: 3 };
const well = { machine: "m1", loadPerCore: 0.2, queues: { mail }, databaseMs: 2, databaseDownMs: 0 };

test("live statistics count the current rows", async () => {
  const license = await makeLicense(await after(0));
  const machine = { licenseKey: license.key, hardwareId: "m", machineName: null, appVersion: null };
  const { activation } = await activateLicense(await after(0), machine);
  await startSeat(await after(0), machine);
  const off = await makeLicense(await after(0));
  await setLicensesEnabled(await after(0), { ids: [off.id], enabled: false });
  const ctx = await after(100);
  for (let n = 0; n < 3; n++) {
    await ctx.heartbeats.write({
      activationId: activation.id,
      at: new Date(start + (70 + n * 10) * 1000),
      appVersion: null,
    });
  }
  const { metrics, alerts } = await getLiveStats(ctx);
  assert.deepEqual(metrics, {
    activeLicenses: 1,
    totalActivations: 1,
    activeSessions: 1,
    heartbeatsPerMinute: 3,
  });
  assert.deepEqual(alerts.map(({ message }) => message), ["No worker is running"]);
});

test("every event is counted once by hour and day, also by repeated and concurrent runs", async () => {
  await system.settled();
  for (let round = 0; round < 2; round++) {
    const [one, two] = await Promise.all([after(3700), after(3700)]);
    await Promise.all([rollUpStatistics(one), rollUpStatistics(two)]);
  }
  const of = async (span: "hour" | "day", ...measures: string[]) =>
    (await listStatistics(await after(3700), { measures, span, since: new Date("2030-01-01T00:00:00Z") }))
      .map(({ measure, startsAt, value }) => [measure, startsAt.toISOString().slice(11, 16), value]);
  assert.deepEqual(await of("hour", "license.created", "heartbeats"), [
    ["heartbeats", "10:00", 3],
    ["license.created", "10:00", 2],
  ]);
  assert.deepEqual(await of("day", "license.created"), [["license.created", "00:00", 2]]);
  assert.deepEqual(await of("hour", "licenses.active"), [["licenses.active", "11:00", 1]]);
});

test("a problem raises one alert, mails owners once, and is cleared after it is resolved, with a mail", async () => {
  const owner = { name: "Olga", role: "owner", password: "a long pass phrase 42" } as const;
  await createAdministrator(await after(0), { ...owner, email: "olga@example.com" });
  await createAdministrator(await after(0), { ...owner, role: "viewer", email: "victor@example.com" });
  const loaded = { ...well, loadPerCore: 3.4 };
  assert.deepEqual(await checkHealth(await after(4000), loaded), { raised: 1, cleared: 0 });
  assert.deepEqual(await checkHealth(await after(4015), loaded), { raised: 0, cleared: 0 });
  const [alert] = (await getLiveStats(await after(4016))).alerts;
  assert.equal(alert.severity, "warning");
  assert.match(alert.message, /^High CPU usage detected: 3\.4 per core/);
  assert.equal(alert.since.getTime(), start + 4_000_000);
  const mails = await listReadableMails(await after(4016));
  assert.deepEqual(mails.map(({ recipient }) => recipient), ["olga@example.com"]);
  assert.deepEqual(
    await checkHealth(await after(4030), well),
    { raised: 0, cleared: 0 },
    "it may recur immediately",
  );
  assert.deepEqual(await checkHealth(await after(4200), well), { raised: 0, cleared: 1 });
  assert.equal((await listAlerts(await after(4200))).length, 0);
  assert.deepEqual(await checkHealth(await after(4300), loaded), { raised: 1, cleared: 0 });
  const later = await listReadableMails(await after(4300));
  assert.deepEqual(later.map(({ recipient }) => recipient), Array(3).fill("olga@example.com"));
  assert.deepEqual(later.slice(0, 2).map(({ subject }) => subject), [
    "[Warning] High CPU usage detected: 3.4 per core on m1",
    "[Resolved] High CPU usage detected: 3.4 per core on m1",
  ]);
  assert.match(later[1].text, /Started 1 Jan 2030, 11:06 UTC, resolved 1 Jan 2030, 11:10 UTC/);
});

test("problems of Redis, the database, queues and webhooks raise an alert each", async () => {
  const terms = { url: "https://example.com/hook", description: "", eventTypes: ["*"], headers: {} };
  const { row: failing } = await createWebhook(await after(5000), terms, []);
  const { row: disabled } = await createWebhook(await after(5000), terms, []);
  await system.db`update webhooks set failing_since = ${new Date(start)} where id = ${failing.id}`;
  await system.db`
    update webhooks set is_active = false, disabled_reason = 'gone' where id = ${disabled.id}`;
  await checkHealth(await after(6000), { ...well, queues: null, databaseDownMs: 4200 });
  await checkHealth(await after(6000), { ...well, queues: { mail: { ...mail, waiting: 5000 } } });
  const alerts = await listAlerts(await after(6000));
  assert.deepEqual(alerts.map(({ kind, severity }) => `${kind} ${severity}`).sort(), [
    "database critical",
    "queue warning",
    "redis critical",
    "webhook critical",
    "webhook warning",
  ]);
});

test("health reports whether the worker is running, and the last known queue sizes", async () => {
  const at = async (seconds: number) => {
    const { worker, queues } = await getHealth(await after(seconds), () => 0);
    const [queue] = queues;
    return [worker.up, worker.lastSeenAt?.getTime(), queue.waiting, queue.failed, queue.measuredAt.getTime()];
  };
  const time = (seconds: number) => start + seconds * 1000;
  await checkHealth(await after(7000), { ...well, queues: { mail: { ...mail, waiting: 7 } } });
  assert.deepEqual(await at(7001), [true, time(7000), 7, 3, time(7000)]);
  await checkHealth(await after(7015), { ...well, queues: null });
  assert.deepEqual(await at(7016), [true, time(7015), 7, 3, time(7000)]);
  await checkHealth(await after(7030), well);
  await checkHealth(await after(7020), { ...well, queues: { mail: { ...mail, waiting: 9 } } });
  assert.deepEqual(
    await at(7031),
    [true, time(7030), 0, 3, time(7030)],
    "a slower worker overwrites nothing",
  );
  assert.deepEqual((await at(7100))[0], false);
});

test("an acknowledged heartbeat is in the database and survives a crash of the server", async () => {
  const server = await startTestServer();
  const license = await makeLicense(await server.ctx());
  const machine = { license_key: license.key, hardware_hash: "alive" };
  await server.post("/api/license/activate", machine);
  await server.db`update activations set last_heartbeat = '2020-01-01'`;
  const beats = await Promise.all(
    Array.from({ length: 20 }, () => server.post("/api/license/heartbeat", machine)),
  );
  const [{ lastHeartbeat }] = await server.db`select last_heartbeat from activations`;
  for (const { body } of beats) {
    assert.ok(Date.parse(body.last_heartbeat) <= lastHeartbeat.getTime(), body.last_heartbeat);
  }
  const { metrics } = await getLiveStats(await server.ctx());
  assert.ok(metrics.heartbeatsPerMinute >= 1 && metrics.heartbeatsPerMinute <= 20);
  await server.stop();
});

test("the database connections close", () => system.db.end());
