// Machines as apps report them, at every call that registers one: names of any kind are accepted, placeholders instead
// of fingerprints are not.
import assert from "node:assert/strict";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import { makeLicense } from "../support/fixtures.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";

const server = await startTestServer();
const manager = await makeAdministrator(server, "manager");
const panel = await signInToPanel(server, "manager");
const ctx = await server.ctx();
const license = await makeLicense(ctx, { maxActivations: 1000 });
const catalogue = await makeCatalogue(ctx);
const user = await makeUser(ctx);
await makeUserLicense(ctx, catalogue, user, "perpetual");
const token: string = (await login(server, user.email)).body.session_token;

let number = 0;
const key = { license_key: license.key };

/** What apps have sent as names and versions, and what is shown. */
const texts: [sent: string, shown: string | null][] = [
  ["x".repeat(10_000), "x".repeat(64)],
  ["two\r\nlines", "two lines"],
  ["nul\0byte", "nulbyte"],
  ["half \ud83d pair", "half pair"],
  ["\u200b\u202eevil", "evil"],
  ["\u0007\u0000", null],
  ["\u200b\ufeff", null],
  [`${"👩🏽‍🚀".repeat(9)}`, "👩🏽‍🚀".repeat(9)],
];

test("no name and no version refuses an activation or a verification", async () => {
  for (const [sent, shown] of texts) {
    const machine = { ...key, hardware_hash: `T-${++number}` };
    const more = { machine_name: sent, app_version: sent };
    const activated = await server.post("/api/license/activate", { ...machine, ...more });
    assert.equal(activated.status, 201, JSON.stringify([sent.slice(0, 20), activated.body]));
    assert.equal(activated.body.activation.machine_name?.slice(0, 64) ?? null, shown, JSON.stringify(sent));
    for (const call of ["verify", "heartbeat"]) {
      const { status, body } = await server.post(`/api/license/${call}`, { ...machine, app_version: sent });
      assert.deepEqual([status, body.valid], [200, true], call);
    }
    const v1 = { ...key, hardware_id: `T-${++number}`, ...more };
    assert.equal((await server.post("/api/v1/activate", v1)).status, 201, JSON.stringify(sent));
    assert.equal((await server.post("/api/v1/validate", v1)).body.valid, true, JSON.stringify(sent));
    const [row] = await server.db<{ name: string | null; version: string | null }[]>`
      select machine_name as name, app_version as version
      from activations
      where hardware_id = ${machine.hardware_hash}`;
    assert.equal(row.version, shown);
    assert.ok((row.name ?? "").length <= 255);
    const device = await callV2(server, "POST", "/devices/register", {
      device_id: "ONE",
      device_name: sent,
    }, token);
    assert.equal(device.status, 200, JSON.stringify(device.body));
    const signedIn = await callV2(server, "POST", "/auth/login", {
      email: user.email,
      password,
      device_id: "ONE",
      device_name: sent,
    });
    assert.equal(signedIn.status, 200, JSON.stringify(signedIn.body));
    const added = await manager.post(`/api/license/${license.id}/register-device`, {
      hardware_hash: `T-${++number}`,
      machine_name: sent,
      app_version: sent,
    });
    assert.equal(added.status, 201, JSON.stringify(added.body));
  }
});

test("an object of hardware properties may hold any text", async () => {
  const hardware_id = { name: "PC \ud83d\0\n", serial: "S4EWNX0R123456" };
  const first = await server.post("/api/v1/activate", { ...key, hardware_id });
  assert.equal(first.status, 201, JSON.stringify(first.body));
  assert.equal((await server.post("/api/v1/validate", { ...key, hardware_id })).body.valid, true);
});

