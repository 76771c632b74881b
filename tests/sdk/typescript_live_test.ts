// The TypeScript library against a real server: it activates, loses the network, runs offline, gets its clock set back, is
// revoked and comes back.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { LatchkeyError } from "../../sdk/typescript/src/errors.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { makeLicense } from "../support/fixtures.ts";
import { DAY, offlineProduct } from "../support/license_files.ts";
import { lost, testClient } from "../support/sdk_client.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { product } = await offlineProduct(server);
const publicKeys = (await server.get(`/.well-known/jwks/${product.code}.json`)).body.keys;
const connect = (options = {}) =>
  testClient({ url: server.url, apiKey: server.apiKey, publicKeys, ...options });
let number = 0;
const license = (terms = {}) =>
  makeLicense(ctx, {
    productId: product.id,
    offlineDays: 30,
    customer: { name: "Lumen Ltd", email: `sdk${++number}@example.com` },
    ...terms,
  });

test("a device activates, loses the network, runs offline, is revoked and comes back", async () => {
  const { id, key } = await license();
  const { client, clock, network, storage } = connect();
  const states: string[] = [];
  client.onChange(({ state }) => states.push(state));
  assert.equal((await client.start()).state, "not_activated");
  const activated = await client.activate(` “${key.toLowerCase()}”. `);
  assert.equal(activated.state, "valid", JSON.stringify(activated));
  assert.equal(activated.file?.customer.name, "Lumen Ltd");

  network.disturbance = lost;
  const again = connect({ storage });
  again.network.disturbance = lost;
  assert.equal((await again.client.start()).state, "valid", "at a start without a network");
  clock.offset = 29 * DAY;
  assert.equal((await client.refresh()).state, "valid", "after 29 days without a network");
  assert.equal((await client.status()).error?.code, "NETWORK_ERROR");
  clock.offset = 31 * DAY;
  assert.equal((await client.status()).state, "expired", "after the end of the file");
  clock.offset = -DAY;
  assert.equal((await client.status()).state, "clock_tampered");
  clock.offset = 366 * DAY;
  assert.equal((await client.status()).state, "expired", "with the clock set forward by a year");
  clock.offset = 0;
  assert.equal((await client.status()).state, "valid", "with the clock corrected");

  network.disturbance = null;
  await setLicensesEnabled(ctx, { ids: [id], enabled: false });
  await eventually(async () => (await client.refresh()).state === "disabled");
  network.disturbance = lost;
  assert.equal((await client.refresh()).state, "disabled", "without a network as well");
  network.disturbance = null;
  await setLicensesEnabled(ctx, { ids: [id], enabled: true });
  await eventually(async () => (await client.refresh()).state === "valid");
  assert.equal((await client.deactivate()).state, "not_activated");
  assert.deepEqual(states, ["valid", "disabled", "valid", "not_activated"]);
  client.stop();
});

test("a status list that is carried in revokes the file of a device without a network", async () => {
  const { id, key } = await license();
  const { client, network, clock } = connect();
  const { file } = await client.activate(key);
  network.disturbance = lost;
  await setLicensesEnabled(ctx, { ids: [id], enabled: false });
  clock.offset = 60;
  const list = await (await fetch(server.url + new URL(file!.status.uri).pathname)).text();
  assert.equal((await client.installStatusList(list)).state, "revoked");
  client.stop();
});

test("refusals have their states, and the server's code, details and request id", async () => {
  const { key } = await license({ maxActivations: 1 });
  await connect({ device: { fingerprint: "machine-9" } }).client.activate(key);
  const { client } = connect();
  const full = await client.activate(key);
  assert.equal(full.state, "limit_reached");
  assert.equal(full.error?.code, "ACTIVATION_LIMIT_REACHED");
  assert.ok(full.error.message && full.error.requestId);
  assert.ok(Object.keys(full.error.details).length > 0);
  assert.equal((await client.activate("TEST-TEST-TEST-TEST")).state, "invalid");
  const expired = await license({ validFrom: "2020-01-01", validUntil: "2020-02-01" });
  assert.equal((await client.activate(expired.key)).state, "expired");
  await assert.rejects(
    connect({ apiKey: "wrong" }).client.activate(key),
    (error: LatchkeyError) => error.status === 401,
  );
});

