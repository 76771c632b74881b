// The panel's health indicator: state of the database, Redis, the worker and the queues.
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { queueNames } from "../../server/domain/monitoring/queues.ts";
import { signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const server = await startTestServer();
const { client } = await signInToPanel(server, "viewer");

test("Health is reported with and without a worker", async () => {
  const before = await client.monitoring.health.query();
  assert.deepEqual(before.worker, { up: false, lastSeenAt: null });
  assert.deepEqual([before.redis.up, before.database.up, before.queues], [true, true, []]);
  assert.ok(before.database.ms >= 0 && new Date(before.server.startedAt) < new Date());
  const worker = await startTestWorker(server, {}, ["mail"]);
  const health = await eventually(async () => {
    const health = await client.monitoring.health.query();
    return health.worker.up && health;
  });
  await worker.stop();
  assert.deepEqual(health.queues.map(({ name }) => name), queueNames.toSorted());
  for (const { waiting, active, delayed, failed, measuredAt } of health.queues) {
    assert.ok([waiting, active, delayed, failed].every((count) => Number.isInteger(count) && count >= 0));
    assert.equal(measuredAt, health.worker.lastSeenAt);
  }
});

test("Health has the clock of each process", async () => {
  const clocks = await eventually(async () => {
    const { clocks } = await client.monitoring.health.query();
    return clocks.length > 0 && clocks;
  });
  assert.deepEqual(clocks.map(({ kind, machine }) => [kind, machine]), [["server", hostname()]]);
  assert.ok(Math.abs(clocks[0].differenceMs) < 100);
});

test("The server stops without an error", () => server.stop());
