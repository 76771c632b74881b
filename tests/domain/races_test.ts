// Limits under concurrency: never more activations or seats than the license allows.
import assert from "node:assert/strict";
import { type ApiKeyRow, createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { requestLicenses } from "../../server/domain/licenses/issue_many.ts";
import { setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { createSigningKey, rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { type Reply, startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const server = await startTestServer();
// A second server, because in-memory state of one process must not be what enforces a limit.
const other = await startTestServer({}, server);
const ctx = await server.ctx();

const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const through = (n: number) => n % 2 ? server : other;
const activate = (key: string, hardware: string, n: number) =>
  through(n).post("/api/license/activate", { license_key: key, hardware_hash: hardware });
const countOf = (replies: Reply[], status: number) =>
  replies.filter((reply) => reply.status === status).length;

async function activationsOf(licenseId: number) {
  const [row] = await server.db<{ inUse: number; active: number }[]>`
    select activations_in_use as in_use,
      (select count(*) from activations where license_id = licenses.id and is_active) as active
    from licenses
    where id = ${licenseId}`;
  return row;
}

test("of 200 concurrent machines on a license with a limit of 10 exactly 10 are activated", async () => {
  const license = await makeLicense(ctx, { maxActivations: 10 });
  const replies = await times(200, (n) => activate(license.key, `machine-${n}`, n));
  assert.equal(countOf(replies, 201), 10);
  const refused = replies.filter((reply) => reply.status !== 201);
  for (const { status, body } of refused) {
    assert.equal(status, 403);
    assert.equal(body.error.code, "ACTIVATION_LIMIT_REACHED");
    assert.deepEqual(body.error.details, { max_activations: 10, current_activations: 10 });
  }
  assert.deepEqual(await activationsOf(license.id), { inUse: 10, active: 10 });
});

test("200 concurrent activations of one machine: one row, one id, 200 successful responses", async () => {
  const license = await makeLicense(ctx, { maxActivations: 1 });
  const replies = await times(200, (n) => activate(license.key, "the machine", n));
  assert.equal(countOf(replies, 201), 1);
  assert.equal(countOf(replies, 200), 199);
  assert.equal(new Set(replies.map((reply) => reply.body.activation.id)).size, 1);
  assert.deepEqual(await activationsOf(license.id), { inUse: 1, active: 1 });
});

test("concurrent activations and deactivations keep the count exact and within the limit", async () => {
  const license = await makeLicense(ctx, { maxActivations: 3 });
  const replies = await times(150, (n) => {
    const machine = { license_key: license.key, hardware_hash: `machine-${n % 6}` };
    return through(n).post(n % 3 ? "/api/license/activate" : "/api/license/deactivate", machine);
  });
  for (const { status, body } of replies) {
    assert.ok([200, 201, 403, 404].includes(status), JSON.stringify(body));
  }
  const { inUse, active } = await activationsOf(license.id);
  assert.equal(inUse, active);
  assert.ok(inUse <= 3);
});

test("no machine is activated after the response that lowered the limit", async () => {
  const license = await makeLicense(ctx, { maxActivations: 100 });
  let lowered = 0;
  const granted: number[] = [];
  await Promise.all([
    times(120, async (n) => {
      const reply = await activate(license.key, `machine-${n}`, n);
      if (reply.status === 201) granted.push(performance.now());
    }),
    updateLicense(ctx, { id: license.id, changes: { maxActivations: 0 } }).then(() =>
      lowered = performance.now()
    ),
  ]);
  const inUse = (await activationsOf(license.id)).inUse;
  assert.equal(granted.length, inUse);
  const late = await times(20, (n) => activate(license.key, `late-${n}`, n));
  assert.equal(countOf(late, 403), 20);
  assert.equal((await activationsOf(license.id)).inUse, inUse);
  assert.ok(lowered > 0);
});

test("no activation is granted after a license was disabled", async () => {
  // More than the storm: a full license is refused for that.
  const license = await makeLicense(ctx, { maxActivations: 1000 });
  const storm = times(120, (n) => activate(license.key, `machine-${n}`, n));
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  const { inUse } = await activationsOf(license.id);
  const replies = await storm;
  assert.equal((await activationsOf(license.id)).inUse, inUse);
  assert.equal(countOf(replies, 201), inUse);
  const refused = replies.filter((reply) => reply.status !== 201);
  assert.deepEqual([...new Set(refused.map(({ status, body }) => `${status} ${body.error.code}`))], [
    "403 LICENSE_INACTIVE",
  ]);
});

test("of 200 machines that start at once on a license of 10 seats exactly 10 get one", async () => {
  const license = await makeLicense(ctx, { maxUsers: 10, maxActivations: 200 });
  const machine = (n: number) => ({ license_key: license.key, hardware_hash: `machine-${n}` });
  await times(200, (n) => activate(license.key, `machine-${n}`, n));
  const replies = await times(200, (n) => through(n).post("/api/license/session/start", machine(n)));
  assert.equal(countOf(replies, 201), 10);
  assert.equal(countOf(replies, 409), 190);
  const refusal = replies.find((reply) => reply.status === 409)!.body.error;
  assert.equal(refusal.code, "SESSION_LIMIT_REACHED");
  assert.deepEqual(refusal.details, { max_users: 10, active_sessions: 10 });
  const seats = new Set(
    replies.filter((reply) => reply.status === 201).map((reply) => reply.body.session_id),
  );
  assert.equal(seats.size, 10);
});

test("50 starts at once from one machine take one seat, also on a license that has only that one", async () => {
  const license = await makeLicense(ctx, { maxUsers: 1 });
  const machine = { license_key: license.key, hardware_hash: "machine" };
  await server.post("/api/license/activate", machine);
  const replies = await times(50, (n) => through(n).post("/api/license/session/start", machine));
  assert.equal(countOf(replies, 201), 50);
  assert.equal(new Set(replies.map(({ body }) => body.session_id)).size, 1);
  assert.ok(replies.every(({ body }) => body.active_sessions === 1));
});

test("20 concurrent requests with one Idempotency-Key: one effect, equal responses; another body is refused", async () => {
  const license = await makeLicense(ctx, { maxActivations: 50 });
  const body = { license_key: license.key, hardware_hash: "machine" };
  const headers = { "x-api-key": server.apiKey, "idempotency-key": "once" };
  const replies = await times(20, (n) => through(n).post("/api/license/activate", body, headers));
  for (const reply of replies) {
    assert.equal(reply.status, 201);
    assert.deepEqual(reply.body, replies[0].body);
  }
  assert.equal(replies.filter((reply) => !reply.headers.has("idempotent-replayed")).length, 1);
  const events = await server.db`
    select id
    from events
    where license_id = ${license.id} and type = 'license.activated'`;
  assert.equal(events.length, 1);
  const reused = await server.post("/api/license/activate", { ...body, hardware_hash: "another" }, headers);
  assert.equal(reused.status, 422);
  assert.equal(reused.body.error.code, "IDEMPOTENCY_KEY_REUSED");
});

test("forty concurrent heartbeats with different Idempotency-Keys do not deadlock", async () => {
  const license = await makeLicense(ctx, { maxActivations: 40 });
  await times(40, (n) => activate(license.key, `machine-${n}`, n));
  const replies = await times(
    40,
    (n) =>
      server.post("/api/license/heartbeat", { license_key: license.key, hardware_hash: `machine-${n}` }, {
        "idempotency-key": `beat-${n}`,
      }),
  );
  assert.equal(countOf(replies, 200), 40);
});

test("a machine deactivated while apps start on it has no seat afterwards", async () => {
  const license = await makeLicense(ctx, { maxUsers: 1000 });
  const machine = { license_key: license.key, hardware_hash: "machine" };
  for (let round = 0; round < 5; round++) {
    await server.post("/api/license/activate", machine);
    const [deactivated, ...started] = await Promise.all([
      other.post("/api/license/deactivate", machine),
      ...Array.from({ length: 20 }, (_, n) => through(n).post("/api/license/session/start", machine)),
    ]);
    assert.equal(deactivated.status, 200);
    const ids = started.filter((reply) => reply.status === 201).map((reply) => reply.body.session_id);
    for (const id of ids) {
      assert.equal((await server.post("/api/license/session/heartbeat", { session_id: id })).status, 404);
    }
    const [{ count }] = await server.db<{ count: number }[]>`
      select count(*) as count
      from seats
      where license_id = ${license.id} and expires_at > now()`;
    assert.equal(count, 0);
  }
});

test("200 concurrent rotations make 200 keys, of which one signs for the product and one for the others", async () => {
  const { id: productId } = await makeProduct(ctx);
  const created = await times(
    20,
    async (n) => createSigningKey(await through(n).ctx(), { productId }).catch((error) => error.code),
  );
  assert.equal(created.filter((result) => result === "CONFLICT").length, 19);
  const rotated = await times(
    200,
    async (n) => rotateSigningKey(await through(n).ctx(), { productId: n % 2 === 0 ? productId : null }),
  );
  assert.equal(new Set(rotated.map(({ kid }) => kid)).size, 200);
  for (const  of of[productId, null]) {
    const current = await server.db<{ kid: string }[]>`
      select kid
      from signing_keys
      where retired_at is null and product_id is not distinct from ${of}::bigint`;
    assert.equal(current.length, 1);
    assert.ok(rotated.some(({ kid, productId }) => kid === current[0].kid && productId === of));
  }
});

test("the same Idempotency-Key of two callers is two keys", async () => {
  const license = await makeLicense(ctx, { maxActivations: 50 });
  const second: { row: ApiKeyRow; key: string } = await createApiKey(ctx, {
    name: "second",
    productId: null,
  });
  const send = (hardware: string, key: string) =>
    server.post("/api/license/activate", { license_key: license.key, hardware_hash: hardware }, {
      "x-api-key": key,
      "idempotency-key": "shared",
    });
  assert.equal((await send("first", server.apiKey)).status, 201);
  assert.equal((await send("second", second.key)).status, 201);
  assert.equal((await activationsOf(license.id)).inUse, 2);
});

test("a job that waits does not hold up those that are requested after it", async () => {
  const [first, second] = [await makeLicense(ctx), await makeLicense(ctx)];
  const request = ({ customerId, productId }: typeof first) =>
    requestLicenses(ctx, { customerId, productId, count: 1 });
  const waiting = await request(first);
  const locker = await server.db.reserve();
  await locker`begin`;
  await locker`
    select 1
    from customers
    where id = ${first.customerId}
    for update`;
  const worker = await startTestWorker(server, {}, ["requests"]);
  const stateOf = async (id: number) =>
    (await server.db<{ state: string }[]>`
      select state
      from jobs
      where id = ${id}`)[0].state;
  await eventually(async () => await stateOf(waiting.id) === "running");
  const next = await request(second);
  await eventually(async () => await stateOf(next.id) === "done", 10_000);
  assert.equal(await stateOf(waiting.id), "running");
  await locker`rollback`;
  locker.release();
  await eventually(async () => await stateOf(waiting.id) === "done");
  await worker.stop();
});

test("the servers stop", async () => {
  await other.stop();
  await server.stop();
});
