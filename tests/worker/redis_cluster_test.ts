// Redis Cluster: limits, waits after failed sign-ins and queues on three nodes, with slots that move and a node that fails.
import assert from "node:assert/strict";
import { emptyRedis } from "../../cli/backup/empty_redis.ts";
import { checkRedis } from "../../cli/doctor/redis_checks.ts";
import { eventsOf, masterNodes, openRedis } from "../../db/redis.ts";
import { allKeys } from "../../db/redis_keys.ts";
import { QUEUE_PREFIX, queueNames } from "../../server/domain/monitoring/queues.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { createQueueDashboard } from "../../server/operations/queue_dashboard_app.ts";
import { createAttemptCounter } from "../../server/request/attempt_counter.ts";
import { createRateLimiter } from "../../server/request/rate_limiter.ts";
import { times } from "../support/concurrency.ts";
import { eventsOfTests, recordManyEvents } from "../support/many_events.ts";
import { startReceiver } from "../support/receiver.ts";
import { type ClusterNode, startRedisCluster } from "../support/redis_cluster.ts";
import { startTestServer } from "../support/server.ts";
import { createTestSystem } from "../support/system.ts";
import { eventually, stopAtEnd, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const [cluster, system, receiver] = await Promise.all([
  startRedisCluster(),
  createTestSystem(),
  startReceiver(),
]);
const stopCluster = stopAtEnd(cluster.stop);
// A blocked connection of BullMQ that has lost its node may take half a minute to end.
const worker = await startTestWorker(system, { REDIS_URL: cluster.url, DRAIN_TIME_MS: "2000" });
const { secret } = await createWebhook(
  await system.ctx(),
  { url: receiver.url, description: "", eventTypes: [eventsOfTests], headers: {} },
  readNetworks(["127.0.0.0/8"]),
);
receiver.secret = secret;

/** The counts of two processes. A count may take as long as it likes, as the machine may be busy. */
const processes = await Promise.all([1, 2].map(async () => {
  const redis = openRedis(cluster.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  eventsOf(redis).on("error", () => {});
  await new Promise((resolve) => eventsOf(redis).once("ready", resolve));
  await Promise.all(masterNodes(redis).map((node) => node.ping()));
  return {
    redis,
    limiter: createRateLimiter(redis, 30_000),
    attempts: createAttemptCounter(redis, 30_000, { network: 5, account: 20 }, () => {}),
  };
}));
const limit = { name: "test", kind: "window", max: 10, windowMs: 3_600_000, maxWithoutRedis: 5 } as const;

/** How many of so many requests of a subject are allowed, by both processes in turn. */
async function countAllowed(subject: string, requests: number): Promise<number> {
  const allowances = await times(
    requests,
    async (n) => await processes[n % 2].limiter.consume(limit, subject),
  );
  return allowances.filter(({ allowed }) => allowed).length;
}

/** How many of so many wrong passwords of an account are checked, each from another address. */
async function countGuesses(account: string, guesses: number): Promise<number> {
  const begun = await times(guesses, (n) =>
    processes[n % 2].attempts.begin(
      { account, network: `${account}:198.51.100.${++addresses}` },
      { isKnownHere: false, now: new Date() },
    ));
  return begun.filter((each) => !("retryAfterMs" in each)).length;
}
let addresses = 0;

async function assertDelivered(wanted: string[]): Promise<void> {
  await eventually(() => {
    const arrived = new Set(receiver.received.map(({ id }) => id));
    return Promise.resolve(wanted.every((id) => arrived.has(id)));
  }, 15_000);
  assert.equal(receiver.refused, 0);
}

const slotOf = async (key: string) =>
  await cluster.masters[0].admin.call("cluster", "keyslot", key) as number;
const otherThan = (node: ClusterNode) => cluster.masters.find((each) => each !== node)!;

test("limits hold for every subject, whichever node counts it", async () => {
  const counts = await times(40, (n) => countAllowed(`subject ${n}`, 12));
  assert.deepEqual(counts, Array(40).fill(10));
  const keys = await Promise.all(cluster.masters.map(({ admin }) => admin.keys("{latchkey-limits-*")));
  assert.ok(keys.every(({ length }) => length > 0), "every node counts");
});

test("an account allows twenty wrong passwords from any number of addresses", async () => {
  assert.equal(await countGuesses("user:one", 30), 20);
  const keys = { account: "user:two", network: "user:two:192.0.2.1" };
  for (let n = 0; n < 4; n++) {
    await processes[n % 2].attempts.begin(keys, { isKnownHere: false, now: new Date() });
  }
  await processes[0].attempts.succeed(keys);
  const begun = await processes[1].attempts.begin(keys, { isKnownHere: false, now: new Date() });
  assert.deepEqual(begun, { networkFailures: 1, accountFailures: 1 });
});

test("a server counts on a cluster", async () => {
  const server = await startTestServer({ REDIS_URL: cluster.url, RATE_LIMIT_PUBLIC: "10" }, system);
  await eventually(async () => (await server.get("/health/ready")).body.redis, 20_000);
  assert.equal((await server.get("/")).headers.get("ratelimit-limit"), "10");
  await server.stop();
});

test("webhooks are delivered, and the dashboard shows every queue", async () => {
  await assertDelivered(await recordManyEvents(await system.ctx(), 20));
  const dashboard = createQueueDashboard({
    redisUrl: cluster.url,
    path: "/admin/queues",
    queues: [...queueNames],
    prefix: QUEUE_PREFIX,
    getPath: (request) => new URL(request.url).pathname,
  });
  const answer = await dashboard.app.request("/admin/queues/api/queues");
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).queues.length, queueNames.length);
  await dashboard.close();
});

