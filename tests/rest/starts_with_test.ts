// Licenses whose first period has not begun: what apps and administrators are told until then.
import assert from "node:assert/strict";
import { startLicense } from "../../server/domain/licenses/start.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const me = await makeAdministrator(server, "viewer");

async function waiting(startsWith: string) {
  const license = await makeLicense(ctx);
  await server.db`
    update licenses
    set starts_with = ${startsWith}, duration = 'P14D', valid_until = null
    where id = ${license.id}`;
  return license;
}

const info = async (key: string) => (await server.get(`/api/license/info/${key}`)).body.license;
const verify = async (key: string) =>
  (await server.post("/api/license/verify", { license_key: key, hardware_hash: "m" })).body;
const activate = async (key: string) =>
  await server.post("/api/license/activate", { license_key: key, hardware_hash: "m" });

test("a license that waits for its first activation is active and says so until then", async () => {
  const { id, key } = await waiting("first_activation");
  const before = await info(key);
  assert.deepEqual([before.starts_with, before.state, before.valid_until], [
    "first_activation",
    "active",
    null,
  ]);
  const { valid, code, license } = await verify(key);
  assert.deepEqual([valid, code, license.starts_with], [false, "NOT_ACTIVATED", "first_activation"]);
  const listed = await fetch(`${server.url}/api/admin/licenses/${id}`, {
    headers: { authorization: `Bearer ${me.token}` },
  });
  const { starts_with, state } = await listed.json();
  assert.deepEqual([starts_with, state], ["first_activation", "active"]);
  await activate(key);
  const after = await info(key);
  assert.equal("starts_with" in after, false);
  assert.notEqual(after.valid_until, null);
  assert.equal("starts_with" in (await verify(key)).license, false);
});

test("a license that waits for its first sign-in is valid and says so, also from the cache", async () => {
  const { id, key } = await waiting("first_sign_in");
  await activate(key);
  for (let call = 0; call < 3; call++) {
    const { valid, license } = await verify(key);
    assert.deepEqual([valid, license.starts_with], [true, "first_sign_in"]);
  }
  await startLicense(ctx, id, ["first_sign_in"]);
  const { valid, license } = await verify(key);
  assert.deepEqual([valid, "starts_with" in license, license.valid_until === null], [true, false, false]);
});

test("the validation that starts a license is answered with its last day", async () => {
  const { key } = await waiting("first_validation");
  await activate(key);
  const { license } = await verify(key);
  assert.deepEqual(["starts_with" in license, license.valid_until === null], [false, false]);
});
