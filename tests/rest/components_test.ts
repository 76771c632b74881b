// A machine that changed a part, and its fingerprint with it, keeps its activation where the license says so.
import assert from "node:assert/strict";
import type { MachineMatching } from "../../server/domain/policy/machine_matching.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { times } from "../support/concurrency.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const other = await startTestServer({}, server);
const ctx = await server.ctx();

async function licenseOf(machineMatching: MachineMatching, maxActivations = 1) {
  const license = await makeLicense(ctx, { maxActivations });
  await server.db`
    update licenses
    set machine_matching = ${machineMatching}
    where id = ${license.id}`;
  return license;
}

const parts = (board: string, disk: string, mac: string) => ({ board, disk, mac });
const machine = parts("board-1", "disk-1", "mac-1");

type Components = Record<string, string> | null;
const through = (n: number) => n % 2 ? other : server;
const call = (verb: string) => (key: string, fingerprint: string, components?: Components, n = 0) =>
  through(n).post(`/api/license/${verb}`, {
    license_key: key,
    hardware_hash: fingerprint,
    app_version: "1.0.0",
    components,
  });
const [activate, verify, heartbeat] = ["activate", "verify", "heartbeat"].map(call);

async function activationsOf(licenseId: number) {
  return [
    ...await server.db<{ id: number; hardwareId: string; isActive: boolean }[]>`
      select id, hardware_id, is_active
      from activations
      where license_id = ${licenseId}
      order by id`,
  ];
}
async function rebindsOf(licenseId: number) {
  return [
    ...await server.db<{ before: unknown; after: unknown; activationId: number }[]>`
      select before, after, activation_id
      from events
      where license_id = ${licenseId} and type = 'activation.rebound'
      order by id`,
  ];
}
async function inUse(licenseId: number) {
  const [row] = await server.db<{ activationsInUse: number }[]>`
    select activations_in_use
    from licenses
    where id = ${licenseId}`;
  return row.activationsInUse;
}

test("a machine at the limit that changed one part is activated as the same one", async () => {
  const license = await licenseOf("most");
  const first = await activate(license.key, "fp-1", machine);
  assert.equal(first.status, 201, JSON.stringify(first.body));
  const changed = await activate(license.key, "fp-2", { ...machine, disk: "disk-2" });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.equal(changed.body.activation.id, first.body.activation.id);
  assert.equal(changed.body.activation.hardware_hash, "fp-2");
  assert.deepEqual(await rebindsOf(license.id), [{
    before: { hardwareId: "fp-1" },
    after: { hardwareId: "fp-2", changedComponents: ["disk"] },
    activationId: first.body.activation.id,
  }]);
  assert.equal(await inUse(license.id), 1);
  // The components that it has now count from here on.
  const again = await activate(license.key, "fp-3", { board: "board-2", disk: "DISK 2", mac: "mac-1" });
  assert.equal(again.body.activation.id, first.body.activation.id);
  const unknown = await activate(license.key, "fp-4", parts("board-9", "disk-9", "mac-1"));
  assert.deepEqual([unknown.status, unknown.body.error.code], [403, "ACTIVATION_LIMIT_REACHED"]);
  assert.equal((await activationsOf(license.id)).length, 1);
});

for (const [name, call] of [["verification", verify], ["heartbeat", heartbeat]] as const) {
  test(`a ${name} with a new fingerprint is valid as the same activation, and the old fingerprint no longer`, async () => {
    const license = await licenseOf("two");
    const { body: { activation } } = await activate(license.key, "fp-1", machine);
    for (const server of [0, 1]) {
      assert.equal((await call(license.key, "fp-1", machine, server)).body.code, "VALID");
    }
    const drifted = await call(license.key, "fp-2", { ...machine, mac: "mac-2" });
    assert.deepEqual([drifted.status, drifted.body.code], [200, "VALID"]);
    assert.deepEqual(await activationsOf(license.id), [{
      id: activation.id,
      hardwareId: "fp-2",
      isActive: true,
    }]);
    assert.equal((await call(license.key, "fp-2", { ...machine, mac: "mac-2" }, 1)).body.code, "VALID");
    assert.equal((await call(license.key, "fp-1")).body.code, "NOT_ACTIVATED");
    // The other server hears of it.
    await eventually(async () => (await verify(license.key, "fp-1", null, 1)).body.code === "NOT_ACTIVATED");
    assert.equal((await rebindsOf(license.id)).length, 1);
  });
}

