// Metered use in the answers about a license: verify, validate of v1, and the license and entitlement of v2.
import assert from "node:assert/strict";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, makeCatalogue, makeUser, makeUserLicense, startTestSession } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const catalogue = await makeCatalogue(ctx);

const setMeters = (id: number) =>
  server.db`
    update licenses
    set meters = ${{ exports: { limit: 10, period: "month", overage: 0 } } as never}
    where id = ${id}`;

const increment = (licenseKey: string, amount: number) =>
  server.post("/api/license/usage/increment", { license_key: licenseKey, meter: "exports", amount });
const usageOf = async (licenseKey: string) =>
  (await server.get(`/api/license/usage?license_key=${encodeURIComponent(licenseKey)}`)).body.usage;

async function activated() {
  const license = await makeLicense(ctx);
  const machine = { license_key: license.key, hardware_hash: "machine", app_version: "1.0.0" };
  await server.post("/api/license/activate", machine);
  return { license, machine, machineV1: { license_key: license.key, hardware_id: "machine" } };
}

test("a validation shows what this server counted, in the form of the usage call", async () => {
  const { license, machine, machineV1 } = await activated();
  await setMeters(license.id);
  for (const amount of [4, 2]) {
    await increment(license.key, amount);
    const expected = await usageOf(license.key);
    const verified = await server.post("/api/license/verify", machine);
    assert.equal(verified.body.code, "VALID");
    assert.deepEqual(verified.body.usage, expected);
    assert.deepEqual((await server.post("/api/v1/validate", machineV1)).body.usage, expected);
  }
  assert.equal((await usageOf(license.key)).exports.used, 6);
});

test("a validation of a license that may not be used shows its use as well", async () => {
  const { license, machine } = await activated();
  await setMeters(license.id);
  await server.db`update licenses set is_active = false where id = ${license.id}`;
  const refused = await server.post("/api/license/verify", machine);
  assert.deepEqual([refused.body.code, refused.body.usage.exports.used], ["LICENSE_INACTIVE", 0]);
});

test("a license without meters is validated without the field", async () => {
  const { machine, machineV1 } = await activated();
  for (let times = 0; times < 2; times++) {
    assert.ok(!("usage" in (await server.post("/api/license/verify", machine)).body));
    assert.ok(!("usage" in (await server.post("/api/v1/validate", machineV1)).body));
  }
});

test("a signed-in app sees the use of its license", async () => {
  const user = await makeUser(ctx);
  const license = await makeUserLicense(ctx, catalogue, user, "monthly");
  const token = await startTestSession(ctx, user, null);
  for (const path of ["/license/info", "/entitlements/current"]) {
    assert.ok(!("usage" in (await callV2(server, "GET", path, undefined, token)).body.entitlement));
  }
  await setMeters(license.id);
  await increment(license.key, 7);
  for (const path of ["/license/info", "/entitlements/current"]) {
    const { entitlement } = (await callV2(server, "GET", path, undefined, token)).body;
    assert.deepEqual(entitlement.usage, await usageOf(license.key), path);
  }
});
