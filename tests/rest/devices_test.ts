// Devices of the v2 dialect are activations: both dialects count the same ones, and no race exceeds the limit.
import assert from "node:assert/strict";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const server = await startTestServer();
const other = await startTestServer({}, server);
const catalogue = await makeCatalogue(await server.ctx());

async function createUserWithLicense(plan = "monthly", terms = {}) {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  const license = await makeUserLicense(ctx, catalogue, user, plan, terms);
  const { session_token } = (await login(server, user.email)).body;
  return { user, license, token: session_token as string };
}

const register = (token: string, device_id: string, device_name?: string, at = server) =>
  callV2(at, "POST", "/devices/register", { device_id, device_name }, token);

test("a license verified by key and through v2 has the same activations", async () => {
  const { license, token, user } = await createUserWithLicense();
  const machine = { license_key: license.key, hardware_hash: "PC-1" };
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);
  const { body } = await callV2(server, "GET", "/devices", undefined, token);
  assert.deepEqual(
    body.devices.map(({ device_id, device_name, entitlement_id, user_id }: Record<string, string>) => [
      device_id,
      device_name,
      entitlement_id,
      user_id,
    ]),
    [["PC-1", "Unknown Device", String(license.id), String(user.id)]],
  );
  assert.equal((await register(token, "PC-2", "Second")).body.message, "Device registered");
  const third = { ...machine, hardware_hash: "PC-3" };
  assert.equal((await server.post("/api/license/activate", third)).status, 403);
  assert.equal(
    (await server.post("/api/license/verify", { ...machine, hardware_hash: "PC-2" })).body.valid,
    true,
  );
  const [, first] = (await callV2(server, "GET", "/devices", undefined, token)).body.devices;
  assert.equal((await callV2(server, "DELETE", `/devices/${first.id}`, undefined, token)).status, 200);
  const validation = await server.post("/api/license/verify", machine);
  assert.equal(validation.body.code, "ACTIVATION_INACTIVE");
  assert.equal((await server.post("/api/license/activate", third)).status, 201);
});

test("200 concurrent registrations over two servers activate exactly up to the limit", async () => {
  const { license, token } = await createUserWithLicense("perpetual");
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, n) => register(token, `RACE-${n}`, undefined, n % 2 ? server : other)),
  );
  const refused = replies.filter(({ status }) => status === 403);
  assert.equal(replies.filter(({ status }) => status === 200).length, 10);
  assert.equal(refused.length, 190);
  assert.deepEqual(refused[0].body, { error: "Device limit reached", max_devices: 10, current_devices: 10 });
  const [{ count }] = await server.db<{ count: number }[]>`
    select count(*) as count
    from activations
    where license_id = ${license.id} and is_active`;
  assert.equal(count, 10);
});

test("50 concurrent registrations of the same device are one activation", async () => {
  const { token } = await createUserWithLicense();
  const replies = await Promise.all(Array.from({ length: 50 }, () => register(token, "SAME", "Name")));
  assert.ok(replies.every(({ status }) => status === 200));
  assert.equal(new Set(replies.map(({ body }) => body.device.id)).size, 1);
  assert.equal(replies.filter(({ body }) => body.message === "Device registered").length, 1);
});

test("a registered device is accepted at the limit and after the limit is lowered", async () => {
  const { license, token, user } = await createUserWithLicense();
  await register(token, "A", "Old name");
  await register(token, "B");
  await updateLicense(await server.ctx(), { id: license.id, changes: { maxActivations: 0 } });
  const again = await register(token, "A", "New name");
  assert.equal(again.status, 200);
  assert.equal(again.body.message, "Device updated");
  assert.equal(again.body.device.device_name, "New name");
  assert.equal(
    (await register(token, "A")).body.device.device_name,
    "New name",
    "a request without a name keeps the name",
  );
  assert.equal((await login(server, user.email, "B")).status, 200);
  const refused = await login(server, user.email, "C");
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.body, { error: "Device limit reached", max_devices: 0, current_devices: 2 });
  const [{ count }] = await server.db<{ count: number }[]>`
    select count(*) as count
    from sessions
    where user_id = ${user.id} and device_id = 'C'`;
  assert.equal(count, 0, "a refused sign-in leaves no session");
});

test("other users' devices and unknown ids are refused with the same error", async () => {
  const { token } = await createUserWithLicense();
  const otherUser = await createUserWithLicense();
  const { id } = (await register(otherUser.token, "THEIRS")).body.device;
  for (const path of [id, 999_999, 0, -1, "x", "1e3", "99999999999999999999"]) {
    const reply = await callV2(server, "DELETE", `/devices/${path}`, undefined, token);
    assert.equal(reply.status, 404, String(path));
    assert.deepEqual(reply.body, { error: "Device not found" });
  }
  const { body } = await callV2(server, "GET", "/devices", undefined, otherUser.token);
  assert.equal(body.devices.length, 1);
});

test("a user with several licenses has the activations of all of them", async () => {
  const { user, token } = await createUserWithLicense();
  await makeUserLicense(await server.ctx(), catalogue, user, "monthly");
  for (const device of ["A", "B", "C", "D"]) {
    assert.equal((await register(token, device)).status, 200, device);
  }
  assert.equal((await register(token, "E")).status, 403);
  assert.equal((await callV2(server, "GET", "/devices", undefined, token)).body.devices.length, 4);
});

test("a paid license takes precedence over a trial", async () => {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  assert.equal((await login(server, user.email, "T")).body.entitlement_token.plan, "trial");
  await makeUserLicense(ctx, catalogue, user, "yearly");
  assert.equal((await login(server, user.email, "T")).body.entitlement_token.plan, "yearly");
});

test("assigning and unassigning a license takes effect immediately", async () => {
  const ctx = await server.ctx();
  const { license, user, token } = await createUserWithLicense();
  const heir = await makeUser(ctx);
  await assignLicense(ctx, { id: license.id, userId: heir.id });
  assert.equal((await callV2(server, "GET", "/license/info", undefined, token)).status, 404);
  const { body } = await login(server, heir.email, "HEIR");
  assert.equal(body.entitlement_token.plan, "monthly");
  await assignLicense(ctx, { id: license.id, userId: user.id });
  assert.equal((await callV2(server, "GET", "/license/info", undefined, token)).status, 200);
});

test("the plan of a license without a plan is its license type", async () => {
  const { token } = await createUserWithLicense("monthly", {
    planId: null,
    type: "perpetual",
    maxActivations: 3,
    validUntil: "2099-12-31",
  });
  const { body } = await callV2(server, "GET", "/license/info", undefined, token);
  assert.equal(body.entitlement.plan, "perpetual");
  assert.deepEqual(body.entitlement.features, []);
  assert.equal(body.entitlement.expires_at, "2100-01-01T00:00:00Z");
});

test("a missing or invalid device id is reported by field", async () => {
  const { token } = await createUserWithLicense();
  const reply = await callV2(server, "POST", "/devices/register", { device_name: 5 }, token);
  assert.equal(reply.status, 400);
  assert.deepEqual(reply.body.messages, {
    device_id: ["The device id field is required."],
    device_name: ["The device name field must be a string."],
  });
});

test("the servers stop without an error", async () => {
  await other.stop();
  await server.stop();
});
