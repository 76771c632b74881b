// Faults between an event and the webhook receiver: workers are killed; Redis stops, hangs and loses its data.
import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { Redis } from "ioredis";
import { startRedis } from "../../db/embedded/redis.ts";
import { listAlerts } from "../../server/domain/monitoring/alerts.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { openLog } from "../../server/request/log.ts";
import { createWebhook, setWebhookEnabled } from "../../server/domain/webhooks/manage.ts";
import { eventsOfTests, recordManyEvents } from "../support/many_events.ts";
import { answerWith, type Receiver, type ResponseHandler, startReceiver } from "../support/receiver.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, test } from "../support/test.ts";
import { spawnWorker, startTestWorker } from "../support/worker.ts";

const system = await createTestSystem();
const local = readNetworks(["127.0.0.0/8"]);

/** Runs a test with a receiver and an endpoint that exist only for its duration. */
async function withReceiver(
  respond: ResponseHandler,
  work: (receiver: Receiver) => Promise<void>,
): Promise<void> {
  const receiver = await startReceiver(respond);
  const terms = { url: receiver.url, description: "", eventTypes: [eventsOfTests], headers: {} };
  const { row, secret } = await createWebhook(await system.ctx(), terms, local);
  receiver.secret = secret;
  await work(receiver);
  await setWebhookEnabled(await system.ctx(), row.id, false);
  await receiver.stop();
}

const stranded = async () => {
  const [{ count }] = await system.db<{ count: number }[]>`
    select count(*) as count
    from webhook_deliveries d
    join webhooks w on w.id = d.webhook_id
    where w.is_active and d.delivered_at is null`;
  return count;
};

/** Makes deliveries that wait for their next attempt due, as time does. */
const retryNow = async () =>
  void await system.db`update webhook_deliveries set due_at = now() where due_at > now()`;

async function assertAllArrive(receiver: Receiver, wanted: string[], within: number): Promise<void> {
  const missing = () => {
    const got = new Set(receiver.received.map(({ id }) => id));
    return wanted.filter((id) => !got.has(id)).length;
  };
  await eventually(async () => missing() === 0 && await stranded() === 0, within);
  assert.equal(receiver.refused, 0, "every request verifies");
}

test("every event arrives under one id although the worker is killed repeatedly", async () => {
  const seen = new Set<string>();
  const refuseOneInTen: ResponseHandler = (response, { id }) => {
    const refused = !seen.has(id) && parseInt(id.slice(-4), 16) % 10 === 0;
    seen.add(id);
    setTimeout(() => response.writeHead(refused ? 503 : 204).end(), 100);
  };
  await withReceiver(refuseOneInTen, async (receiver) => {
    let worker = spawnWorker(system, "tests/support/worker_main.ts");
    const wanted = await recordManyEvents(await system.ctx(), 600);
    for (const [count, next] of [[100, "tests/support/worker_main.ts"], [200, "worker/main.ts"]] as const) {
      await receiver.arrived(count, 15_000);
      await worker.kill();
      worker = spawnWorker(system, next);
    }
    await eventually(() => Promise.resolve(wanted.every((id) => seen.has(id))), 18_000);
    assert.ok(await stranded() > 0, "those that were refused wait for their next attempt");
    await retryNow();
    await assertAllArrive(receiver, wanted, 18_000);
    assert.equal(await worker.stop(), 0, "a stopped worker exits with 0");
  });
});