test("without components, and on a license that compares fingerprints, everything is as it was", async () => {
  const exact = await licenseOf("exact");
  await activate(exact.key, "fp-1", machine);
  assert.equal((await verify(exact.key, "fp-2", machine)).body.code, "NOT_ACTIVATED");
  assert.equal((await activate(exact.key, "fp-2", machine)).status, 403);
  const license = await licenseOf("any");
  await activate(license.key, "fp-1", machine);
  assert.equal((await verify(license.key, "fp-2")).body.code, "NOT_ACTIVATED");
  assert.equal((await activate(license.key, "fp-2")).status, 403);
});

test("an app that is updated to send components need not activate again", async () => {
  const license = await licenseOf("most");
  const { body: { activation } } = await activate(license.key, "fp-1");
  assert.equal((await verify(license.key, "fp-1", machine)).body.code, "VALID");
  assert.equal((await verify(license.key, "fp-2", { ...machine, disk: "disk-2" })).body.code, "VALID");
  assert.deepEqual((await activationsOf(license.id)).map(({ id }) => id), [activation.id]);
});

test("a tie is no match: two machines never become one", async () => {
  const license = await licenseOf("any", 2);
  await activate(license.key, "fp-1", parts("board-1", "disk-1", "mac-1"));
  await activate(license.key, "fp-2", parts("board-2", "disk-2", "mac-2"));
  const mixed = parts("board-1", "disk-2", "mac-3");
  assert.equal((await verify(license.key, "fp-3", mixed)).body.code, "NOT_ACTIVATED");
  assert.equal((await activate(license.key, "fp-3", mixed)).status, 403);
  const more = parts("board-1", "disk-1", "mac-2");
  assert.equal((await verify(license.key, "fp-3", more)).body.code, "VALID");
  assert.deepEqual((await activationsOf(license.id)).map(({ hardwareId }) => hardwareId), ["fp-3", "fp-2"]);
});

test("a fingerprint that has an activation wins, whatever the components", async () => {
  const license = await licenseOf("most", 2);
  const one = await activate(license.key, "fp-1", parts("board-1", "disk-1", "mac-1"));
  const two = await activate(license.key, "fp-2", parts("board-2", "disk-2", "mac-2"));
  const moved = await activate(license.key, "fp-2", parts("board-1", "disk-1", "mac-1"));
  assert.equal(moved.body.activation.id, two.body.activation.id);
  assert.deepEqual(await rebindsOf(license.id), []);
  // It did not take over the parts of the other one either.
  const drifted = await activate(license.key, "fp-3", parts("board-1", "disk-1", "mac-9"));
  assert.equal(drifted.body.activation.id, one.body.activation.id);
  assert.equal(await inUse(license.id), 2);
});

test("a deactivated machine is recognised by an activation if there is room, and by nothing else", async () => {
  const license = await licenseOf("most");
  const { body: { activation } } = await activate(license.key, "fp-1", machine);
  await server.post("/api/license/deactivate", { license_key: license.key, hardware_hash: "fp-1" });
  const drifted = { ...machine, disk: "disk-2" };
  assert.equal((await verify(license.key, "fp-2", drifted)).body.code, "NOT_ACTIVATED");
  const another = await activate(license.key, "fp-other", parts("x-1", "x-2", "x-3"));
  assert.equal(another.status, 201);
  assert.equal((await activate(license.key, "fp-2", drifted)).status, 403);
  assert.deepEqual(await rebindsOf(license.id), [], "a refused activation rebinds nothing");
  await server.post("/api/license/deactivate", { license_key: license.key, hardware_hash: "fp-other" });
  const back = await activate(license.key, "fp-2", drifted);
  assert.deepEqual([back.status, back.body.activation.id], [201, activation.id]);
  assert.equal(await inUse(license.id), 1);
});

test("200 concurrent calls of a machine that changed rebind it once", async () => {
  const license = await licenseOf("most");
  const { body: { activation } } = await activate(license.key, "fp-1", machine);
  const drifted = { ...machine, board: "board-2" };
  const replies = await times(200, (n) => (n % 3 ? verify : activate)(license.key, "fp-2", drifted, n));
  for (const { status, body } of replies) {
    assert.equal(status, 200, JSON.stringify(body));
    if (body.activation) assert.equal(body.activation.id, activation.id);
    else assert.equal(body.code, "VALID");
  }
  assert.equal((await rebindsOf(license.id)).length, 1);
  assert.deepEqual(await activationsOf(license.id), [{
    id: activation.id,
    hardwareId: "fp-2",
    isActive: true,
  }]);
  assert.equal(await inUse(license.id), 1);
});