test("counts and jobs follow their slots to another node", async () => {
  assert.equal(await countAllowed("moved", 6), 6);
  assert.equal(await countGuesses("user:moved", 12), 12);
  const moved = await recordManyEvents(await system.ctx(), 50);
  const kept = await Promise.all(cluster.masters.map(({ admin }) => admin.keys("{latchkey-*")));
  const tags = new Set(kept.flat().map((key) => key.slice(0, key.indexOf("}") + 1)));
  for (const tag of tags) {
    const slot = await slotOf(tag);
    await cluster.move(slot, otherThan(cluster.masterOf(slot)));
  }
  assert.equal(await countAllowed("moved", 6), 4);
  assert.equal(await countGuesses("user:moved", 12), 8);
  await assertDelivered(moved);
});

test("while a node is down its counts go on in each process, and jobs run when it is back", async () => {
  const subjects = Array.from({ length: 40 }, (_, n) => `down ${n}`);
  for (const subject of subjects) assert.equal(await countAllowed(subject, 4), 4);
  assert.equal(await countGuesses("user:down", 12), 12);
  const owner = otherThan(cluster.masterOf(await slotOf(QUEUE_PREFIX)));
  await owner.kill();
  const late = await recordManyEvents(await system.ctx(), 20);
  const counts = await Promise.all(subjects.map((subject) => countAllowed(subject, 20)));
  // Alone a process allows half of the limit, and goes on from the count it knows.
  assert.ok(counts.every((count) => count <= 6), counts.join());
  assert.ok(counts.some((count) => count === 6), "those of the other nodes are counted together");
  assert.ok(processes.some(({ limiter }) => !limiter.isConnected()));
  // Of the eight that are left each process knows of all but the other's last ones.
  assert.ok(await countGuesses("user:down", 40) <= 2 * 8 + 2);
  await owner.start();
  await assertDelivered(late);
  await eventually(() => Promise.resolve(processes.every(({ limiter }) => limiter.isConnected())), 15_000);
});

test("the doctor looks at every master, and says when REDIS_URL names one node only", async () => {
  const [found] = await checkRedis({ REDIS_URL: cluster.url });
  assert.match(found.found, /a cluster of 3 masters/);
  const [{ options }] = cluster.masters.map(({ admin }) => admin);
  const one = `redis://:${options.password}@127.0.0.1:${options.port}`;
  const [single] = await checkRedis({ REDIS_URL: one });
  assert.deepEqual([single.result, single.next], ["failure", "Begin REDIS_URL with redis+cluster://"]);
});

test("every key has the prefix, and a restore deletes them on all nodes", async () => {
  await worker.stop();
  for (const { limiter, redis } of processes) {
    limiter.close();
    redis.disconnect();
  }
  const keys = async () => (await Promise.all(cluster.masters.map(({ admin }) => admin.keys("*")))).flat();
  const before = await keys();
  assert.deepEqual(before.filter((key) => !key.startsWith(allKeys.replace("*", ""))), []);
  await cluster.masters[0].admin.set("of another program", 1).catch(() => {});
  // Some have expired meanwhile.
  const deleted = await emptyRedis(cluster.url);
  assert.ok(deleted > 0 && deleted <= before.length, `${deleted} of ${before.length}`);
  assert.deepEqual((await keys()).filter((key) => key.startsWith("{latchkey-")), []);
  await receiver.stop();
  await stopCluster();
  await system.db.end();
});
