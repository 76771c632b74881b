// What a user can do who has read an API key out of an app.
import assert from "node:assert/strict";
import { createApiKey, revokeApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { offlineProduct } from "../support/license_files.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { product, makeOffline } = await offlineProduct(server);
const { key: stolen, row: { id } } = await createApiKey(ctx, { name: "app", productId: product.id });
const headers = { "x-api-key": stolen };
const post = (path: string, body: object) => server.post(path, body, headers);

test("a stolen API key lists nothing that administrators list", async () => {
  const { paths } = JSON.parse(await Deno.readTextFile(new URL("../../openapi.json", import.meta.url)));
  const lists = Object.keys(paths).filter((path) =>
    path.startsWith("/api/admin/") && paths[path].get?.security?.some((way: object) => "administrator" in way)
  );
  assert.ok(lists.length > 20, `${lists.length} lists`);
  for (const path of lists) {
    const response = await fetch(server.url + path.replace(/\{\w+\}/g, "1"), { headers });
    await response.body?.cancel();
    assert.equal(response.status, 401, path);
  }
});

test("a stolen API key gets no file and no valid answer for what it does not know", async () => {
  const { license, machine } = await makeOffline();
  const other = await offlineProduct(server, "other-app");
  const foreign = await other.makeOffline();
  const refused: [object, string][] = [
    [{ license_key: "AAAA-AAAA-AAAA-AAAA", hardware_hash: "machine-1" }, "INVALID_LICENSE"],
    [{ ...machine, hardware_hash: "machine-2" }, "NOT_ACTIVATED"],
    [foreign.machine, "INVALID_LICENSE"],
  ];
  for (const [body, code] of refused) {
    const file = await post("/api/license/checkout", body);
    assert.deepEqual([file.body.error?.code, "license_file" in file.body], [code, false]);
    const { body: answer } = await post("/api/license/verify", {
      ...body,
      nonce: "nonce-0123456789",
      file: true,
    });
    const claims = JSON.parse(atob(answer.signature.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    assert.deepEqual([claims.valid, claims.code, claims.entitlements], [false, code, {}]);
    assert.ok(!("license_file" in answer));
  }
  assert.equal(
    (await post("/api/license/checkout", machine)).status,
    200,
    "with the license key it gets one",
  );
  await setLicensesEnabled(ctx, { ids: [license.id], enabled: false });
  await eventually(async () =>
    (await post("/api/license/checkout", machine)).body.error?.code === "LICENSE_INACTIVE"
  );
});

test("a stolen API key that is revoked does nothing", async () => {
  const { machine } = await makeOffline();
  await revokeApiKey(ctx, id);
  await eventually(async () => (await post("/api/license/verify", machine)).status === 401);
  for (const path of ["verify", "heartbeat", "checkout", "checkin", "activate"]) {
    const { status, body } = await post(`/api/license/${path}`, { ...machine, nonce: "nonce-0123456789" });
    assert.deepEqual([status, "signature" in body], [401, false], path);
  }
});

test("the server stops", () => server.stop());
