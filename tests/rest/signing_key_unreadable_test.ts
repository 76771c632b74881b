// An ENCRYPTION_KEY that does not open the signing keys: no call fails by a fault, and everything that can says what to do.
import assert from "node:assert/strict";
import { rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { checkDatabase } from "../../server/start_check.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { fileOf, offlineProduct, readFile } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { login, makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";

const server = await startTestServer();
const owner = await makeAdministrator(server, "owner");
const { product, makeOffline, checkout, keySet } = await offlineProduct(server);
const { license, machine } = await makeOffline();
const nonce = "0123456789abcdef";
const file = fileOf(await checkout(machine));
const [{ statusId }] = await server.db`select status_id from license_files`;
const list = `/.well-known/license-status/${product.id}-${Math.floor(statusId / 131_072)}`;
assert.equal((await server.get(list)).status, 200);
const wrong = createCipher("another key that is long enough to be one");
// Another server, with another ENCRYPTION_KEY, made the keys.
const away = { ...await server.ctx(), cipher: wrong };
const lost = await rotateSigningKey(away, { productId: product.id });
await rotateSigningKey(away);

test("calls that sign are refused with 503 and change nothing; those that do not sign go on", async () => {
  const later = { ...machine, nonce };
  await eventually(async () => (await server.post("/api/license/verify", later)).status === 503);
  const calls = [
    server.post("/api/license/verify", later),
    server.post("/api/license/heartbeat", later),
    server.post("/api/v1/validate", { license_key: license.key, hardware_id: machine.hardware_hash, nonce }),
    server.post("/api/license/verify", { license_key: "AAAA-AAAA-AAAA-AAAA", hardware_hash: "x", nonce }),
    checkout({ ...machine, license_file: file }),
  ];
  const [before] = await server.db`select seq, expires_at from license_files`;
  for (const reply of await Promise.all(calls)) {
    assert.equal(reply.status, 503, JSON.stringify(reply.body));
    assert.match(JSON.stringify(reply.body), /cannot read its signing key.*ENCRYPTION_KEY/);
    assert.ok(Number(reply.headers.get("retry-after")) >= 1);
  }
  const [after] = await server.db`select seq, expires_at from license_files`;
  assert.deepEqual({ ...after }, { ...before }, "no number was taken");
  assert.equal((await server.post("/api/license/verify", machine)).body.code, "VALID");
  assert.equal((await server.post("/api/license/heartbeat", machine)).status, 200);
  for (const path of ["/.well-known/jwks.json", `/.well-known/jwks/${product.code}.json`]) {
    assert.equal((await server.get(path)).status, 200, path);
  }
  await eventually(async () => (await server.get(list)).status === 503);
  assert.doesNotMatch(server.logged(), /"bug"/);
  assert.match(server.logged(), /signing key unreadable/);
});

test("entitlement tokens, which the default key signs, are refused the same way", async () => {
  const ctx = await server.ctx();
  const catalogue = await makeCatalogue(ctx);
  const user = await makeUser(ctx);
  await makeUserLicense(ctx, catalogue, user, "yearly");
  const reply = await login(server, user.email, "PC");
  assert.equal(reply.status, 503, JSON.stringify(reply.body));
  assert.ok(Number(reply.headers.get("retry-after")) >= 1);
});

test("readiness names it, and no program starts", async () => {
  const states = await server.server.services.readiness.check();
  assert.match(states.get("signing_keys")!.problem!, /ENCRYPTION_KEY does not open/);
  assert.equal((await server.get("/health/ready")).status, 200, "what does not sign goes on");
  await assert.rejects(checkDatabase({ ...server.config, development: true }), (error: Error) => {
    assert.match(error.message, /the default signing key, that of the product offline-app/);
    assert.match(error.message, /deno task latchkey signing-key rotate --product offline-app/);
    return true;
  });
});

test("with a new key everything goes on, and files of before are verified", async () => {
  const rotated = await owner.post(`/api/admin/products/${product.id}/signing-key/rotate`);
  assert.equal(rotated.status, 200, JSON.stringify(rotated.body));
  assert.equal((await owner.post("/api/admin/signing-keys/rotate")).status, 200);
  await eventually(async () =>
    (await server.post("/api/license/verify", { ...machine, nonce })).status === 200
  );
  fileOf(await checkout({ ...machine, license_file: file }));
  await readFile(file, keySet());
  assert.equal((await server.get(list)).status, 200);
  await checkDatabase({ ...server.config, development: true });
  const { keys } = (await server.get(`/.well-known/jwks/${product.code}.json`)).body;
  assert.ok(!keys.some(({ kid }: { kid: string }) => kid === lost.kid), "it signed nothing");
});

test("the server stops", () => server.stop());
