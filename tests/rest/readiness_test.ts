// Readiness says which part is not well and since when.
import assert from "node:assert/strict";
import { isReady, type ReadinessCheck, startReadiness } from "../../server/request/readiness.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

test("a check is dated from when its outcome last changed, and only a required one decides", async () => {
  let problem: string | null = null;
  let now = new Date("2026-01-01T00:00:00Z");
  const check: ReadinessCheck = {
    name: "part",
    isRequired: true,
    findProblem: () => problem,
    unknown: "It does not answer.",
  };
  const optional = { ...check, name: "optional", isRequired: false };
  const failing = {
    ...optional,
    name: "failing",
    findProblem: () => Promise.reject(new Error("password in here")),
  };
  const readiness = startReadiness([check, optional, failing], () => now);
  const observe = async (minute: number) => {
    now = new Date(Date.UTC(2026, 0, 1, 0, minute));
    const states = await readiness.check();
    const { isWell, since, problem } = states.get("part")!;
    return [isReady(states), isWell, since.getUTCMinutes(), problem];
  };

  assert.deepEqual(await observe(1), [true, true, 1, null]);
  assert.deepEqual(await observe(2), [true, true, 1, null]);
  problem = "It is away.";
  assert.deepEqual(await observe(3), [false, false, 3, "It is away."]);
  problem = "It is still away.";
  assert.deepEqual(await observe(4), [false, false, 3, "It is still away."]);
  problem = null;
  assert.deepEqual(await observe(5), [true, true, 5, null]);
  const { isWell, problem: hidden } = readiness.last().get("failing")!;
  assert.deepEqual([isWell, hidden], [false, "It does not answer."]);
  readiness.close();
});

test("a server that shuts down says so; Redis and the worker do not decide", async () => {
  const server = await startTestServer({ REDIS_URL: "redis://127.0.0.1:1" });
  const before = await server.get("/health/ready");
  assert.deepEqual([before.status, before.body.status, before.body.redis], [200, "ready", false]);
  assert.match(before.body.checks.redis.message, /Redis is not responding/);
  assert.deepEqual(
    Object.entries(before.body.checks).filter(([, check]) => (check as { required: boolean }).required)
      .map(([name]) => name),
    ["database", "migrations", "accepting"],
  );
  server.server.services.beginShutdown();
  const { status, body } = await server.get("/health/ready");
  assert.deepEqual([status, body.status, body.accepting], [503, "not_ready", false]);
  assert.match(body.checks.accepting.message, /shutting down/);
  await server.stop();
});
