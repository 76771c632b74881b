// Limits on administrators' sign-ins: shared by REST and tRPC, and halved while Redis is unavailable.
import assert from "node:assert/strict";
import { Redis } from "ioredis";
import { countLocally } from "../../server/request/rate_limit_counters.ts";
import { openPanel, refusalOf } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const wrong = { email: "unknown@example.com", password: "not the password" };

test("REST and tRPC share the limit on sign-ins", async () => {
  const server = await startTestServer({ RATE_LIMIT_AUTH: "4" });
  const { client } = openPanel(server);
  const codes = [];
  for (let n = 0; n < 3; n++) {
    codes.push((await server.post("/api/admin/login", wrong, { "x-api-key": null })).body.error.code);
    codes.push((await refusalOf(client.account.signIn.mutate(wrong))).code);
  }
  assert.deepEqual(codes, [
    ...Array.from({ length: 4 }, () => "SIGN_IN_FAILED"),
    "RATE_LIMITED",
    "RATE_LIMITED",
  ]);
  await server.stop();
});

test("without Redis each process allows half as many, over REST and tRPC", async () => {
  const server = await startTestServer({
    RATE_LIMIT_AUTH: "4",
    REDIS_URL: "redis://127.0.0.1:1",
    REDIS_TIMEOUT_MS: "50",
  });
  const { client } = openPanel(server);
  const rest = await server.post("/api/admin/login", wrong, { "x-api-key": null });
  assert.equal(rest.body.error.code, "SIGN_IN_FAILED");
  assert.equal((await refusalOf(client.account.signIn.mutate(wrong))).code, "SIGN_IN_FAILED");
  assert.equal((await refusalOf(client.account.signIn.mutate(wrong))).code, "RATE_LIMITED");
  assert.equal((await server.post("/api/admin/login", wrong, { "x-api-key": null })).status, 429);
  await server.stop();
});

test("log and metrics take methods and routes from closed lists", async () => {
  const server = await startTestServer();
  for (const method of ["BREW", "PROPFIND"]) {
    await (await fetch(`${server.url}/api/license/verify`, { method })).body?.cancel();
  }
  await server.get("/no/such/address");
  await server.get("/trpc/no.such.procedure");
  const { body } = await server.get("/metrics");
  assert.match(body, /method="OTHER",route="\/api\/license\/verify",status="405"/);
  assert.doesNotMatch(body + server.logged(), /BREW|PROPFIND|no\/such|no\.such/);
  await server.stop();
});

test("a Redis that is emptied or too slow grants no fresh count of sign-ins", async () => {
  const server = await startTestServer({ RATE_LIMIT_AUTH: "4", REDIS_TIMEOUT_MS: "2000" });
  const signIn = async () =>
    (await server.post("/api/admin/login", wrong, { "x-api-key": null })).body.error.code;
  const redis = new Redis(server.redisUrl);
  for (let n = 0; n < 4; n++) assert.equal(await signIn(), "SIGN_IN_FAILED");
  await redis.flushdb();
  assert.equal(await signIn(), "RATE_LIMITED");
  redis.disconnect();
  await server.stop();
});

test("counts go on in the process from what Redis counted last", () => {
  const limit = { name: "test", kind: "window", max: 5, windowMs: 60_000 } as const;
  const local = countLocally();
  local.learn({ key: "a", limit }, [4, 30_000]);
  assert.deepEqual([local.known("a"), local.known("b")], [4, 0]);
  assert.equal(local.count({ key: "a", limit })[0], 5);
  assert.equal(local.count({ key: "b", limit })[0], 1);
});
