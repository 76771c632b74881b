// Signed validations: an app that sends a nonce notices an answer that was edited, replayed, or given for something else.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { compactVerify, createLocalJWKSet, createRemoteJWKSet, type JWTPayload } from "jose";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { createSigningKey, rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { type Reply, startTestServer, type TestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const server = await startTestServer();
const second = await startTestServer({}, server);
const ctx = await server.ctx();
const product = await makeProduct(ctx, "signed-app");
const license = await makeLicense(ctx, {
  productId: product.id,
  validUntil: "2099-12-31",
  graceDays: 14,
  entitlements: { exports: 50 },
});
await createSigningKey(ctx, { productId: product.id });
const machine = { license_key: license.key, hardware_hash: "machine-1" };
await server.post("/api/license/activate", machine);

let number = 0;
const newNonce = () => `nonce-${++number}-${"0123456789abcdef"}`;
const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url");

/** What an app does with an answer: it believes the claims alone. */
async function trusted(
  signature: string,
  expected: { nonce: string; key?: string | null; machine?: string | null },
  { code = product.code, at = server }: { code?: string | null; at?: TestServer } = {},
): Promise<JWTPayload & Record<string, unknown>> {
  const path = code === null ? "/.well-known/jwks.json" : `/.well-known/jwks/${code}.json`;
  const { keys } = (await at.get(path)).body;
  // The default keys are listed with the older name of the algorithm at the documented address.
  const keySet = createLocalJWKSet({ keys: keys.map((key: object) => ({ ...key, alg: "Ed25519" })) });
  const { payload, protectedHeader } = await compactVerify(signature, keySet, { algorithms: ["Ed25519"] });
  assert.equal(protectedHeader.typ, "license-validation+jwt");
  const claims = JSON.parse(new TextDecoder().decode(payload));
  const { nonce, key = license.key, machine = "machine-1" } = expected;
  assert.equal(claims.nonce, nonce, "replayed");
  assert.equal(claims.key_hash, key === null ? null : hashOf(key), "another key");
  assert.equal(claims.machine, machine === null ? null : hashOf(machine), "another machine");
  return claims;
}

const calls: Record<string, (body: object, at?: TestServer) => Promise<Reply>> = {
  verify: (body, at = server) => at.post("/api/license/verify", { ...machine, ...body }),
  heartbeat: (body, at = server) => at.post("/api/license/heartbeat", { ...machine, ...body }),
  "v1 validate": ({ ...body }, at = server) =>
    at.post("/api/v1/validate", {
      license_key: machine.license_key,
      hardware_id: machine.hardware_hash,
      ...body,
    }, { "x-api-key": null }),
};

for (const [name, call] of Object.entries(calls)) {
  test(`${name} with a nonce has the same answer, and its signature`, async () => {
    const nonce = newNonce();
    const plain = await call({});
    assert.ok(!("signature" in plain.body));
    const signed = await call({ nonce });
    assert.equal(signed.status, 200);
    const { signature, ...rest } = signed.body;
    assert.deepEqual(
      { ...rest, last_heartbeat: null },
      { ...plain.body, last_heartbeat: null },
    );
    const claims = await trusted(signature, { nonce });
    assert.ok(Math.abs((claims.iat as number) * 1000 - Date.now()) < 60_000);
    const { iat: _, ...others } = claims;
    assert.deepEqual(others, {
      iss: server.config.PUBLIC_URL,
      nonce,
      product: "signed-app",
      license: license.id,
      key_hash: hashOf(license.key),
      machine: hashOf("machine-1"),
      valid: true,
      code: "VALID",
      valid_until: "2099-12-31",
      grace_ends: "2100-01-14",
      entitlements: { exports: 50 },
      max_users: 10,
    });
    assert.deepEqual((await call({ nonce: null })).body.signature, undefined);
  });

  test(`${name} refuses a nonce that is too short, too long or no text`, async () => {
    for (
      const nonce of ["", "x".repeat(15), "x".repeat(129), "x".repeat(15) + "\n", "ü".repeat(20), 1e20, {}]
    ) {
      const { status, body } = await call({ nonce });
      assert.deepEqual([status, body.error.code, body.error.details.field], [
        400,
        "INVALID_REQUEST",
        "nonce",
      ]);
      if (typeof nonce === "string") assert.match(body.error.message, /16 to 128/);
    }
    for (const length of [16, 128]) assert.equal((await call({ nonce: "x".repeat(length) })).status, 200);
  });

  test(`${name} signs that a license is refused, and that none is found`, async () => {
    const other = newNonce();
    const elsewhere = await call({ nonce: other, hardware_hash: "machine-2", hardware_id: "machine-2" });
    assert.equal(elsewhere.body.valid, false);
    const claims = await trusted(elsewhere.body.signature, { nonce: other, machine: "machine-2" });
    assert.deepEqual([claims.valid, claims.code, claims.entitlements], [false, "NOT_ACTIVATED", {}]);
    for (const [key, status] of [["TEST-TEST-TEST-TEST", 404], ["no", 400]] as const) {
      const nonce = newNonce();
      const unknown = await call({ nonce, license_key: key });
      assert.deepEqual([unknown.status, unknown.body.error.code], [status, "INVALID_LICENSE"]);
      assert.ok(!JSON.stringify(unknown.body.error).includes("signature"));
      const claims = await trusted(unknown.body.signature, { nonce, key }, { code: null });
      assert.deepEqual([claims.valid, claims.code, claims.license, claims.product], [
        false,
        "INVALID_LICENSE",
        null,
        null,
      ]);
      assert.ok(!("signature" in (await call({ license_key: key })).body));
    }
  });
}

