// The panel's health indicator: state of the database, Redis, the worker and the queues.
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { connect } from "../../db/connect.ts";
import { queueNames } from "../../server/domain/monitoring/queues.ts";
import { makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
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

test("Calls that need a database that is away, or that accepts no writes, are answered 503 with Retry-After", async () => {
  const { token, email } = await makeAdministrator(server, "viewer");
  const { key } = await makeLicense(await server.ctx());
  const call = (path: string, body?: unknown) =>
    fetch(server.url + path, {
      method: body ? "POST" : "GET",
      headers: {
        authorization: `Bearer ${token}`,
        "x-api-key": server.apiKey,
        "content-type": "application/json",
        "sec-fetch-site": "same-origin",
      },
      body: body ? JSON.stringify(body) : undefined,
    });
  const writes = () => [
    call("/trpc/account.signIn", { email, password: PASSWORD }),
    call("/api/admin/login", { email, password: PASSWORD }),
    call("/api/license/activate", { license_key: key, hardware_hash: "machine" }),
    call("/api/v2/auth/magic-link/request", { email: "someone@example.com" }),
  ];
  const reads = () => [
    call("/trpc/monitoring.health"),
    call("/trpc/customers.list,products.list?batch=1&input=%7B%220%22%3A%7B%7D%2C%221%22%3A%7B%7D%7D"),
    call("/api/admin/customers"),
    call(`/api/license/info/${key}`),
  ];
  const assertUnavailable = async (calls: Promise<Response>[]) => {
    for (const response of await Promise.all(calls)) {
      const text = await response.text();
      assert.equal(response.status, 503, `${response.url}: ${text}`);
      assert.ok(Number(response.headers.get("retry-after")) >= 1, `${response.url} without Retry-After`);
      if (response.url.includes("/trpc/")) assert.match(text, /"code":"UNAVAILABLE"/);
    }
  };
  const other = new URL(server.databaseUrl);
  const name = other.pathname.slice(1);
  other.pathname = "/postgres";
  const admin = connect(other.href, { max: 1, name: "tests" });
  const change = async (change: string) => {
    await admin.unsafe(`alter database ${name} ${change}`);
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
  };
  await change("set default_transaction_read_only = on");
  await assertUnavailable(writes());
  assert.equal((await call("/api/admin/customers")).status, 200, "it is read meanwhile");
  await change("reset default_transaction_read_only");
  // Connections that were ended are noticed at the next statement.
  await eventually(async () => (await call("/api/admin/login", { email, password: PASSWORD })).ok);
  await change("allow_connections false");
  await assertUnavailable([...writes(), ...reads()]);
  await change("allow_connections true");
  await eventually(async () => (await Promise.all(reads())).every(({ status }) => status < 500));
  await admin.end();
  assert.doesNotMatch(server.logged(), /"message":"bug"/);
});

test("The server stops without an error", () => server.stop());
