// License files after the loss of the state in which they were issued: the signing key, the numbers and the places in status
// lists that were given since the backup are unknown to the restored server, and known to apps.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { createLocalJWKSet, jwtVerify } from "jose";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { rotateSigningKey } from "../../server/domain/signing/rotate.ts";
import { backUp, backupFolder, restore } from "../support/backups.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { fileOf, offlineProduct, readFile } from "../support/license_files.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const PUBLIC_URL = "https://licenses.example";
const lost = await startTestServer({ PUBLIC_URL });
const { product, checkout, makeOffline } = await offlineProduct(lost);
const [first, second] = [await makeOffline(), await makeOffline()];
const path = `/.well-known/jwks/${product.code}.json`;
const keysOf = async (server: TestServer) => (await server.get(path)).body.keys;
const keysOfBackup = await keysOf(lost);
// No file was issued before the backup: the first places of the status list are given after it.
const backup = await backUp(lost, backupFolder());

const ctx = await lost.ctx();
const rotated = await rotateSigningKey(ctx, { productId: product.id });
await eventually(async () => (await keysOf(lost))[0].kid === rotated.kid);
const allKeys = createLocalJWKSet({ keys: [...await keysOf(lost), ...keysOfBackup] });
const lostFile = fileOf(await checkout(first.machine));
const lostSecond = fileOf(await checkout(second.machine));
const lostClaims = await readFile(lostFile, allKeys);
const lostList = await listOf(lost, lostClaims);
// Disabled after the backup: the restored database does not know it.
await setLicensesEnabled(ctx, { ids: [second.license.id], enabled: false });

const stores = await createEmptyDatabase();
await restore(stores, backup);
const server = await startTestServer({ PUBLIC_URL }, stores);

// deno-lint-ignore no-explicit-any
async function listOf(at: TestServer, { status }: any): Promise<{ status: number; jws: string }> {
  const reply = await at.get(status.uri.slice(PUBLIC_URL.length));
  return { status: reply.status, jws: reply.body };
}

// deno-lint-ignore no-explicit-any
async function isRevoked({ status }: any): Promise<boolean> {
  const { jws } = await listOf(server, { status });
  const { payload } = await jwtVerify(jws, allKeys, { typ: "statuslist+jwt", subject: status.uri });
  const bytes = inflateSync(Buffer.from((payload.status_list as { lst: string }).lst, "base64url"));
  return (bytes[status.idx >> 3] & 1 << (status.idx & 7)) !== 0;
}

test("files of the lost key still verify in apps that know it; the server ignores them and issues newer ones", async () => {
  assert.equal((await readFile(lostFile, allKeys)).seq, lostClaims.seq);
  const shown = { ...first.machine, license_file: lostFile };
  const issued = await readFile(fileOf(await server.post("/api/license/checkout", shown)), allKeys);
  assert.ok(issued.seq > lostClaims.seq, `${issued.seq} after ${lostClaims.seq}`);
  const { body, status } = await server.post("/api/license/verify", {
    ...first.machine,
    file: lostFile,
    nonce: "0123456789abcdef",
  });
  assert.deepEqual([status, body.code], [200, "VALID"], JSON.stringify(body));
  const { protectedHeader } = await jwtVerify(body.signature, allKeys);
  assert.equal(protectedHeader.kid, keysOfBackup[0].kid, "the key of the backup");
  assert.deepEqual(await keysOf(server), keysOfBackup);
  const events = await stores.db`select from events where type = 'license_file.cloned'`;
  assert.equal(events.length, 0);
});

test("the places of lost files are given to no other file: revoking a new one leaves them alone", async () => {
  const taken = fileOf(await server.post("/api/license/checkout", second.machine));
  const claims = await readFile(taken, allKeys);
  const lostSecondClaims = await readFile(lostSecond, allKeys);
  for (const before of [lostClaims, lostSecondClaims]) assert.notEqual(claims.status.uri, before.status.uri);
  assert.equal(await isRevoked(claims), false, "disabled after the backup, and so not in it");
  await setLicensesEnabled(await server.ctx(), { ids: [second.license.id], enabled: false });
  await eventually(async () => {
    const { body } = await server.post("/api/license/verify", second.machine);
    return body.code === "LICENSE_INACTIVE";
  });
  assert.equal((await listOf(server, lostClaims)).status, 404, "apps keep the list that they have");
  const { payload } = await jwtVerify(lostList.jws, allKeys, { typ: "statuslist+jwt" });
  assert.equal(payload.sub, lostClaims.status.uri);
});

test("the key is rotated again, and the lost one stays unknown", async () => {
  const again = await rotateSigningKey(await server.ctx(), { productId: product.id });
  assert.ok(again.kid !== rotated.kid);
  await eventually(async () => (await keysOf(server))[0].kid === again.kid);
});

test("the servers stop", async () => {
  await server.stop();
  await stores.db.end();
  await lost.stop();
});