test("an API key of a product gets the refusal of an unknown key signed with the product's key", async () => {
  const { key } = await createApiKey(ctx, { name: "app", productId: product.id });
  const nonce = newNonce();
  const body = { ...machine, license_key: "TEST-TEST-TEST-TEST", nonce };
  const reply = await server.post("/api/license/verify", body, { "x-api-key": key });
  const claims = await trusted(reply.body.signature, { nonce, key: "TEST-TEST-TEST-TEST" });
  assert.deepEqual([claims.product, claims.code], ["signed-app", "INVALID_LICENSE"]);
});

test("an edited, replayed or foreign answer is noticed", async () => {
  const disabled = await makeLicense(ctx, { productId: product.id });
  await setLicensesEnabled(ctx, { ids: [disabled.id], enabled: false });
  const nonce = newNonce();
  const { body } = await server.post("/api/license/verify", { ...machine, license_key: disabled.key, nonce });
  assert.deepEqual([body.valid, body.code], [false, "LICENSE_INACTIVE"]);
  const expected = { nonce, key: disabled.key };
  const claims = await trusted(body.signature, expected);
  assert.deepEqual([claims.valid, claims.code], [false, "LICENSE_INACTIVE"]);
  const [header, , signed] = body.signature.split(".");
  const encode = (part: object) =>
    new TextEncoder().encode(JSON.stringify(part)).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
  for (const [name, value] of Object.entries({ ...claims, valid: true })) {
    if (value === claims[name] && name !== "iat") continue;
    const edited = { ...claims, [name]: name === "iat" ? claims.iat! + 1 : value };
    await assert.rejects(trusted(`${header}.${encode(edited)}.${signed}`, expected), {
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  }
  await assert.rejects(trusted(body.signature, { ...expected, nonce: newNonce() }), /replayed/);
  await assert.rejects(trusted(body.signature, { nonce }), /another key/);
  await assert.rejects(trusted(body.signature, { ...expected, machine: "machine-2" }), /another machine/);
  // Signed with the key of another product, and with the default one.
  const other = await makeProduct(ctx);
  await createSigningKey(ctx, { productId: other.id });
  for (const productId of [other.id, (await makeProduct(ctx)).id]) {
    const foreign = await makeLicense(ctx, { productId });
    const nonce = newNonce();
    const { body } = await server.post("/api/license/verify", {
      ...machine,
      license_key: foreign.key,
      nonce,
    });
    await assert.rejects(trusted(body.signature, { nonce, key: foreign.key }), {
      code: "ERR_JWKS_NO_MATCHING_KEY",
    });
  }
});

test("two servers sign with the same key, and with the new one within a second of a rotation", async () => {
  const kidFrom = async (at: TestServer) => {
    const { body } = await calls.verify({ nonce: newNonce() }, at);
    return JSON.parse(atob(body.signature.split(".")[0])).kid;
  };
  const before = await kidFrom(server);
  assert.equal(await kidFrom(second), before);
  const nonce = newNonce();
  const old = (await calls.verify({ nonce }, second)).body.signature;
  const { kid } = await rotateSigningKey(ctx, { productId: product.id });
  for (const at of [server, second]) await eventually(async () => await kidFrom(at) === kid, 1500);
  await trusted(old, { nonce }, { at: second });
});

test("the check of an entitlement token is signed", async () => {
  const catalogue = await makeCatalogue(ctx);
  const user = await makeUser(ctx);
  const issued = await makeUserLicense(ctx, catalogue, user, "monthly");
  const { session_token, entitlement_token } = (await login(server, user.email, "laptop")).body;
  const validate = (body: object) => callV2(server, "POST", "/license/validate", body, session_token);
  const nonce = newNonce();
  const plain = await validate({ entitlement_token });
  const { signature, ...rest } = (await validate({ entitlement_token, nonce })).body;
  assert.deepEqual({ ...rest, timestamp: 0 }, { ...plain.body, timestamp: 0 });
  const code = entitlement_token.product;
  const claims = await trusted(signature, { nonce, key: null, machine: "laptop" }, { code });
  assert.deepEqual([claims.valid, claims.code, claims.license, claims.product], [
    true,
    "VALID",
    issued.id,
    code,
  ]);
  const again = newNonce();
  const refused = await validate({
    entitlement_token: { ...entitlement_token, plan: "yearly" },
    nonce: again,
  });
  assert.equal(refused.body.valid, false);
  const denial = await trusted(refused.body.signature, { nonce: again, key: null, machine: "laptop" }, {
    code: null,
  });
  assert.deepEqual([denial.valid, denial.code, denial.license], [false, "NO_ENTITLEMENT", null]);
  const short = await validate({ entitlement_token, nonce: "short" });
  assert.equal(short.status, 400);
  assert.match(short.body.messages.nonce[0], /16 to 128/);
});

test("the published keys of the product are those of jose's remote key set", async () => {
  const nonce = newNonce();
  const { body } = await calls.verify({ nonce });
  await compactVerify(
    body.signature,
    createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks/signed-app.json`)),
  );
});

test("the servers stop", async () => {
  await second.stop();
  await server.stop();
});