test("a server that lies is not believed", async () => {
  const { key } = await license();
  const { client, network } = connect();
  await client.activate(key);
  const lie =
    (change: (body: Record<string, unknown>) => unknown) => async (url: string, request: RequestInit) => {
      const answer = await fetch(url, request);
      return Response.json(change(await answer.json()));
    };
  network.disturbance = lie(({ signature: _, ...body }) => ({
    ...body,
    valid: false,
    code: "LICENSE_INACTIVE",
  }));
  assert.equal((await client.refresh()).state, "valid", "an unsigned refusal");
  assert.equal((await client.status()).error?.code, "UNTRUSTED_ANSWER");
  network.disturbance = lie((body) => ({ ...body, signature: forged(String(body.signature)) }));
  assert.equal((await client.refresh()).error?.code, "UNTRUSTED_ANSWER");
  network.disturbance = () => new Response("<h1>Sign in to this network</h1>");
  assert.equal((await client.refresh()).error?.code, "UNTRUSTED_ANSWER");

  const liar = connect();
  liar.network.disturbance = () => Response.json({ valid: true, code: "VALID" });
  assert.equal((await liar.client.activate("any-key-at-all")).state, "not_activated", "nothing is signed");
});

/** The claims of a signature, signed with the public key as a secret. */
function forged(jws: string): string {
  const header = btoa(
    JSON.stringify({ alg: "HS256", kid: publicKeys[0].kid, typ: "license-validation+jwt" }),
  );
  const text = `${header.replace(/=+$/, "")}.${jws.split(".")[1]}`;
  return `${text}.${createHmac("sha256", publicKeys[0].x).update(text).digest("base64url")}`;
}

test("after a rotation, an app that knows the new key gets its file, and one that does not keeps the old one", async () => {
  const own = await offlineProduct(server, "rotated-app");
  const keysOf = async () => (await server.get("/.well-known/jwks/rotated-app.json")).body.keys;
  const { key } = await license({ productId: own.product.id });
  const old = connect({ product: "rotated-app", publicKeys: await keysOf() });
  await old.client.activate(key);
  await rotateSigningKey(ctx, { productId: own.product.id });
  // A server signs with the new key as soon as it has heard of the rotation.
  const status = await eventually(async () => {
    const status = await old.client.refresh();
    return status.error && status;
  });
  assert.deepEqual([status.state, status.error?.code], ["valid", "UNTRUSTED_ANSWER"]);
  const updated = connect({ product: "rotated-app", publicKeys: await keysOf(), storage: old.storage });
  const refreshed = await updated.client.refresh();
  assert.deepEqual([refreshed.state, refreshed.error], ["valid", null]);
});

test("files are checked out encrypted, given back, and installed on a device without a network", async () => {
  const { key } = await license();
  const { client, storage } = connect();
  await client.activate(key);
  const status = await client.checkOut({ encrypt: true, ttl: 3600 });
  assert.equal(status.state, "valid");
  const { file } = JSON.parse((await storage.read())!);
  const isolated = connect();
  isolated.network.disturbance = lost;
  assert.equal((await isolated.client.installFile(file, key)).state, "valid");
  const copied = connect({ device: { fingerprint: "machine-2" } });
  assert.equal((await copied.client.installFile(file, key)).state, "wrong_machine");
  assert.equal((await copied.client.installFile(file.slice(0, 99), key)).state, "invalid");
  assert.equal((await copied.client.status()).state, "not_activated");
  assert.equal((await client.checkIn()).fileEnds, null);
});

test("sessions, usage and updates are the server's", async () => {
  const { key } = await license({
    maxUsers: 1,
    meters: { exports: { limit: 3, period: "month", overage: 0 } },
  });
  const { client } = connect();
  await client.activate(key);
  const session = await client.seats.start();
  assert.deepEqual([session.activeSessions, session.maxUsers], [1, 1]);
  await client.seats.end();
  assert.equal((await client.usage.increment("exports", 2)).remaining, 1);
  const { reservation } = await client.usage.reserve("exports");
  assert.equal((await client.usage.release(reservation)).used, 2);
  await assert.rejects(client.usage.increment("exports", 2), { code: "USAGE_LIMIT_REACHED" });
  assert.equal((await client.checkForUpdate()).available, false);
});
