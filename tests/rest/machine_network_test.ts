// The network of a machine is recorded when the machine itself calls, not when an administrator acts for it.
import assert from "node:assert/strict";
import { createUser } from "../../server/domain/accounts/users.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { startTestSession } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const license = await makeLicense(ctx, { maxActivations: 50 });
const LOCAL = "127.0.0.0/24";

/** The network in the last event of a machine. */
async function networkOf(hardwareId: string): Promise<string | null> {
  const [event] = await server.db<{ network: string | null }[]>`
    select after ->> 'network' as network
    from events
    where after ->> 'hardwareId' = ${hardwareId}
    order by id desc
    limit 1`;
  assert.ok(event, `no event about ${hardwareId}`);
  return event.network;
}

test("an app with an API key records its network", async () => {
  const reply = await server.post("/api/license/activate", {
    license_key: license.key,
    hardware_hash: "by-api-key",
  });
  assert.equal(reply.status, 201);
  assert.equal(await networkOf("by-api-key"), LOCAL);
});

test("an app with a license key alone records its network", async () => {
  const body = { license_key: license.key, hardware_id: "by-license-key" };
  assert.equal((await server.post("/api/v1/activate", body, { "x-api-key": null })).status, 201);
  assert.equal(await networkOf("by-license-key"), LOCAL);
});

test("an app with a user's session records its network", async () => {
  const user = await createUser(ctx, { email: "network@example.com", name: "User" });
  const own = await makeLicense(ctx);
  await assignLicense(ctx, { id: own.id, userId: user.id });
  const reply = await server.post("/api/v2/devices/register", { device_id: "by-session" }, {
    authorization: `Bearer ${await startTestSession(ctx, user, null)}`,
  });
  assert.equal(reply.status, 200);
  assert.equal(await networkOf("by-session"), LOCAL);
});

test("an administrator's network is not recorded for the machine, over REST", async () => {
  const manager = await makeAdministrator(server, "manager");
  const reply = await manager.post(`/api/license/${license.id}/register-device`, {
    hardware_hash: "by-rest",
  });
  assert.equal(reply.status, 201);
  assert.equal(await networkOf("by-rest"), null);
  await manager.post(`/api/license/${license.id}/deactivate-device/${reply.body.device_id}`);
  assert.equal(await networkOf("by-rest"), null);
});

test("an administrator's network is not recorded for the machine, over tRPC", async () => {
  const { client } = await signInToPanel(server, "manager");
  await client.devices.register.mutate({ licenseId: license.id, hardwareHash: "by-trpc" });
  assert.equal(await networkOf("by-trpc"), null);
});

test("the server stops without an error", () => server.stop());
