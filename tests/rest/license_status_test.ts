// Status lists: what revokes a license file, as an app sees it that gets the list over HTTP or by file.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { jwtVerify } from "jose";
import { getStatusList } from "../../server/domain/license_files/status_list.ts";
import { deleteLicense, setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { wireStatusList } from "../../server/request/wire_files.ts";
import { DAY, fileOf, offlineProduct, readFile } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { product, checkout, checkin, makeOffline, keySet } = await offlineProduct(server);
const other = await offlineProduct(server, "other-app");

/** The list of a file, as it is at a time, and whether the file is revoked in it. */
async function isRevoked(file: string, at = new Date()): Promise<boolean> {
  const { status } = await readFile(file, keySet());
  const list = status.uri.slice(status.uri.lastIndexOf("/") + 1);
  const { jws } = await getStatusList(await server.ctx(at), { list, url: status.uri }, wireStatusList);
  return isSet(jws, status, at);
}

async function isSet(
  jws: string,
  { uri, idx }: { uri: string; idx: number },
  at = new Date(),
): Promise<boolean> {
  const { payload } = await jwtVerify(jws, keySet(), {
    algorithms: ["Ed25519"],
    typ: "statuslist+jwt",
    subject: uri,
    currentDate: at,
  });
  const { bits, lst } = payload.status_list as { bits: number; lst: string };
  assert.equal(bits, 1);
  const bytes = inflateSync(Buffer.from(lst, "base64url"));
  return (bytes[idx >> 3] & 1 << (idx & 7)) !== 0;
}

const revoking: Record<string, (of: Awaited<ReturnType<typeof makeOffline>>) => Promise<unknown>> = {
  "a disabled license": ({ license }) => setLicensesEnabled(ctx, { ids: [license.id], enabled: false }),
  "a deleted license": ({ license }) => deleteLicense(ctx, license.id),
  "a license that ended early": ({ license }) =>
    updateLicense(ctx, { id: license.id, changes: { validFrom: "2020-01-01", validUntil: "2020-01-31" } }),
  "a deactivated machine": ({ machine }) => server.post("/api/license/deactivate", machine),
  "a file that was given back": ({ machine }) => checkin(machine),
};

for (const [name, revoke] of Object.entries(revoking)) {
  test(`${name} revokes its file, and no other`, async () => {
    const [one, two] = [await makeOffline(), await makeOffline()];
    const [file, untouched] = [fileOf(await checkout(one.machine)), fileOf(await checkout(two.machine))];
    assert.equal(await isRevoked(file), false);
    await revoke(one);
    assert.equal(await isRevoked(file), true);
    assert.equal(await isRevoked(untouched), false);
  });
}

test("an enabled license has its file again; a machine that is activated again has another", async () => {
  const { license, machine } = await makeOffline();
  const first = fileOf(await checkout(machine));
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: true });
  assert.equal(await isRevoked(first), false);
  await server.post("/api/license/deactivate", machine);
  await server.post("/api/license/activate", machine);
  assert.equal(await isRevoked(first), true, "before there is another file");
  const second = fileOf(await checkout(machine));
  assert.deepEqual([await isRevoked(first), await isRevoked(second)], [true, false]);
  const third = fileOf(await checkout(machine));
  assert.deepEqual(
    (await readFile(third, keySet())).status,
    (await readFile(second, keySet())).status,
    "renewed files keep their index",
  );
});

test("a validation after another activation answers with a file of another index, and the old one stays revoked", async () => {
  const { machine } = await makeOffline();
  const validate = async () => (await server.post("/api/license/verify", { ...machine, file: true })).body;
  const first = (await validate()).license_file;
  assert.ok(!("license_file" in await validate()), "the first one is not past its half");
  await server.post("/api/license/deactivate", machine);
  await eventually(async () => (await validate()).valid === false);
  assert.ok(!("license_file" in await validate()));
  await server.post("/api/license/activate", machine);
  let second: string | undefined;
  await eventually(async () => (second ??= (await validate()).license_file) !== undefined);
  const [before, after] = await Promise.all([first, second!].map((file) => readFile(file, keySet())));
  assert.equal(after.activation, before.activation);
  assert.ok(after.seq > before.seq);
  assert.notEqual(after.status.idx, before.status.idx);
  assert.deepEqual([await isRevoked(first), await isRevoked(second!)], [true, false]);
});

test("the list is served to anyone, signed with the product's key, and may be cached for half a minute", async () => {
  const { machine } = await makeOffline();
  const { status } = await readFile(fileOf(await checkout(machine)), keySet());
  const path = new URL(status.uri).pathname;
  const response = await fetch(server.url + path);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/statuslist+jwt");
  assert.equal(response.headers.get("cache-control"), "public, max-age=30");
  const jws = await response.text();
  assert.equal(await isSet(jws, status), false);
  await assert.rejects(isSet(jws, status, new Date(Date.now() + 15 * DAY * 1000)), {
    code: "ERR_JWT_EXPIRED",
  });
  await assert.rejects(isSet(jws, { ...status, uri: `${status.uri}0` }), {
    code: "ERR_JWT_CLAIM_VALIDATION_FAILED",
  });
  const foreign = (await other.makeOffline()).machine;
  const { status: elsewhere } = await readFile(fileOf(await other.checkout(foreign)), other.keySet());
  assert.notEqual(elsewhere.uri, status.uri);
  const theirs = await (await fetch(server.url + new URL(elsewhere.uri).pathname)).text();
  await assert.rejects(isSet(theirs, elsewhere), { code: "ERR_JWKS_NO_MATCHING_KEY" });
});

test("a list that does not exist is not found", async () => {
  for (
    const list of [
      "x",
      "0-0",
      `${product.id}-7`,
      `${product.id}`,
      `${product.id}-0x`,
      "999999-0",
      "1-99999999999",
    ]
  ) {
    assert.equal((await server.get(`/.well-known/license-status/${list}`)).status, 404, list);
  }
});

test("the server stops", () => server.stop());
