// What the app may do, as apps are told: in validation results, license info, features and entitlement tokens, and only while
// the license is valid.
import assert from "node:assert/strict";
import { compactVerify, createRemoteJWKSet } from "jose";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const server = await startTestServer({ RATE_LIMIT_PUBLIC: "1000000" });
const ctx = await server.ctx();
const catalogue = await makeCatalogue(ctx);

const granted = { api_access: true, exports: 50, "edition-name": "Größe 大", constructor: true, none: 0 };

async function entitle(licenseId: number, entitlements: object): Promise<void> {
  await server.db`update licenses set entitlements = ${entitlements as never} where id = ${licenseId}`;
}

async function activatedLicense(entitlements: object) {
  const license = await makeLicense(ctx);
  await entitle(license.id, entitlements);
  const machine = { license_key: license.key, hardware_hash: "machine" };
  assert.equal((await server.post("/api/license/activate", machine)).status, 201);
  return { license, machine };
}

const verify = async (machine: object) => (await server.post("/api/license/verify", machine)).body;
const infoOf = async (key: string) => (await server.get(`/api/license/info/${key}`)).body.license;

test("an app reads what it may do when it verifies, from the database and from the cache", async () => {
  const { license, machine } = await activatedLicense(granted);
  for (let call = 0; call < 3; call++) {
    const { valid, entitlements } = await verify(machine);
    assert.deepEqual({ valid, entitlements }, { valid: true, entitlements: granted });
  }
  const v1 = await server.post("/api/v1/validate", {
    license_key: license.key,
    hardware_id: machine.hardware_hash,
  }, { "x-api-key": null });
  assert.deepEqual(v1.body.entitlements, granted);
  assert.deepEqual((await infoOf(license.key)).entitlements, granted);
});

test("a license without entitlements has none, also beside others in the cache", async () => {
  const { license, machine } = await activatedLicense({});
  for (let call = 0; call < 2; call++) assert.deepEqual((await verify(machine)).entitlements, {});
  assert.deepEqual((await infoOf(license.key)).entitlements, {});
});

test("a license that is not valid gives nothing, and again once it is", async () => {
  const { license, machine } = await activatedLicense(granted);
  // Another process changed it, of which this one has to hear.
  const isNow = (code: string) => eventually(async () => (await verify(machine)).code === code);
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await isNow("LICENSE_INACTIVE");
  const denied = await verify(machine);
  assert.deepEqual([denied.code, denied.entitlements], ["LICENSE_INACTIVE", {}]);
  assert.deepEqual((await infoOf(license.key)).entitlements, {});
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: true });
  await isNow("VALID");
  assert.deepEqual((await verify(machine)).entitlements, granted);

  await server.db`
    update licenses
    set valid_from = '2020-01-01', valid_until = '2020-12-31'
    where id = ${license.id}`;
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: true });
  await isNow("LICENSE_EXPIRED");
  const expired = await verify(machine);
  assert.deepEqual([expired.code, expired.entitlements], ["LICENSE_EXPIRED", {}]);
  assert.deepEqual((await infoOf(license.key)).entitlements, {});
  const other = await verify({ ...machine, hardware_hash: "another machine" });
  assert.deepEqual([other.valid, other.entitlements], [false, {}]);
});

test("a changed entitlement is seen within a second", async () => {
  const { license, machine } = await activatedLicense({ exports: 50 });
  assert.deepEqual((await verify(machine)).entitlements, { exports: 50 });
  await entitle(license.id, { exports: 100, api_access: true });
  const isSeen = async () => (await verify(machine)).entitlements.exports === 100;
  await eventually(isSeen);
  assert.deepEqual((await verify(machine)).entitlements, { exports: 100, api_access: true });
});

test("entitlements are features of a user's license, and claims that verify offline", async () => {
  const user = await makeUser(ctx);
  const license = await makeUserLicense(ctx, catalogue, user, "monthly");
  await entitle(license.id, { ...granted, wifi_upload: true });
  const { body } = await login(server, user.email, "A");
  const features = ["pattern_upload", "wifi_upload", "api_access", "constructor", "edition-name", "exports"];
  const claims = body.entitlement_token;
  assert.deepEqual(claims.features, features);
  assert.deepEqual(claims.entitlements, { ...granted, wifi_upload: true });
  const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
  const { payload } = await compactVerify(claims.signature, keys);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(payload)).entitlements, claims.entitlements);
  const send = (entitlement_token: unknown) =>
    callV2(server, "POST", "/license/validate", { entitlement_token }, body.session_token);
  assert.equal((await send(claims)).body.valid, true);
  const forged = { ...claims, entitlements: { ...claims.entitlements, exports: 1_000_000 } };
  assert.equal((await send(forged)).body.valid, false);

  for (const path of ["/license/info", "/entitlements/current"]) {
    const { entitlement } = (await callV2(server, "GET", path, undefined, body.session_token)).body;
    assert.deepEqual([entitlement.features, entitlement.entitlements], [features, claims.entitlements]);
  }
  const check = async (features: string[]) =>
    (await callV2(server, "POST", "/features/check", { features }, body.session_token)).body;
  assert.deepEqual((await check(["exports", "none", "ai_features"])).flags, {
    exports: true,
    none: false,
    ai_features: false,
  });
  const all = (await check([])).flags;
  assert.deepEqual([all.exports, all.pattern_upload, all.ai_features], [true, true, false]);
  const refreshed = await callV2(server, "POST", "/auth/refresh", { session_token: body.session_token });
  assert.deepEqual(refreshed.body.entitlement_token.entitlements, claims.entitlements);
});
