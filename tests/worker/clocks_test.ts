// Servers and workers whose wall clock is wrong, jumps and is put right: the database's time decides, and scheduled work
// goes on.
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { Queue } from "bullmq";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { dayOf } from "../../server/domain/calendar.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { listAlerts } from "../../server/domain/monitoring/alerts.ts";
import { QUEUE_PREFIX } from "../../server/domain/monitoring/queues.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { PASSWORD } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startReceiver } from "../support/receiver.ts";
import { createWrongClock, DAY, HOUR } from "../support/wrong_clock.ts";
import { startProgram } from "../torture/programs.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, test } from "../support/test.ts";

const system = await createTestSystem();
const { key: apiKey } = await createApiKey(await system.ctx(), { name: "tests", productId: null });
const today = dayOf(new Date());

const machine = (licenseKey: string) => ({ license_key: licenseKey, hardware_hash: "machine" });

async function post(url: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/api/license/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": apiKey, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function lastHeartbeat(licenseId: number): Promise<Date> {
  const [{ at }] = await system.db<{ at: Date }[]>`
    select last_heartbeat as at
    from activations
    where license_id = ${licenseId}`;
  return at;
}

const isOfClock = ({ kind }: { kind: string }) => kind === "clock";

const isRecent = (at: Date) => Math.abs(at.getTime() - Date.now()) < 10_000;

test("a server whose clock is wrong decides by the database's time, also when its clock jumps", async () => {
  const clock = await createWrongClock(25 * HOUR);
  const server = await startProgram("server/main.ts", system.databaseUrl, system.redisUrl, {
    ...clock.options,
    env: { ...clock.options.env, RATE_LIMIT_HEARTBEAT: "off" },
  });
  const told = () =>
    server.log.flatMap(({ level, message }) => /^the clock/.test(message) ? [`${level} ${message}`] : []);
  const license = await makeLicense(await system.ctx(), { validFrom: today, validUntil: today });
  for (const [changes, shift] of [25 * HOUR, 0, -25 * HOUR, -HOUR].entries()) {
    await clock.set(shift);
    const seconds = (value: number) => Math.abs(value - shift / 1000) < 1;
    await eventually(async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      return seconds(Number(metrics.match(/^latchkey_clock_difference_seconds (.*)$/m)?.[1]));
    });
    const ready = await fetch(`${server.url}/health/ready`);
    const { checks, timestamp } = await ready.json();
    assert.deepEqual([ready.status, checks.clock.ok], [200, shift === 0], JSON.stringify(checks.clock));
    assert.ok(isRecent(new Date(timestamp)));
    const keyed = { "idempotency-key": `key of the tests ${shift}` };
    const activated = await post(server.url, "activate", machine(license.key), keyed);
    assert.ok(activated.status === 201 || activated.status === 200, JSON.stringify(activated));
    const verified = await post(server.url, "verify", machine(license.key));
    assert.equal(verified.body.code, "VALID", `shifted by ${shift}`);
    const repeated = await post(server.url, "activate", machine(license.key), keyed);
    assert.deepEqual(repeated, activated, "the saved answer");
    const heartbeat = await post(server.url, "heartbeat", machine(license.key));
    assert.ok(
      isRecent(new Date(heartbeat.body.last_heartbeat)),
      `heartbeat of ${heartbeat.body.last_heartbeat}`,
    );
    assert.ok(isRecent(await lastHeartbeat(license.id)));
    await eventually(() => Promise.resolve(told().length === changes + 1));
  }
  await clock.set(-600 * DAY);
  const person = { email: "owner@example.com", name: "Owner", role: "owner", password: PASSWORD } as const;
  await createAdministrator(await system.ctx(), person);
  const signedIn = await fetch(`${server.url}/api/admin/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: person.email, password: PASSWORD }),
  });
  assert.equal(signedIn.status, 200);
  assert.match(signedIn.headers.get("set-cookie")!, /; Max-Age=1209600;/);
  const cookie = signedIn.headers.get("set-cookie")!.split(";")[0];
  const token = await (await fetch(`${server.url}/api/admin/license/auth-token`, { headers: { cookie } }))
    .json();
  await clock.set(DAY);
  const authorization = `Bearer ${token.token}`;
  const opened = await fetch(`${server.url}/api/monitoring/live-stats`, { headers: { authorization } });
  assert.equal(opened.status, 200, await opened.text());
  assert.equal(await server.stop(), 0);
  const wrong = (difference: string) =>
    `warn the clock of this machine is ${difference} the database clock, whose time is used`;
  assert.deepEqual(told().slice(0, 4), [
    wrong("90,000 s ahead of"),
    "info the clock of this machine is right again",
    wrong("90,000 s behind"),
    wrong("3,600 s behind"),
  ]);
});

test("scheduled work goes on whatever the clocks of the workers do", async () => {
  const receiver = await startReceiver();
  const terms = { url: receiver.url, description: "", eventTypes: ["license.disabled"], headers: {} };
  const { secret } = await createWebhook(await system.ctx(), terms, readNetworks(["127.0.0.0/8"]));
  receiver.secret = secret;
  const license = await makeLicense(await system.ctx(), { validFrom: today, validUntil: today });
  const activation = { licenseKey: license.key, hardwareId: "machine" };
  await activateLicense(await system.ctx(), { ...activation, machineName: null, appVersion: null });
  await startSeat(await system.ctx(), activation);
  let sent = 0;
  const arrives = async (why: string) => {
    await setLicensesEnabled(await system.ctx(), { ids: [license.id], enabled: false });
    await setLicensesEnabled(await system.ctx(), { ids: [license.id], enabled: true });
    await receiver.arrived(++sent, 4000).catch(() => assert.fail(why));
  };
  const queue = new Queue("events", { connection: { url: system.redisUrl }, prefix: QUEUE_PREFIX });
  // As a worker of an earlier version left them.
  await queue.upsertJobScheduler("relay_events", { every: 200, startDate: Date.now() + DAY }, {
    name: "relay_events",
  });
  await queue.add("check_usage", {}, { delay: DAY });
  const clock = await createWrongClock(DAY);
  const startWorker = (options = {}) =>
    startProgram("worker/main.ts", system.databaseUrl, system.redisUrl, options);
  const worker = await startWorker(clock.options);
  await arrives("a worker a day ahead");
  await eventually(async () => {
    const done = await system.db<{ job: string }[]>`
      select job
      from job_schedules
      where job in ('check_expiry', 'delete_expired_seats') and next_run_at > now() + interval '30 seconds'`;
    return done.length === 2;
  });
  const alert = await eventually(async () => (await listAlerts(await system.ctx())).find(isOfClock));
  await eventually(async () =>
    await queue.getDelayedCount() === 0 && await queue.getJobSchedulersCount() === 0
  );
  await queue.close();
  assert.deepEqual([alert.subject, alert.severity], [hostname(), "warning"]);
  assert.match(alert.message, /^The clock of .* is 86,400 s ahead of the database clock; check/);
  const right = await startWorker();
  await arrives("beside it one with the right clock");
  await clock.set(0);
  await arrives("put right");
  await clock.set(-HOUR);
  await arrives("an hour back");
  assert.equal(await worker.stop(), 0);
  await arrives("the one with the right clock alone");
  assert.equal(await right.stop(), 0);
  await receiver.stop();

  const [{ count }] = await system.db<{ count: number }[]>`
    select count(*) as count
    from seats`;
  assert.equal(count, 1, "the live seat");
  const expired = await system.db`
    select type
    from events
    where type = 'license.expired'`;
  assert.equal(expired.length, 0, "the license of today");
});