test("every event arrives although Redis hangs, loses its data and is restarted", async () => {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-test-" });
  const options = { dir: join(folder, "redis"), installDir: resolve(".data/programs"), durable: false };
  let redis = await startRedis(options);
  const port = redis.port;
  // Redis gets a new password at every start, so the workers connect without one.
  const admin = new Redis(redis.url, { maxRetriesPerRequest: null });
  await admin.config("SET", "requirepass", "");
  const url = `redis://127.0.0.1:${port}`;
  const lines: { message: string; seconds?: number }[] = [];
  const log = openLog(
    "warn",
    (text) => lines.push(...text.trim().split("\n").map((line) => JSON.parse(line))),
  );
  const timing = { healthCheckInterval: 500 };
  const worker = await startTestWorker(system, { REDIS_URL: url }, [], { timing, log });
  await withReceiver(answerWith(204), async (receiver) => {
    await assertAllArrive(receiver, await recordManyEvents(await system.ctx(), 10), 5000);

    const pid = Number(await Deno.readTextFile(join(folder, "redis", "pid")));
    Deno.kill(pid, "SIGSTOP");
    const whileHung = await recordManyEvents(await system.ctx(), 50);
    Deno.kill(pid, "SIGCONT");
    await assertAllArrive(receiver, whileHung, 10_000);

    const whileEmptied = await recordManyEvents(await system.ctx(), 50);
    await admin.flushall();
    await assertAllArrive(receiver, whileEmptied, 12_000);

    admin.disconnect();
    await redis.stop();
    const whileDown = await recordManyEvents(await system.ctx(), 50);
    redis = await startRedis({ ...options, port });
    const again = new Redis(redis.url);
    await again.config("SET", "requirepass", "");
    again.disconnect();
    await assertAllArrive(receiver, whileDown, 15_000);
  });
  // One line when it went and one when it came back, each time it was noticed.
  await eventually(async () => {
    await log.flush();
    return lines.at(-1)?.message === "redis available again" && lines;
  });
  const messages = lines.map(({ message }) => message).filter((message) => message.startsWith("redis"));
  assert.ok(messages.length >= 2, String(messages));
  messages.forEach((message, n) =>
    assert.equal(message, n % 2 === 0 ? "redis unavailable: jobs wait" : "redis available again")
  );
  await worker.stop();
  await redis.stop();
  await Deno.remove(folder, { recursive: true });
});

test("a worker of one queue processes no other, and an unknown queue is refused with the list of queues", async () => {
  const webhooks = await startTestWorker(system, {}, ["webhooks"]);
  await withReceiver(answerWith(204), async (receiver) => {
    const events = await startTestWorker(system, {}, ["events"]);
    await assertAllArrive(receiver, await recordManyEvents(await system.ctx(), 5), 5000);
    const counted = async ({ metricsPort }: { metricsPort: number | null }) =>
      await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    // A job is counted when it has ended, which is a little after its deliveries.
    const one = await eventually(async () => {
      const metrics = await counted(webhooks);
      return /,job="deliver_webhooks"/.test(metrics) && metrics;
    });
    const other = await counted(events);
    // What a worker ran has the queue as well; when a job is due is the same in every worker.
    assert.doesNotMatch(one, /,job="relay_events"/);
    assert.match(other, /,job="relay_events"/);
    assert.doesNotMatch(other, /,job="deliver_webhooks"/);
    await events.stop();
  });
  await webhooks.stop();
  await assert.rejects(startTestWorker(system, {}, ["nonsense"]), /There is no queue "nonsense".*webhooks/);
});

test("a worker starts and stops without Redis, and owners are alerted meanwhile", async () => {
  const timing = { redisTimeout: 200 };
  const worker = await startTestWorker(system, { REDIS_URL: "redis://127.0.0.1:1" }, [], { timing });
  await eventually(async () => (await listAlerts(await system.ctx())).find(({ kind }) => kind === "redis"));
  const began = performance.now();
  await worker.stop();
  assert.ok(performance.now() - began < 12_000);
});

test("two workers share the deliveries and send none twice", async () => {
  const workers = [await startTestWorker(system), await startTestWorker(system)];
  await withReceiver(answerWith(204), async (receiver) => {
    const wanted = await recordManyEvents(await system.ctx(), 500);
    await assertAllArrive(receiver, wanted, 10_000);
    assert.equal(receiver.received.length, wanted.length);
  });
  for (const worker of workers) await worker.stop();
  await system.db.end();
});
