// The database's clock was ahead and is put back: what was planned or seen by the wrong time does not wait for it.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { writeHeartbeats } from "../../server/domain/activations/heartbeat_writes.ts";
import { claimJob } from "../../server/domain/jobs/lease.ts";
import { requestJob } from "../../server/domain/jobs/job.ts";
import { recordExpiries } from "../../server/domain/licenses/expiry_events.ts";
import { checkHealth, findLastHealthCheck } from "../../server/domain/monitoring/health_check.ts";
import { listAlerts } from "../../server/domain/monitoring/alerts.ts";
import { getNextDelay, takeDueJobs } from "../../server/domain/schedules.ts";
import { deleteExpiredSeats } from "../../server/domain/seats/end.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { relayEvents } from "../../server/domain/webhooks/fan_out.ts";
import { leaseWebhook, listDueWebhooks } from "../../server/domain/webhooks/lease.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { followClock } from "../../worker/jobs/follow_clock.ts";
import { makeLicense } from "../support/fixtures.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";
import { queueTextMail } from "../support/text_mail.ts";

const system = await createTestSystem();
const MINUTE = 60_000;
/** The right time, and the one of the clock that is two days ahead. */
const noon = Date.parse("2025-06-19T12:00:00Z");
const right = (minutes = 0) => system.ctx(new Date(noon + minutes * MINUTE));
const wrong = (minutes = 0) => system.ctx(new Date(noon + (minutes + 2 * 24 * 60) * MINUTE));
const minute = (at: Date | null) => at && (at.getTime() - noon) / MINUTE;

/** The one value of a row of one column, in minutes after noon where it is a time. */
async function value(of: ReturnType<typeof system.db>): Promise<unknown> {
  const [row] = await of;
  const [found] = Object.values(row);
  return found instanceof Date ? minute(found) : found;
}

test("schedules are due at once when their next run is further ahead than their period", async () => {
  const schedules = [{ job: "often", every: 200 }, { job: "hourly", every: 3_600_000 }];
  assert.deepEqual((await takeDueJobs(await wrong(), schedules)).toSorted(), ["hourly", "often"]);
  assert.deepEqual(await takeDueJobs(await wrong(), schedules), []);
  assert.equal(await getNextDelay(await wrong(), schedules), 200);
  assert.equal(await getNextDelay(await right(), schedules), 0);
  assert.deepEqual((await takeDueJobs(await right(), schedules)).toSorted(), ["hourly", "often"]);
});

test("what was seen, leased or planned by a clock that was ahead continues by the right time", async () => {
  assert.deepEqual(await followClock(await wrong()), { setBackSeconds: 0 });
  const license = await makeLicense(await right(), {
    maxUsers: 1,
    validFrom: "2025-01-01",
    validUntil: "2025-06-20",
  });
  const machine = { licenseKey: license.key, hardwareId: "machine", machineName: null, appVersion: null };
  const { activation } = await activateLicense(await right(), machine);
  await activateLicense(await right(), { ...machine, hardwareId: "other" });
  const endless = await makeLicense(await right(), { maxUsers: 1, validFrom: "2025-01-01" });
  const seated = { licenseKey: endless.key, hardwareId: "machine", machineName: null, appVersion: null };
  await activateLicense(await wrong(), seated);
  await startSeat(await wrong(), seated);
  await writeHeartbeats(system.db, [{
    activationId: activation.id,
    at: (await wrong()).now,
    appVersion: null,
  }]);
  const { row: webhook } = await createWebhook(
    await right(),
    { url: "http://127.0.0.1:1/", description: "", eventTypes: ["license.expired"], headers: {} },
    readNetworks(["127.0.0.0/8"]),
  );
  assert.deepEqual(
    await recordExpiries(await wrong()),
    { expired: 1, graceStarted: 0, expiring: 0 },
    "falsely",
  );
  await system.settled();
  await relayEvents(await wrong(), () => Promise.resolve());
  await leaseWebhook(await wrong(), { webhookId: webhook.id, token: crypto.randomUUID() }, 4000);
  await queueTextMail(await wrong(), { to: "owner@example.com", subject: "s", text: "t" });
  const job = await requestJob(await wrong(), { kind: "issue_licenses", input: {}, total: null });
  assert.equal((await claimJob(await wrong()))?.job.id, job.id);
  const well = { machine: "m1", loadPerCore: 0, queues: {}, databaseMs: 1, databaseDownMs: 0 };
  await checkHealth(await wrong(), { ...well, loadPerCore: 99 });
  await followClock(await wrong());

  assert.deepEqual(await followClock(await right()), { setBackSeconds: 2 * 24 * 3600 });
  assert.deepEqual(await followClock(await right()), { setBackSeconds: 0 });
  const alert = (await listAlerts(await right())).find(({ kind }) => kind === "clock");
  assert.match(alert!.message, /^The database's clock was put back by 172,800 s/);

  // Seen.
  await writeHeartbeats(system.db, [{
    activationId: activation.id,
    at: (await right(2)).now,
    appVersion: null,
  }]);
  assert.equal(
    await value(system.db`select last_heartbeat from activations where id = ${activation.id}`),
    2,
    "a heartbeat by the right time",
  );
  await checkHealth(await right(1), well);
  assert.equal(minute(await findLastHealthCheck(await right())), 1);
  assert.deepEqual((await listAlerts(await right())).map(({ kind }) => kind).toSorted(), ["clock", "load"]);
  await checkHealth(await right(4), well);
  assert.equal((await listAlerts(await right())).length, 0, "cleared when no longer observed");

  // Leased and planned.
  assert.deepEqual(await listDueWebhooks(await right()), [webhook.id]);
  assert.equal((await claimJob(await right(2)))?.job.id, job.id);
  assert.equal(await value(system.db`select max(next_attempt_at) from mails`), 0);
  assert.equal(await deleteExpiredSeats(await right(4)), 0, "the seat gets one more time to live");
  assert.equal(await deleteExpiredSeats(await right(6)), 1);

  // The license of tomorrow expires on its day.
  assert.deepEqual(await recordExpiries(await right()), { expired: 0, graceStarted: 0, expiring: 0 });
  assert.deepEqual(await recordExpiries(await wrong()), { expired: 1, graceStarted: 0, expiring: 0 });
});
