// Keys as people paste them, at every call that takes a key.
import assert from "node:assert/strict";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { refusalOf, signInToPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const manager = await makeAdministrator(server, "manager");
const panel = await signInToPanel(server, "manager");
const ctx = await server.ctx();
const product = await makeProduct(ctx);
const ours = await makeLicense(ctx, { productId: product.id });
const uuid = await makeLicense(ctx, { key: "550e8400-e29b-41d4-a716-446655440000", productId: product.id });
const base64 = "c3VwZXJTZWNyZXRLZXkrMTIz/Q==";
const inBothCases = await makeLicense(ctx, { key: base64, productId: product.id });

const wide = (text: string) =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

/** Spellings of each license's key. */
const spellings: [license: { id: number; key: string }, typed: string][] = [
  [ours, `“${ours.key.replaceAll("-", "–")}”`],
  [ours, `\ufeff\u00a0${ours.key.slice(0, 9)}\r\n> ${ours.key.slice(9)}\u200b.`],
  [ours, wide(ours.key.toLowerCase())],
  [ours, `(${ours.key.replaceAll("-", "\u2011\u00ad")})`],
  [uuid, "{550E8400-E29B-41D4-A716-446655440000}"],
  [uuid, "550e8400e29b41d4a716446655440000"],
  [uuid, "urn:uuid:550e8400–e29b–41d4–a716–446655440000"],
  [inBothCases, ` "${base64.slice(0, 12)}\n${base64.slice(12)}" `],
];

test("every call of the License API takes a key as it was pasted", async () => {
  for (const [license, typed] of spellings) {
    const machine = { license_key: typed, hardware_hash: "PC-1" };
    const activated = await server.post("/api/license/activate", machine);
    assert.ok([200, 201].includes(activated.status), `${typed}: ${JSON.stringify(activated.body)}`);
    assert.equal(activated.body.activation.license_key, license.key);
    assert.equal((await server.post("/api/license/verify", machine)).body.valid, true, typed);
    assert.equal((await server.post("/api/license/heartbeat", machine)).body.valid, true, typed);
    const v1 = { license_key: typed, hardware_id: "PC-1" };
    assert.equal((await server.post("/api/v1/activate", v1)).status, 200, typed);
    assert.equal((await server.post("/api/v1/validate", v1)).body.valid, true, typed);
    const info = await server.get(`/api/license/info/${encodeURIComponent(typed)}`);
    assert.equal(info.body.license?.id, license.id, `${typed}: ${JSON.stringify(info.body)}`);
    const session = await server.post("/api/license/session/start", machine);
    assert.equal(session.status, 201, typed);
    const check = await server.post("/api/version/check", { license_key: typed, current_version: "1.0.0" });
    assert.equal(check.status, 200, typed);
    assert.equal((await server.post("/api/license/deactivate", machine)).status, 200, typed);
  }
});

test("the search and the list of licenses find a key as it was pasted", async () => {
  for (const [license, typed] of spellings) {
    const { results } = await searchFor(typed);
    assert.equal(results[0]?.id, license.id, typed);
    const list = await panel.client.licenses.list.query({ q: typed });
    assert.deepEqual(list.rows.map(({ id }) => id), [license.id], typed);
  }
  const part = ours.key.slice(0, 9).replace("-", "—");
  assert.ok((await panel.client.licenses.list.query({ q: part })).rows.some(({ id }) => id === ours.id));
});

async function searchFor(q: string): Promise<{ results: { id: number }[] }> {
  const { body } = await manager.get(`/api/global-search?q=${encodeURIComponent(q)}&type=license`);
  return body;
}

test("an imported key in both cases is found in its own case only, and beside one that differs in case", async () => {
  const verify = (license_key: string) =>
    server.post("/api/license/verify", { license_key, hardware_hash: "PC-1" });
  assert.equal((await verify(base64.toUpperCase())).status, 404);
  assert.equal((await verify(base64.toLowerCase())).status, 404);
  const twin = base64.replace("c3V", "C3v");
  const second = await makeLicense(ctx, { key: twin, productId: product.id });
  assert.equal((await verify(twin)).body.license.key, second.key);
  assert.equal((await verify(base64)).body.license.key, base64);
  // One that has a single case is found in any, but the exact key of another comes first.
  const single = await makeLicense(ctx, { key: base64.toUpperCase(), productId: product.id });
  assert.equal((await verify(base64.toLowerCase())).body.license.key, single.key);
  assert.equal((await verify(base64)).body.license.key, base64);
  await assert.rejects(makeLicense(ctx, { key: base64, productId: product.id }), { code: "CONFLICT" });
  await assert.rejects(makeLicense(ctx, { key: base64.toLowerCase(), productId: product.id }), {
    code: "CONFLICT",
  });
});

test("a license is issued with the key without what pasting added", async () => {
  const { customerId, productId } = ours;
  const created = await panel.client.licenses.issue.mutate({
    customerId,
    productId,
    key: " „WXYZ–2025\u200b–00017“\r\n",
  });
  assert.equal(created.key, "WXYZ-2025-00017");
  const again = await refusalOf(
    panel.client.licenses.issue.mutate({ customerId, productId, key: "wxyz-2025-00017" }),
  );
  assert.equal(again.code, "CONFLICT");
});

test("what cannot be a key is malformed, and nothing is looked up", async () => {
  for (
    const license_key of [
      "x",
      "\u200b".repeat(20),
      "é".repeat(256),
      " ".repeat(1001),
      "((((((((",
      "key\u0007bell",
    ]
  ) {
    const { status, body } = await server.post("/api/license/verify", { license_key, hardware_hash: "PC-1" });
    assert.equal(status, 400, JSON.stringify(license_key));
    assert.equal(body.error.code, "INVALID_LICENSE");
    assert.equal(body.error.details.reason, "format_invalid");
  }
});
