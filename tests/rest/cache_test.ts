// The validation cache: changes reach every process within a second, and a process whose change listener is
// disconnected reads the database.
import assert from "node:assert/strict";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { createApiKey, revokeApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import {
  deleteLicenses,
  restoreLicenses,
  setLicensesEnabled,
  updateLicense,
} from "../../server/domain/licenses/manage.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { startNetwork } from "../support/network.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const other = await startTestServer({}, server);
const ctx = await server.ctx();

/** Creates an activated license that both processes have cached. */
async function createCachedLicense() {
  const license = await makeLicense(ctx);
  const machine = { license_key: license.key, hardware_hash: "machine" };
  await server.post("/api/license/activate", machine);
  const verify = (at: typeof server) => at.post("/api/license/verify", machine);
  for (const at of [server, other]) {
    await eventually(async () => {
      const before = at.server.services.cache.size;
      assert.equal((await verify(at)).body.code, "VALID");
      return at.server.services.cache.size >= before && before > 0;
    });
  }
  return { license, machine, verify };
}

async function assertBothAnswer(verify: (at: typeof server) => ReturnType<typeof server.post>, code: string) {
  for (const at of [server, other]) {
    await eventually(async () => {
      const { body } = await verify(at);
      return (body.code ?? body.error.code) === code;
    }, 1000);
  }
}

test("a disabled license is refused by every process within a second, and valid again once enabled", async () => {
  const { license, verify } = await createCachedLicense();
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await assertBothAnswer(verify, "LICENSE_INACTIVE");
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: true });
  await assertBothAnswer(verify, "VALID");
});

test("a deleted license is unknown to every process within a second, and valid again once restored", async () => {
  const { license, verify } = await createCachedLicense();
  await deleteLicenses(ctx, [license.id]);
  await assertBothAnswer(verify, "INVALID_LICENSE");
  await restoreLicenses(ctx, [license.id]);
  await assertBothAnswer(verify, "VALID");
});

test("a license whose expiry is moved to yesterday has expired in every process within a second", async () => {
  const { license, verify } = await createCachedLicense();
  await server.db`
    update licenses
    set valid_from = '2020-01-01'
    where id = ${license.id}`;
  await updateLicense(ctx, {
    id: license.id,
    changes: {
      validUntil: addDays(dayOf(new Date()), -1),
    },
  });
  await assertBothAnswer(verify, "LICENSE_EXPIRED");
});

test("a machine deactivated through one process is refused by the other within a second, and valid once reactivated", async () => {
  const { machine, verify } = await createCachedLicense();
  await server.post("/api/license/deactivate", machine);
  await assertBothAnswer(verify, "ACTIVATION_INACTIVE");
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);
  assert.equal((await verify(other)).body.code, "VALID");
});

test("who deactivated a machine sees it in the next answer", async () => {
  const { machine, verify } = await createCachedLicense();
  for (let round = 0; round < 5; round++) {
    await server.post("/api/license/deactivate", machine);
    assert.equal((await verify(server)).body.code, "ACTIVATION_INACTIVE");
    await server.post("/api/license/activate", machine);
    assert.equal((await verify(server)).body.code, "VALID");
  }
});

test("a process whose change listener is disconnected reads the database", async () => {
  const { license, verify } = await createCachedLicense();
  const cut = () =>
    server.db`
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where application_name like 'latchkey change listener %' and datname = current_database()`;
  await cut();
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await cut();
  await assertBothAnswer(verify, "LICENSE_INACTIVE");
});