test("a placeholder instead of a fingerprint is refused wherever a machine is registered", async () => {
  for (const fingerprint of ["To Be Filled By O.E.M.", "none", "00000000-0000-0000-0000-000000000000"]) {
    const one = await server.post("/api/license/activate", { ...key, hardware_hash: fingerprint });
    assert.deepEqual([one.status, one.body.error.code, one.body.error.details], [400, "INVALID_REQUEST", {
      field: "hardware_hash",
      reason: "placeholder",
    }]);
    const v1 = await server.post("/api/v1/activate", { ...key, hardware_id: fingerprint });
    assert.deepEqual([v1.status, v1.body.error.details.field], [400, "hardware_id"]);
    const device = await callV2(server, "POST", "/devices/register", { device_id: fingerprint }, token);
    assert.equal(device.status, 400);
    assert.match(device.body.messages.device_id[0], /^The device id field is a placeholder/);
    const signIn = await callV2(server, "POST", "/auth/login", {
      email: user.email,
      password,
      device_id: fingerprint,
    });
    assert.equal(signIn.status, 400, JSON.stringify(signIn.body));
    const path = `/api/license/${license.id}/register-device`;
    assert.equal((await manager.post(path, { hardware_hash: fingerprint })).status, 400);
    const refused = await refusalOf(
      panel.client.devices.register.mutate({ licenseId: license.id, hardwareHash: fingerprint }),
    );
    assert.equal(refused.details.reason, "placeholder");
  }
  const hardware_id = { cpu: "To be filled by O.E.M.", serial: "Default string", mac: "00:00:00:00:00:00" };
  assert.equal((await server.post("/api/v1/activate", { ...key, hardware_id })).status, 400);
});

test("a placeholder starts no trial, and signs in without registering a device where there is no license", async () => {
  const trialUser = await makeUser(ctx);
  const body = { email: trialUser.email, password, device_id: "Default string" };
  const refused = await callV2(server, "POST", "/auth/login", body);
  assert.equal(refused.status, 400);
  assert.ok(refused.body.messages.device_id);
  const [{ count }] = await server.db<{ count: number }[]>`
    select count(*) as count
    from trials
    where user_id = ${trialUser.id}`;
  assert.equal(count, 0);
  const started = await callV2(server, "POST", "/auth/login", { ...body, device_id: "REAL-1" });
  assert.equal(started.body.entitlement_token.plan, "trial");
});

test("the answer says that a device is over the limit, wherever it is activated", async () => {
  const over = await makeLicense(ctx, { maxActivations: 1, machineOverage: null });
  const key = { license_key: over.key };
  const path = `/api/license/${over.id}/register-device`;
  const first = await server.post("/api/license/activate", { ...key, hardware_hash: "O-1" });
  assert.equal("over_limit" in first.body, false);
  for (
    const answer of [
      await server.post("/api/license/activate", { ...key, hardware_hash: "O-2" }),
      await server.post("/api/v1/activate", { ...key, hardware_id: "O-3" }),
      await manager.post(path, { hardware_hash: "O-4" }),
    ]
  ) assert.deepEqual([answer.status, answer.body.over_limit], [201, true], JSON.stringify(answer.body));
  // A device that is activated already is admitted by no overage.
  assert.equal("over_limit" in (await manager.post(path, { hardware_hash: "O-4" })).body, false);

  const owner = await makeUser(ctx);
  await makeUserLicense(ctx, catalogue, owner, "trial", { maxActivations: 1, machineOverage: null });
  const { session_token, over_limit } = (await login(server, owner.email, "U-1")).body;
  assert.equal(over_limit, undefined);
  const registered = await callV2(server, "POST", "/devices/register", { device_id: "U-2" }, session_token);
  assert.equal(registered.body.over_limit, true);
  assert.equal((await login(server, owner.email, "U-3")).body.over_limit, true);
});

