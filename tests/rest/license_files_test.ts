// License files over HTTP, read as an app reads them, with jose: what they say, how long, for which machine.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { hkdfSync } from "node:crypto";
import { base64url, compactDecrypt, compactVerify, createLocalJWKSet, decodeProtectedHeader } from "jose";
import { checkOutFile } from "../../server/domain/license_files/checkout.ts";
import { createSigningKey, rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { findPublicKeys } from "../../server/domain/signing/public_keys.ts";
import { wireFileClaims } from "../../server/request/wire_files.ts";
import { makeProduct } from "../support/fixtures.ts";
import { DAY, fileOf, isFor, offlineProduct, readFile, unarmour } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { product, checkout, makeOffline, keySet } = await offlineProduct(server);
const read = (file: string, { at, keys = keySet() }: { at?: Date; keys?: unknown } = {}) =>
  readFile(file, keys, at);

test("a file says what the license allows, and is verified with the product's keys", async () => {
  const { license, machine } = await makeOffline({
    validUntil: "2099-12-31",
    graceDays: 14,
    maxUsers: 3,
    entitlements: { exports: 50, pro: true },
    versions: ">=2.0.0 <3.0.0",
    metadata: { region: { value: "EU", public: true }, crm: { value: 1, public: false } },
  });
  const reply = await checkout({ ...machine, app_version: "2.1.0" });
  const claims = await read(fileOf(reply));
  const { iat, nbf, exp, jti, machine: ofMachine, status, seq, removal, ...rest } = claims;
  assert.deepEqual(rest, {
    iss: server.config.PUBLIC_URL,
    product: "offline-app",
    license: license.id,
    activation: rest.activation,
    state: "active",
    license_ends: "2099-12-31",
    grace_ends: "2100-01-14",
    after_expiry: "refuse",
    updates_until: null,
    versions: ">=2.0.0 <3.0.0",
    max_users: 3,
    entitlements: { exports: 50, pro: true },
    metadata: { region: "EU" },
    customer: { name: "Lumen Ltd", company: null },
  });
  assert.equal(nbf, iat);
  assert.match(removal, /^[\w-]{43}$/);
  assert.match(status.uri, new RegExp(`/.well-known/license-status/${product.id}-0$`));
  assert.ok(Number.isInteger(status.idx) && status.idx > 0);
  assert.equal(exp - iat, 30 * DAY);
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.deepEqual([reply.body.jti, reply.body.seq], [jti, seq]);
  assert.equal(Date.parse(reply.body.expires_at), exp * 1000);
  assert.deepEqual([ofMachine.match, ofMachine.components], ["exact", {}]);
  assert.ok(isFor(claims, "machine-1"));
  assert.ok(!isFor(claims, "machine-2"), "a copied file fails on another machine");
});

test("a file runs for its days without the server, and not longer", async () => {
  const { machine } = await makeOffline();
  const file = fileOf(await checkout(machine));
  const keys = createLocalJWKSet((await server.get("/.well-known/jwks/offline-app.json")).body);
  const in29Days = new Date(Date.now() + 29 * DAY * 1000);
  await read(file, { at: in29Days, keys });
  await assert.rejects(read(file, { at: new Date(Date.now() + 31 * DAY * 1000), keys }), {
    code: "ERR_JWT_EXPIRED",
  });
  await assert.rejects(read(file, { at: new Date(Date.now() - DAY * 1000), keys }), {
    code: "ERR_JWT_CLAIM_VALIDATION_FAILED",
  });
});

test("a file with any claim or header edited, or of another key, is not verified", async () => {
  const { machine } = await makeOffline();
  const file = fileOf(await checkout(machine));
  const [header, payload, signature] = unarmour(file).split(".");
  const json = (part: string) => JSON.parse(new TextDecoder().decode(base64url.decode(part)));
  const text = (value: object) => base64url.encode(JSON.stringify(value));
  const keys = createLocalJWKSet((await server.get("/.well-known/jwks/offline-app.json")).body);
  const other = await makeProduct(ctx);
  await createSigningKey(ctx, { productId: other.id });
  const foreign = createLocalJWKSet((await server.get(`/.well-known/jwks/${other.code}.json`)).body);
  await compactVerify(`${header}.${payload}.${signature}`, keys);
  for (const name of Object.keys(json(payload))) {
    const edited = text({ ...json(payload), [name]: "edited" });
    await assert.rejects(compactVerify(`${header}.${edited}.${signature}`, keys), /./, name);
  }
  for (const [name, value] of Object.entries({ alg: "none", kid: "x", typ: "license-validation+jwt" })) {
    const edited = text({ ...json(header), [name]: value });
    await assert.rejects(compactVerify(`${edited}.${payload}.${signature}`, keys), /./, name);
  }
  await assert.rejects(compactVerify(`${header}.${payload}.${signature.slice(0, -3)}`, keys));
  await assert.rejects(compactVerify(`${header}.${payload}.${signature}`, foreign), {
    code: "ERR_JWKS_NO_MATCHING_KEY",
  });
});

test("files are verified after a rotation of the key", async () => {
  const { machine } = await makeOffline();
  const old = fileOf(await checkout(machine));
  const { kid } = await rotateSigningKey(ctx, { productId: product.id });
  const fresh = await eventually(async () => {
    const file = fileOf(await checkout(machine));
    return decodeProtectedHeader(unarmour(file)).kid === kid && file;
  }, 1500);
  for (const file of [old, fresh]) await read(file);
  assert.ok((await read(fresh)).seq > (await read(old)).seq);
});

test("components recognise a machine of which one part changed, and by them alone", async () => {
  const components = { board: "b-1", disk: "d-1", mac: "m-1", cpu: "To Be Filled By O.E.M." };
  const { machine } = await makeOffline({ machineMatching: "two" }, components);
  const claims = await read(fileOf(await checkout({ ...machine, components })));
  assert.deepEqual([claims.machine.match, Object.keys(claims.machine.components).sort()], ["two", [
    "board",
    "disk",
    "mac",
  ]]);
  assert.ok(isFor(claims, "reinstalled", { ...components, disk: "d-2" }));
  assert.ok(!isFor(claims, "reinstalled", { ...components, disk: "d-2", mac: "m-2" }));
  const { hardware_hash: _, ...keyAlone } = machine;
  const found = await read(
    fileOf(await checkout({ ...keyAlone, components: { ...components, mac: "m-3" } })),
  );
  assert.equal(found.activation, claims.activation);
  const unknown = await checkout({ ...keyAlone, components: { board: "x", disk: "y", mac: "z" } });
  assert.deepEqual([unknown.status, unknown.body.error.code], [403, "NOT_ACTIVATED"]);
  const exact = await makeOffline();
  const missing = await checkout({ license_key: exact.license.key, components });
  assert.deepEqual([missing.status, missing.body.error.details.field], [400, "hardware_hash"]);
});

test("an encrypted file is read with the license key and the fingerprint, and with nothing else", async () => {
  const { license, machine } = await makeOffline();
  const jwe = unarmour(fileOf(await checkout({ ...machine, encrypt: true })));
  const header = decodeProtectedHeader(jwe) as { salt: string };
  assert.deepEqual({ ...header, salt: "" }, {
    alg: "dir",
    enc: "A256GCM",
    typ: "license-file+jwe",
    cty: "license-file+jwt",
    salt: "",
  });
  const keyOf = (key: string, fingerprint: string) =>
    new Uint8Array(
      hkdfSync(
        "sha256",
        `${key}\n${fingerprint}`,
        base64url.decode(header.salt),
        "latchkey license file",
        32,
      ),
    );
  const { plaintext } = await compactDecrypt(jwe, keyOf(license.key, "machine-1"));
  const { payload } = await compactVerify(new TextDecoder().decode(plaintext), keySet());
  assert.equal(JSON.parse(new TextDecoder().decode(payload)).license, license.id);
  assert.ok(!Buffer.from(jwe.split(".")[3], "base64url").includes("offline-app"));
  for (const key of [keyOf(license.key, "machine-2"), keyOf("TEST-TEST-TEST-TEST", "machine-1")]) {
    await assert.rejects(compactDecrypt(jwe, key), { code: "ERR_JWE_DECRYPTION_FAILED" });
  }
});

test("a file never ends after the last day of the calendar", async () => {
  const { machine } = await makeOffline({ offlineDays: 3650 });
  const now = new Date("9999-06-01T00:00:00Z");
  const checkedOut = await checkOutFile(await server.ctx(now), {
    licenseKey: machine.license_key,
    hardwareId: machine.hardware_hash,
    components: null,
    appVersion: null,
    ttl: null,
    isEncrypted: false,
    shown: null,
    issuer: "x",
  }, wireFileClaims);
  assert.equal(checkedOut.expiresAt.toISOString().slice(0, 4), "9999");
});

test("a rotated key is published until the last file that it signed has ended, a longer one of a later checkout too", async () => {
  const rotating = await offlineProduct(server, "rotating-app");
  const { machine } = await rotating.makeOffline();
  const short = fileOf(await checkout({ ...machine, ttl: 3600 }));
  const long = fileOf(await checkout(machine));
  const { kid } = await rotateSigningKey(await server.ctx(), { productId: rotating.product.id });
  const fresh = await eventually(async () => {
    const file = fileOf(await checkout(machine));
    return decodeProtectedHeader(unarmour(file)).kid === kid && file;
  });
  for (const file of [short, long, fresh]) await readFile(file, rotating.keySet());
  const { exp } = await readFile(long, rotating.keySet());
  const lost = decodeProtectedHeader(unarmour(long)).kid;
  const isPublishedAt = async (seconds: number) => {
    const keys = await findPublicKeys(await server.ctx(new Date(seconds * 1000)), rotating.product.code);
    return keys!.some(({ kid }) => kid === lost);
  };
  // It is written once a day how long a key is published.
  assert.deepEqual([await isPublishedAt(exp - 1), await isPublishedAt(exp + DAY + 1)], [true, false]);
});

test("the server stops", () => server.stop());