test("of two machines that drift to one fingerprint at once one is rebound, and none is lost", async () => {
  for (const calls of [200, 40, 40]) {
    const license = await licenseOf("two", 2);
    const ids = [];
    for (const n of [1, 2]) {
      const reply = await activate(license.key, `fp-${n}`, parts(`board-${n}`, `disk-${n}`, `mac-${n}`));
      ids.push(reply.body.activation.id);
    }
    await times(calls, (n) => {
      const m = n % 2 + 1;
      return (n % 4 < 2 ? verify : activate)(
        license.key,
        "fp-9",
        parts(`board-${m}`, `disk-${m}`, "mac-9"),
        n >> 1,
      );
    });
    const activations = await activationsOf(license.id);
    assert.deepEqual(activations.map(({ id }) => id), ids);
    assert.equal(activations.filter(({ hardwareId }) => hardwareId === "fp-9").length, 1);
    assert.equal(activations.filter(({ isActive }) => isActive).length, 2);
    assert.equal((await rebindsOf(license.id)).length, 1);
    assert.equal(await inUse(license.id), 2);
  }
});

test("machines that start at once with the same parts and different fingerprints get one activation", async () => {
  const license = await licenseOf("all", 5);
  const replies = await times(40, (n) => activate(license.key, `fp-${n % 4}`, machine, n));
  for (const { status, body } of replies) assert.ok(status < 202, JSON.stringify(body));
  assert.equal(new Set(replies.map(({ body }) => body.activation.id)).size, 1);
  assert.equal(await inUse(license.id), 1);
});

test("placeholders recognise no machine, and none gets a placeholder as its fingerprint", async () => {
  const license = await licenseOf("any");
  await activate(license.key, "fp-1", { ...machine, disk: "None" });
  const placeholder = { disk: "none", board: "Default string" };
  assert.equal((await verify(license.key, "fp-2", placeholder)).body.code, "NOT_ACTIVATED");
  assert.equal((await verify(license.key, "None", machine)).body.code, "NOT_ACTIVATED");
  assert.equal((await activate(license.key, "None", machine)).status, 400);
  assert.deepEqual((await activationsOf(license.id)).map(({ hardwareId }) => hardwareId), ["fp-1"]);
});

test("components that cannot be are refused with their name, and change nothing", async () => {
  const license = await licenseOf("any");
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`part-${n}`, "a1b2"]));
  const bad = [
    many,
    { Board: "a1b2" },
    { "": "a1b2" },
    { disk: "" },
    { disk: "a\nb" },
    { disk: "x".repeat(256) },
    [],
    "x",
  ];
  for (const components of bad) {
    for (const call of [activate, verify, heartbeat]) {
      const { status, body } = await call(license.key, "fp-1", components as never);
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(body.error.details.field, /^components/);
    }
  }
  assert.deepEqual(await activationsOf(license.id), []);
});

test("a license with 1,000 machines recognises one of them fast", async () => {
  const license = await licenseOf("most", 2000);
  await server.db`
    with machines as (
      insert into activations (license_id, hardware_id, activated_at, last_heartbeat)
      select ${license.id}, 'many-' || n, now(), now()
      from generate_series(1, 1000) n
      returning id, hardware_id
    )
    insert into activation_components (activation_id, name, license_id, digest, since)
    select id, 'part-' || n, ${license.id}, sha256((hardware_id || n)::bytea), now()
    from machines, generate_series(1, 16) n`;
  await server.db`update licenses set activations_in_use = 1000 where id = ${license.id}`;
  await activate(license.key, "fp-1", machine);
  const started = performance.now();
  for (let n = 2; n < 22; n++) {
    const reply = await verify(license.key, `fp-${n}`, { ...machine, disk: `disk-${n}` });
    assert.equal(reply.body.code, "VALID");
  }
  const each = (performance.now() - started) / 20;
  assert.ok(each < 300, `${each} ms`);
});

test("v1 and v2 take components as well", async () => {
  const license = await licenseOf("most");
  const v1 = (path: string, hardware_id: string, disk: string) =>
    server.post(`/api/v1/${path}`, {
      license_key: license.key,
      hardware_id,
      app_version: "1.0.0",
      components: { ...machine, disk },
    });
  const first = await v1("activate", "fp-1", "disk-1");
  assert.equal(first.status, 201);
  assert.equal((await v1("validate", "fp-2", "disk-2")).body.valid, true);
  const third = await v1("activate", "fp-3", "disk-3");
  assert.deepEqual([third.status, third.body.activation_id], [200, first.body.activation_id]);
});