test("the answer names the idle device that was replaced, wherever the new one is activated", async () => {
  const long = new Date(Date.now() - 40 * 86_400_000);
  const idle = async (licenseId: number) => {
    await server.db`update activations set last_heartbeat = ${long} where license_id = ${licenseId}`;
  };
  const full = await makeLicense(ctx, { maxActivations: 1, machineReplacement: "longest_idle" });
  const one = { license_key: full.key, hardware_hash: "R-1", machine_name: "One" };
  const { activation } = (await server.post("/api/license/activate", one)).body;
  await idle(full.id);
  const path = `/api/license/${full.id}/register-device`;
  const added = await manager.post(path, { hardware_hash: "R-2", machine_name: "Two" });
  assert.deepEqual(added.body.replaced, {
    id: activation.id,
    hardware_hash: "R-1",
    machine_name: "One",
    last_heartbeat: `${long.toISOString().slice(0, 19)}Z`,
  });
  await idle(full.id);
  const v1 = await server.post("/api/v1/activate", { license_key: full.key, hardware_id: "R-3" });
  assert.equal(v1.body.replaced.hardware_hash, "R-2");
  await idle(full.id);
  const shown = await panel.client.devices.register.mutate({ licenseId: full.id, hardwareHash: "R-4" });
  assert.equal(shown.replaced?.hardwareId, "R-3");

  const owner = await makeUser(ctx);
  const terms = { maxActivations: 1, machineReplacement: "longest_idle" } as const;
  const license = await makeUserLicense(ctx, catalogue, owner, "trial", terms);
  const { session_token } = (await login(server, owner.email, "V-1")).body;
  await idle(license.id);
  const registered = await callV2(server, "POST", "/devices/register", {
    device_id: "V-2",
    device_name: "Second",
  }, session_token);
  assert.equal(registered.body.replaced.device_id, "V-1");
  await idle(license.id);
  const { replaced } = (await login(server, owner.email, "V-3")).body;
  assert.deepEqual([replaced.device_id, replaced.device_name], ["V-2", "Second"]);
});

test("a machine that was registered with a placeholder before keeps working", async () => {
  await server.db`
    with counted as (
      update licenses
      set activations_in_use = activations_in_use + 1
      where id = ${license.id}
    )
    insert into activations (license_id, hardware_id, activated_at, last_heartbeat)
    values (${license.id}, 'To be filled by O.E.M.', now(), now() - interval '1 hour')`;
  const machine = { ...key, hardware_hash: "To be filled by O.E.M." };
  const again = await server.post("/api/license/activate", { ...machine, machine_name: "Old" });
  assert.deepEqual([again.status, again.body.activation?.machine_name], [200, "Old"]);
  assert.equal((await server.post("/api/license/verify", machine)).body.valid, true);
  assert.equal((await server.post("/api/license/session/start", machine)).status, 201);
  assert.equal((await server.post("/api/license/deactivate", machine)).status, 200);
  assert.equal(
    (await server.post("/api/license/activate", machine)).status,
    400,
    "it is a new registration now",
  );
});

test("a license with a lease answers until when a device stays active; one without says nothing", async () => {
  const leased = await makeLicense(ctx, { machineLease: "PT2H", maxActivations: 1 });
  const machine = { license_key: leased.key, hardware_hash: "leased" };
  for (const call of ["activate", "verify", "heartbeat"]) {
    const { body } = await server.post(`/api/license/${call}`, machine);
    const minutes = (Date.parse(body.lease_ends) - Date.now()) / 60_000;
    assert.ok(minutes > 119 && minutes <= 120.1, `${call}: ${body.lease_ends}`);
  }
  const tomorrow = await server.ctx(new Date(Date.now() + 86_400_000));
  await lapseIdleActivations(tomorrow);
  const other = { ...machine, hardware_hash: "other" };
  assert.equal((await server.post("/api/license/activate", other)).status, 201);
  const refused = await eventually(async () => {
    const { body } = await server.post("/api/license/verify", machine);
    return body.valid ? null : body;
  });
  assert.deepEqual([refused.code, "lease_ends" in refused], ["ACTIVATION_INACTIVE", false]);
  assert.match(refused.message, /not heard of for too long, and all activations are used/);
  await server.post("/api/license/deactivate", other);
  const { body } = await server.post("/api/license/heartbeat", machine);
  assert.deepEqual([body.valid, typeof body.last_heartbeat, typeof body.lease_ends], [
    true,
    "string",
    "string",
  ]);
  const unleased = { ...key, hardware_hash: `T-${++number}` };
  for (const call of ["activate", "verify"]) {
    assert.equal("lease_ends" in (await server.post(`/api/license/${call}`, unleased)).body, false);
  }
});
