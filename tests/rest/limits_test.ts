// Rate limits: counts and subjects, response headers, several processes, and operation without Redis.
import assert from "node:assert/strict";
import { Redis } from "ioredis";
import { cloneStores } from "../support/database.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

test("the 101st call in a minute from one address is refused by any process", async () => {
  const server = await startTestServer({ RATE_LIMIT_PUBLIC: "100" });
  const other = await startTestServer({ RATE_LIMIT_PUBLIC: "100" }, server);
  const replies = await Promise.all(
    Array.from({ length: 130 }, (_, n) => (n % 2 ? server : other).get("/api/version/latest")),
  );
  assert.equal(replies.filter((reply) => reply.status === 429).length, 30);
  const [first] = replies.filter((reply) => reply.status !== 429);
  assert.equal(first.headers.get("ratelimit-limit"), "100");
  const remaining = replies.map((reply) => Number(reply.headers.get("ratelimit-remaining")));
  assert.deepEqual([...new Set(remaining)].sort((a, b) => a - b), Array.from({ length: 100 }, (_, n) => n));
  const refused = replies.find((reply) => reply.status === 429)!;
  assert.equal(refused.body.error.code, "RATE_LIMITED");
  const wait = Number(refused.headers.get("retry-after"));
  assert.ok(wait >= 1 && wait <= 60, `retry-after ${wait}`);
  assert.equal(refused.headers.get("ratelimit-reset"), refused.headers.get("retry-after"));
  await other.stop();
  await server.stop();
});

test("a large limit is exact although processes reserve parts of it in advance", async () => {
  const server = await startTestServer({ RATE_LIMIT_PUBLIC: "500" });
  const replies = await Promise.all(Array.from({ length: 600 }, () => server.get("/")));
  assert.equal(replies.filter((reply) => reply.status === 200).length, 500);
  await server.stop();
});

test("unknown paths and methods that are not allowed count as well", async () => {
  const server = await startTestServer({ RATE_LIMIT_PUBLIC: "4" });
  const replies = [];
  for (let n = 0; n < 3; n++) {
    replies.push((await server.get("/nowhere")).status, (await server.get("/api/license/activate")).status);
  }
  assert.deepEqual(replies, [404, 405, 404, 405, 429, 429]);
  await server.stop();
});

test("a heartbeat repeated with its Idempotency-Key counts once, and a refused one stores no key", async () => {
  const server = await startTestServer({ RATE_LIMIT_HEARTBEAT: "1" });
  const { key } = await makeLicense(await server.ctx());
  const machine = { license_key: key, hardware_hash: "machine" };
  await server.post("/api/license/activate", machine);
  const beat = (name: string) => server.post("/api/license/heartbeat", machine, { "idempotency-key": name });
  const statuses = [];
  for (const name of ["a", "a", "a", "b", "c", "c"]) statuses.push((await beat(name)).status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 429, 429]);
  const [{ count }] = await server.db<{ count: number }[]>`
    select count(*) as count
    from idempotency_keys
    where key = 'c'`;
  assert.equal(count, 0);
  await server.stop();
});

test("probes are never limited", async () => {
  const server = await startTestServer({ RATE_LIMIT_PUBLIC: "1" });
  for (const path of ["/health", "/metrics", "/health/ready"]) {
    for (let n = 0; n < 5; n++) {
      const reply = await server.get(path);
      assert.equal(reply.status, 200);
      assert.equal(reply.headers.has("ratelimit-limit"), false);
    }
  }
  await server.stop();
});

test("heartbeats are limited per activation: a burst of two, then one a minute", async () => {
  const server = await startTestServer({ RATE_LIMIT_HEARTBEAT: "1", RATE_LIMIT_PUBLIC: "1000" });
  const { key } = await makeLicense(await server.ctx());
  const beat = (hardware: string, as = key) =>
    server.post("/api/license/heartbeat", { license_key: as, hardware_hash: hardware });
  for (const hardware of ["one", "two"]) {
    await server.post("/api/license/activate", { license_key: key, hardware_hash: hardware });
  }
  assert.deepEqual([(await beat("one")).status, (await beat("one")).status], [200, 200]);
  const refused = await beat("one");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("ratelimit-limit"), "2");
  const wait = Number(refused.headers.get("retry-after"));
  assert.ok(wait > 50 && wait <= 60, `retry-after ${wait}`);
  // Another spelling of the license key counts for the same activation.
  assert.equal((await beat("one", key.toLowerCase().replaceAll("-", ""))).status, 429);
  assert.equal((await beat("two")).status, 200);
  await server.stop();
});