test("no cached answer outlives its notice, whatever changed and whichever product the API key has", async () => {
  const { cache } = other.server.services;
  const { invalidate } = cache;
  const told: string[] = [];
  cache.invalidate = (tag) => {
    invalidate(tag);
    told.push(tag);
  };
  const [product, another] = [await makeProduct(ctx), await makeProduct(ctx)];
  const { key, row } = await createApiKey(ctx, { name: "of one product", productId: product.id });
  const license = await makeLicense(ctx, { productId: product.id });
  const machine = { license_key: license.key, hardware_hash: "machine", hardware_id: "machine" };
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);
  const ask = async (path: string) => {
    const { body } = await other.post(path, machine, { "x-api-key": key });
    return body.code ?? body.error.code;
  };
  const paths = ["/api/license/verify", "/api/v1/validate"];
  const set = (changes: Record<string, unknown>) =>
    server.db`
      update licenses
      set ${server.db(changes)}
      where id = ${license.id}`;
  const setKey = (changes: Record<string, unknown>) =>
    server.db`
      update api_keys
      set ${server.db(changes)}
      where id = ${row.id}`;
  const changes: [code: string, change: () => PromiseLike<unknown>][] = [
    ["LICENSE_INACTIVE", () => setLicensesEnabled(ctx, { ids: [license.id], enabled: false })],
    ["VALID", () => setLicensesEnabled(ctx, { ids: [license.id], enabled: true })],
    ["INVALID_LICENSE", () => setKey({ product_id: another.id })],
    ["VALID", () => set({ product_id: another.id })],
    ["VALID", () => setKey({ product_id: null })],
    ["INVALID_LICENSE", () => setKey({ product_id: product.id })],
    ["VALID", () => set({ product_id: product.id })],
    ["LICENSE_NOT_YET_VALID", () => set({ valid_from: "9000-01-01" })],
    ["VALID", () => set({ valid_from: "2020-01-01" })],
    ["INVALID_LICENSE", () => deleteLicenses(ctx, [license.id])],
    ["VALID", () => restoreLicenses(ctx, [license.id])],
    ["ACTIVATION_INACTIVE", () => server.post("/api/license/deactivate", machine)],
    ["VALID", () => server.post("/api/license/activate", machine).then(() => set({ is_active: true }))],
    ["API_KEY_INVALID", () => revokeApiKey(ctx, row.id)],
  ];
  for (const [number, [code, change]] of changes.entries()) {
    // What is heard after this mark is no earlier change.
    await server.db`
      insert into changes (tag)
      values (${`setting:mark ${number}`})`;
    await eventually(() => Promise.resolve(told.includes(`setting:mark ${number}`)));
    told.length = 0;
    const answers: string[] = [];
    const callers = Array.from({ length: 6 }, async (_, at) => {
      while (answers.length < 12) {
        const isAfter = told.length > 0;
        const answer = await ask(paths[at % 2]);
        if (isAfter) answers.push(answer);
      }
    });
    await change();
    await Promise.all(callers);
    assert.deepEqual([...new Set(answers)], [code], `change ${number}`);
  }
  cache.invalidate = invalidate;
});

test("changes are heard on a connection of its own address, and without it the database is asked", async () => {
  const network = await startNetwork(server.databaseUrl);
  const apart = await startTestServer({ LISTEN_URL: network.url }, server);
  const { license, verify } = await createCachedLicense();
  const hears = async () => (await apart.server.services.readiness.check()).get("changes")!.isWell;
  await eventually(hears);
  assert.equal((await verify(apart)).body.code, "VALID");
  network.cut();
  await eventually(async () => !await hears());
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  assert.equal((await verify(apart)).body.code, "LICENSE_INACTIVE");
  network.restore();
  await eventually(hears);
  await apart.stop();
  network.close();
});

test("a changed setting applies in every process within a second", async () => {
  const { key } = await makeLicense(ctx, { key: "TEST-TEST-TEST-TES0" });
  const verify = () => other.post("/api/license/verify", { license_key: key, hardware_hash: "machine" });
  await eventually(async () => (await verify()).status === 200, 1000);
  await changeSetting(ctx, "acceptImportedKeys", false);
  await eventually(async () => (await verify()).status === 400, 1000);
});

test("an answered heartbeat is in the database, and a verification updates the last heartbeat soon after", async () => {
  const { license, machine } = await createCachedLicense();
  const readLastHeartbeat = async () => {
    const [row] = await server.db<{ lastHeartbeat: Date }[]>`
      select last_heartbeat
      from activations
      where license_id = ${license.id}`;
    return row.lastHeartbeat;
  };
  const { body } = await server.post("/api/license/heartbeat", { ...machine, app_version: "2.0.0" });
  assert.equal(body.last_heartbeat, `${(await readLastHeartbeat()).toISOString().slice(0, 19)}Z`);
  await server.db`
    update activations
    set last_heartbeat = now() - interval '1 hour'
    where license_id = ${license.id}`;
  const fresh = await startTestServer({}, server);
  await fresh.post("/api/license/verify", machine);
  await eventually(async () => Date.now() - (await readLastHeartbeat()).getTime() < 60_000);
  await fresh.stop();
});

test("the servers stop without an error", async () => {
  await other.stop();
  await server.stop();
});
