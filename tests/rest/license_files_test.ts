// License files over HTTP, read as an app reads them, with jose: what they say, how long, for which machine, and how they end.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash, hkdfSync } from "node:crypto";
import {
  base64url,
  compactDecrypt,
  compactVerify,
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  jwtVerify,
} from "jose";
import { lapseIdleActivations } from "../../server/domain/activations/lapse.ts";
import { detectAnomalies } from "../../server/domain/anomalies/detect.ts";
import { listAnomalies } from "../../server/domain/anomalies/resolve.ts";
import type { NewLicense } from "../../server/domain/licenses/issue.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { checkOutFile } from "../../server/domain/license_files/checkout.ts";
import { createSigningKey, rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { wireFileClaims } from "../../server/request/wire_files.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { type Reply, startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const product = await makeProduct(ctx, "offline-app");
await createSigningKey(ctx, { productId: product.id });
const DAY = 86_400;

async function makeOffline(terms: Partial<NewLicense> = {}, components?: Record<string, string>) {
  const license = await makeLicense(ctx, {
    productId: product.id,
    offlineDays: 30,
    customer: { name: "Lumen Ltd", email: `files${Math.random()}@example.com` },
    ...terms,
  });
  const machine = { license_key: license.key, hardware_hash: "machine-1" };
  assert.equal((await server.post("/api/license/activate", { ...machine, components })).status, 201);
  return { license, machine };
}

const checkout = (body: object) => server.post("/api/license/checkout", body);
const checkin = (body: object) => server.post("/api/license/checkin", body);
const keySet = (code = product.code) =>
  createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks/${code}.json`));

function unarmour(file: string): string {
  const lines = file.trim().split("\n");
  assert.equal(lines[0], "-----BEGIN LATCHKEY LICENSE-----");
  assert.equal(lines.at(-1), "-----END LATCHKEY LICENSE-----");
  assert.ok(lines.slice(1, -1).every((line) => line.length <= 64));
  return lines.slice(1, -1).join("");
}

/** What an app does with a file, at a time. */
async function read(file: string, { at = new Date(), keys = keySet() }: { at?: Date; keys?: unknown } = {}) {
  const { payload, protectedHeader } = await jwtVerify(unarmour(file), keys as ReturnType<typeof keySet>, {
    algorithms: ["Ed25519"],
    typ: "license-file+jwt",
    currentDate: at,
  });
  assert.equal(protectedHeader.alg, "Ed25519");
  // deno-lint-ignore no-explicit-any
  return payload as any;
}

function isFor(
  // deno-lint-ignore no-explicit-any
  { machine }: any,
  fingerprint: string,
  components: Record<string, string> = {},
): boolean {
  const hash = (name: string, value: string) =>
    createHash("sha256").update(`${machine.salt}\n${name}\n${value}`).digest("base64url");
  if (hash("fingerprint", fingerprint) === machine.fingerprint) return true;
  const names = Object.keys(machine.components);
  const same = names.filter((name) =>
    components[name] !== undefined &&
    hash(`component ${name}`, components[name]) === machine.components[name]
  ).length;
  const enough: Record<string, boolean> = {
    exact: false,
    any: same >= 1,
    two: same >= 2,
    most: same * 2 > names.length,
    all: same >= 1 && same === names.length,
  };
  return enough[machine.match];
}

const fileOf = (reply: Reply): string => {
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body.license_file;
};

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
  const { iat, nbf, exp, jti, machine: ofMachine, ...rest } = claims;
  assert.deepEqual(rest, {
    iss: server.config.PUBLIC_URL,
    seq: 1,
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
  assert.equal(exp - iat, 30 * DAY);
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.deepEqual([reply.body.jti, reply.body.seq], [jti, 1]);
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

test("what may not be used gets no file, with a reason", async () => {
  const { license, machine } = await makeOffline();
  const refused = async (body: object, status: number, code: string) => {
    const reply = await checkout({ ...machine, ...body });
    assert.deepEqual([reply.status, reply.body.error.code], [status, code], JSON.stringify(reply.body));
    return reply.body.error;
  };
  await refused({ license_key: "TEST-TEST-TEST-TEST" }, 404, "INVALID_LICENSE");
  await refused({ hardware_hash: "machine-2" }, 403, "NOT_ACTIVATED");
  const tooLong = await refused({ ttl: 31 * DAY }, 400, "INVALID_REQUEST");
  assert.deepEqual(tooLong.details.field, "ttl");
  assert.match(tooLong.message, /2592000/);
  for (const ttl of [0, -1, 59, 1.5, "P1D", 1e12]) await refused({ ttl }, 400, "INVALID_REQUEST");
  await refused({ license_file: "x".repeat(70_000) }, 400, "INVALID_REQUEST");
  const online = await makeOffline({ offlineDays: 0 });
  assert.equal((await checkout(online.machine)).body.error.code, "OFFLINE_NOT_ALLOWED");
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await eventually(async () => (await checkout(machine)).body.error?.code === "LICENSE_INACTIVE");
  const gone = await makeOffline();
  await server.post("/api/license/deactivate", gone.machine);
  await eventually(async () => (await checkout(gone.machine)).body.error?.code === "ACTIVATION_INACTIVE");
});

test("200 files of one activation at once have 200 numbers", async () => {
  const { machine, license } = await makeOffline();
  const replies = await Promise.all(Array.from({ length: 200 }, () => checkout(machine)));
  assert.deepEqual(replies.filter(({ status }) => status !== 200), []);
  const numbers = replies.map(({ body }) => body.seq).sort((one, other) => one - other);
  assert.deepEqual(numbers, Array.from({ length: 200 }, (_, index) => index + 1));
  const [{ seq }] = await server.db`select seq from license_files where license_id = ${license.id}`;
  assert.equal(seq, 200);
});

test("a validation renews a file past half its life, and no other", async () => {
  const { machine, license } = await makeOffline();
  const calls = {
    verify: (file: unknown) => server.post("/api/license/verify", { ...machine, file }),
    heartbeat: (file: unknown) => server.post("/api/license/heartbeat", { ...machine, file }),
    v1: (file: unknown) =>
      server.post("/api/v1/validate", { license_key: license.key, hardware_id: "machine-1", file }),
  };
  const first = (await calls.verify(true)).body.license_file;
  assert.equal((await read(first)).seq, 1, "there was none");
  let seq = 1;
  for (const [name, call] of Object.entries(calls)) {
    for (const file of [true, false, null, first]) {
      assert.ok(!("license_file" in (await call(file)).body), name);
    }
    await server.db`
      update license_files
      set issued_at = issued_at - interval '16 days', expires_at = expires_at - interval '16 days'
      where license_id = ${license.id}`;
    const renewed = await call(first);
    assert.equal((await read(renewed.body.license_file)).seq, ++seq, name);
    assert.ok(!("license_file" in (await call(true)).body), name);
  }
  const online = await makeOffline({ offlineDays: 0 });
  assert.ok(
    !("license_file" in (await server.post("/api/license/verify", { ...online.machine, file: true })).body),
  );
  const other = await server.post("/api/license/verify", {
    ...machine,
    hardware_hash: "machine-2",
    file: true,
  });
  assert.deepEqual([other.body.valid, other.body.license_file], [false, undefined]);
});

test("a file that is given back ends, once", async () => {
  const { machine, license } = await makeOffline();
  assert.deepEqual((await checkin(machine)).body.returned, false);
  await checkout(machine);
  assert.deepEqual((await checkin(machine)).body, { message: "License file returned", returned: true });
  assert.deepEqual((await checkin(machine)).body.returned, false);
  assert.equal((await checkin({ ...machine, hardware_hash: "machine-2" })).status, 404);
  const again = await server.post("/api/license/verify", { ...machine, file: true });
  assert.equal((await read(again.body.license_file)).seq, 2);
  const types = await server.db`
    select type from events where license_id = ${license.id} and type like 'license_file.%' order by id`;
  assert.deepEqual(types.map(({ type }) => type), [
    "license_file.issued",
    "license_file.returned",
    "license_file.issued",
  ]);
});

test("a borrowed activation stays without heartbeats until its file ends; another file ends with the lease", async () => {
  const lease = { machineLease: "P7D" };
  const [held, free] = [await makeOffline({ ...lease, offlineBorrowing: true }), await makeOffline(lease)];
  const claims = [
    await read(fileOf(await checkout(held.machine))),
    await read(fileOf(await checkout(free.machine))),
  ];
  assert.deepEqual(claims.map(({ exp, iat }) => exp - iat), [30 * DAY, 7 * DAY]);
  const inUse = async () =>
    (await server.db`
      select id, activations_in_use from licenses where id in (${held.license.id}, ${free.license.id}) order by id`)
      .map(({ activationsInUse }) => activationsInUse);
  const in20Days = await server.ctx(new Date(Date.now() + 20 * DAY * 1000));
  await lapseIdleActivations(in20Days);
  assert.deepEqual(await inUse(), [1, 0]);
  await lapseIdleActivations(await server.ctx(new Date(Date.now() + 31 * DAY * 1000)));
  assert.deepEqual(await inUse(), [0, 0]);
  const returned = await makeOffline({ ...lease, offlineBorrowing: true });
  await checkout(returned.machine);
  await checkin(returned.machine);
  await lapseIdleActivations(in20Days);
  const [{ activationsInUse }] = await server.db`
    select activations_in_use from licenses where id = ${returned.license.id}`;
  assert.equal(activationsInUse, 0, "given back");
});

test("a file that two machines show, and one that goes back, are anomalies", async () => {
  const { machine, license } = await makeOffline();
  const { machine: other, license: restored } = await makeOffline();
  const file = fileOf(await checkout(machine));
  await server.post("/api/license/activate", { ...machine, hardware_hash: "machine-2" });
  for (const hardware_hash of ["machine-2", "never-activated"]) {
    await server.post("/api/license/verify", { ...machine, hardware_hash, file });
  }
  // A copy of a virtual machine shows a file that is older than the one that the machine has shown.
  const first = fileOf(await checkout(other));
  const next = fileOf(await checkout({ ...other, license_file: first }));
  await checkout({ ...other, license_file: next });
  await checkout({ ...other, license_file: next });
  const found = async (licenseId: number) => {
    await detectAnomalies(await server.ctx(new Date(Date.now() + 60_000)));
    const { rows } = await listAnomalies(ctx, { licenseId, kind: "license_cloned" });
    return rows.map(({ facts }) => facts);
  };
  assert.deepEqual(await found(restored.id), [], "an answer that was lost is no copy");
  await checkout({ ...other, license_file: first });
  assert.deepEqual(await found(license.id), [{ copiesWithinADay: 1 }]);
  const reasons = await server.db`
    select license_id, after ->> 'reason' as reason from events where type = 'license_file.cloned' order by id`;
  assert.deepEqual(reasons.map(({ licenseId, reason }) => [licenseId, reason]), [
    [license.id, "other_machine"],
    [restored.id, "older_file"],
  ]);
  // A text that is no file of this server says nothing.
  for (
    const text of ["", "nonsense", "-----BEGIN LATCHKEY LICENSE-----\na.b.c\n-----END LATCHKEY LICENSE-----"]
  ) {
    assert.equal((await checkout({ ...machine, license_file: text })).status, 200, text);
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

test("the server stops", () => server.stop());