test("without Redis each process applies a limit of its own", async () => {
  const server = await startTestServer({ REDIS_URL: "redis://127.0.0.1:1/0", RATE_LIMIT_PUBLIC: "20" });
  const { key } = await makeLicense(await server.ctx());
  const machine = { license_key: key, hardware_hash: "machine" };
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);
  assert.equal((await server.post("/api/license/verify", machine)).body.valid, true);
  const replies = await Promise.all(
    Array.from({ length: 30 }, () => server.post("/api/license/verify", machine)),
  );
  assert.equal(replies.filter((reply) => reply.status === 200).length, 18);
  assert.equal(replies.filter((reply) => reply.status === 429).length, 12);
  const ready = await server.get("/health/ready");
  assert.equal(ready.status, 200);
  assert.equal(ready.body.redis, false);
  await server.stop();
});

test("a Redis that accepts no writes is not used, and readiness says so", async () => {
  const stores = await cloneStores();
  const redis = new Redis(stores.redisUrl);
  await redis.call("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+select", "+info", "+ping", "+client");
  const url = new URL(stores.redisUrl);
  url.username = "reader";
  url.password = "secret";
  const server = await startTestServer({ REDIS_URL: url.href, RATE_LIMIT_PUBLIC: "5" }, stores);
  const refusedWrites = async () => {
    const entries = await redis.call("ACL", "LOG") as (string | number)[][];
    return entries.reduce((sum, entry) => entry[9] === "reader" ? sum + Number(entry[1]) : sum, 0);
  };
  const statuses = async () => {
    const replies = await Promise.all(Array.from({ length: 6 }, () => server.get("/api/version/latest")));
    return replies.map(({ status }) => status).toSorted();
  };
  assert.equal((await statuses()).at(-1), 429);
  const refused = await refusedWrites();
  await eventually(async () => await refusedWrites() > refused);
  assert.equal((await server.get("/health/ready")).body.redis, false);
  await redis.call("ACL", "SETUSER", "reader", "+@all");
  await eventually(async () => (await server.get("/health/ready")).body.redis);
  await server.stop();
  await redis.call("ACL", "DELUSER", "reader");
  redis.disconnect();
  await stores.db.end();
});

test("the client address is the peer's, or the forwarded one from a trusted proxy", async () => {
  const plain = await startTestServer({ RATE_LIMIT_PUBLIC: "2" });
  const forwarded = (n: number) => ({ "x-forwarded-for": `203.0.113.${n}` });
  const spoofed = [
    await plain.get("/", forwarded(1)),
    await plain.get("/", forwarded(2)),
    await plain.get("/", forwarded(3)),
  ];
  assert.deepEqual(spoofed.map((reply) => reply.status), [200, 200, 429]);
  await plain.stop();

  const behind = await startTestServer({
    RATE_LIMIT_PUBLIC: "2",
    TRUSTED_PROXIES: "127.0.0.0/8, 10.0.0.0/8",
  });
  const statuses = async (header: string, calls: number) => {
    const replies = [];
    for (let n = 0; n < calls; n++) {
      replies.push((await behind.get("/", { "x-forwarded-for": header })).status);
    }
    return replies;
  };
  assert.deepEqual(await statuses("203.0.113.1", 3), [200, 200, 429]);
  assert.deepEqual(await statuses("203.0.113.2", 2), [200, 200]);
  // Forwarded addresses before the last untrusted hop are client input and are ignored.
  assert.deepEqual(await statuses("198.51.100.9, 203.0.113.2, 10.1.2.3", 1), [429]);
  // An IPv6 /64 network counts as one address.
  assert.deepEqual(await statuses("2001:db8:1:2::1", 2), [200, 200]);
  assert.deepEqual(await statuses("2001:db8:1:2:ffff::9", 1), [429]);
  await behind.stop();
});
