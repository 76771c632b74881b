// Guards of the client API: API keys, their scope, and revocation.
import assert from "node:assert/strict";
import { createApiKey, revokeApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { createHash } from "node:crypto";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { key, productId } = await makeLicense(ctx);
const machine = { license_key: key, hardware_hash: "machine" };
await server.post("/api/license/activate", machine);

test("a client call without an API key is refused", async () => {
  const reply = await server.post("/api/license/verify", machine, { "x-api-key": null });
  assert.equal(reply.status, 401);
  assert.equal(reply.body.error.code, "API_KEY_REQUIRED");
});

for (const wrong of ["lk_live_unknown", "x", "k".repeat(5000), "' or 1=1 --"]) {
  test(`an API key that does not exist is refused: ${wrong.slice(0, 20)}`, async () => {
    const reply = await server.post("/api/license/verify", machine, { "x-api-key": wrong });
    assert.equal(reply.status, 401);
    assert.equal(reply.body.error.code, "API_KEY_INVALID");
  });
}

test("the documented clients need no API key, but an invalid one is refused", async () => {
  const body = { license_key: key, hardware_id: "machine" };
  assert.equal((await server.post("/api/v1/validate", body, { "x-api-key": null })).body.valid, true);
  assert.equal((await server.post("/api/v1/validate", body, { "x-api-key": "wrong" })).status, 401);
});

test("an API key is stored as a hash and shown by its prefix", async () => {
  const created = await createApiKey(ctx, { name: "hashed", productId: null });
  assert.match(created.key, /^lk_live_[\w-]{43}$/);
  const [row] = await server.db`
    select *
    from api_keys
    where id = ${created.row.id}`;
  assert.equal(JSON.stringify(row).includes(created.key), false);
  assert.equal(Buffer.from(row.keyHash).equals(createHash("sha256").update(created.key).digest()), true);
  assert.equal(created.key.startsWith(row.prefix), true);
});

test("the last use of an API key is recorded at the latest when the server stops", async () => {
  const own = await startTestServer({}, server);
  const created = await createApiKey(ctx, { name: "used", productId: null });
  await own.post("/api/license/verify", machine, { "x-api-key": created.key });
  await own.stop();
  const [row] = await server.db<{ lastUsedAt: Date | null }[]>`
    select last_used_at
    from api_keys
    where id = ${created.row.id}`;
  assert.ok(row.lastUsedAt && Date.now() - row.lastUsedAt.getTime() < 60_000);
});

test("a key restricted to a product accesses that product's licenses only", async () => {
  const foreign = await makeLicense(ctx);
  const bound = await createApiKey(ctx, { name: "bound", productId });
  const headers = { "x-api-key": bound.key };
  assert.equal((await server.post("/api/license/verify", machine, headers)).body.valid, true);
  for (const path of ["verify", "activate", "heartbeat", "deactivate", "session/start"]) {
    const reply = await server.post(
      `/api/license/${path}`,
      { ...machine, license_key: foreign.key },
      headers,
    );
    assert.equal(reply.status, 404, path);
    assert.equal(reply.body.error.details.reason, "not_found");
  }
  assert.equal((await server.get(`/api/license/info/${foreign.key}`, headers)).status, 404);
  const check = await server.post(
    "/api/version/check",
    { license_key: foreign.key, current_version: "1.0.0" },
    headers,
  );
  assert.equal(check.status, 404);
});

test("a revoked key is refused by every process within a second", async () => {
  const other = await startTestServer({}, server);
  const created = await createApiKey(ctx, { name: "soon revoked", productId: null });
  const headers = { "x-api-key": created.key };
  for (const at of [server, other]) {
    assert.equal((await at.post("/api/license/verify", machine, headers)).status, 200);
  }
  await revokeApiKey(ctx, created.row.id);
  for (const at of [server, other]) {
    await eventually(
      async () => (await at.post("/api/license/verify", machine, headers)).status === 401,
      1000,
    );
  }
  await other.stop();
});

test("the log says who was refused what, and why", async () => {
  await server.post("/api/admin/login", { email: "unknown@example.com", password: "not the password" });
  await server.get("/api/admin/license/auth-token", { "x-forwarded-for": "203.0.113.9" });
  await fetch(`${server.url}/trpc/licenses.list`);
  const lines = server.logged().trim().split("\n").map((line) => JSON.parse(line));
  const refused = lines.filter(({ code }) => code).map(({ route, status, code }) =>
    `${route} ${status} ${code}`
  );
  assert.ok(refused.includes("/api/admin/login 401 SIGN_IN_FAILED"), refused.join("\n"));
  assert.ok(refused.includes("/api/admin/license/auth-token 401 SIGN_IN_REQUIRED"), refused.join("\n"));
  assert.ok(refused.includes("/trpc/licenses.list 401 SIGN_IN_REQUIRED"), refused.join("\n"));
});

test("no license key, API key or hardware hash is logged", async () => {
  await server.get(`/api/license/info/${key}`);
  await server.post("/api/license/activate", { ...machine, license_key: "AAAA-AAAA-AAAA-AAAA" });
  const logged = server.logged();
  assert.match(logged, /"route":"\/api\/license\/info\/\{license_key\}","status":200/);
  for (const secret of [key, server.apiKey, "AAAA-AAAA-AAAA-AAAA"]) {
    assert.equal(logged.includes(secret), false);
  }
});

test("every response has a request id: the caller's if it is valid", async () => {
  const own = await server.get("/health", { "x-request-id": "order-4711" });
  assert.equal(own.headers.get("x-request-id"), "order-4711");
  const silly = await server.get("/health", { "x-request-id": 'a"b c' });
  assert.match(silly.headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
  assert.equal(server.logged().includes('"request_id":"order-4711"'), true);
});

test("metrics can require a token", async () => {
  const bound = await startTestServer({ METRICS_TOKEN: "the token" });
  assert.equal((await bound.get("/metrics")).status, 401);
  assert.equal((await bound.get("/metrics", { authorization: "Bearer wrong" })).status, 401);
  assert.equal((await bound.get("/metrics", { authorization: "Bearer the token" })).status, 200);
  await bound.stop();
});

test("the server stops without an error", () => server.stop());
