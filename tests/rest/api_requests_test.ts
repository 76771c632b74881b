// Each API leaves a row in the log of requests: who asked, about what, and the outcome with its remedy. No secret is in it.
import assert from "node:assert/strict";
import { createTestSession, makeAdministrator } from "../support/administrators.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { maskedBody } from "../../server/request/masked_body.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { makeUser, startTestSession } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const viewer = await makeAdministrator(server, "viewer");
const license = await makeLicense(ctx, { maxActivations: 1 });
const pc = { license_key: license.key, hardware_hash: "PC-1" };

interface Logged {
  id: number;
  status: number;
  code: string | null;
  path: string;
  [field: string]: unknown;
}

/** The log, newest first. */
async function logged(query = ""): Promise<Logged[]> {
  await server.server.services.apiRequests.flush();
  const { status, body } = await viewer.get(`/api/admin/api-requests${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.rows;
}

test("an activation that was refused is found by license, with the cause and what to do", async () => {
  await server.post("/api/license/activate", { ...pc, machine_name: "Anne's PC" }, {
    "user-agent": "MyApp/1.2 (x)",
  });
  await server.post("/api/license/activate", { ...pc, hardware_hash: "PC-2" }, {
    "x-request-id": "support-1",
  });
  const [refused, activated] = await logged(`?license_id=${license.id}`);
  assert.deepEqual(
    [refused.method, refused.path, refused.status, refused.code, refused.request_id, refused.actor_kind],
    ["POST", "/api/license/activate", 403, "ACTIVATION_LIMIT_REACHED", "support-1", "api_key"],
  );
  assert.match(String(refused.cause), /As many devices as the license allows/);
  assert.match(String(refused.remedy), /Deactivate a device/);
  assert.deepEqual([refused.actor_name, refused.customer_id, refused.product_id], [
    "tests",
    license.customerId,
    license.productId,
  ]);
  assert.deepEqual(
    [activated.status, activated.code, activated.machine_name, activated.user_agent, activated.network],
    [201, null, "Anne's PC", "MyApp/1.2", "127.0.0.0/24"],
  );
  const [byDevice] = await logged(`?activation_id=${activated.activation_id}`);
  assert.equal(byDevice.id, activated.id);
  const { body } = await viewer.get(`/api/admin/api-requests/${refused.id}`);
  assert.equal(body.remedy, refused.remedy);
});

test("every call of an app about a license says which, from the cache as well, and why it may not be used", async () => {
  const { body: session } = await server.post("/api/license/session/start", pc);

  const calls: [path: string, body: unknown, code: string | null][] = [
    ["/api/license/verify", pc, null],
    ["/api/license/verify", pc, null],
    ["/api/license/verify", { ...pc, hardware_hash: "PC-3" }, "NOT_ACTIVATED"],
    ["/api/license/heartbeat", pc, null],
    ["/api/license/session/heartbeat", { session_id: session.session_id }, null],
    ["/api/license/session/end", { session_id: session.session_id }, null],
    ["/api/v1/validate", { license_key: license.key, hardware_id: "PC-1" }, null],
    ["/api/v1/activate", { license_key: license.key, hardware_id: "PC-4" }, "ACTIVATION_LIMIT_REACHED"],
    ["/api/license/deactivate", pc, null],
  ];
  for (const [path, body] of calls) {
    await server.post(path, body, path.startsWith("/api/v1") ? { "x-api-key": null } : {});
  }
  // More successful calls of one second are not kept.
  await server.server.services.apiRequests.flush();
  await server.get(`/api/license/info/${license.key}`);
  const rows = (await logged(`?license_id=${license.id}&limit=${calls.length + 2}`)).reverse();
  assert.deepEqual(
    rows.map(({ path, code }) => [path, code]),
    [["/api/license/session/start", null], ...calls.map(([path, , code]) => [path, code]), [
      "/api/license/info/{license_key}",
      null,
    ]],
  );
});

test("an unknown key is kept masked, and wrong credentials without them", async () => {
  await server.post("/api/license/verify", { ...pc, license_key: "ABCD-EFGH-JKMN-PQRS" });
  await server.post("/api/license/verify", pc, { "x-api-key": "lk_live_wrong_secret" });
  await server.get(`/api/license/nothing/${license.key}?token=${license.key}`);
  const [unknown, wrong, mistyped] = await logged("?outcome=rejected&limit=3");
  assert.deepEqual([unknown.status, unknown.code, unknown.path], [
    404,
    "NOT_FOUND",
    "/api/license/nothing/*",
  ]);
  assert.deepEqual([wrong.status, wrong.code, wrong.actor_kind], [401, "API_KEY_INVALID", "anonymous"]);
  assert.equal(mistyped.code, "INVALID_LICENSE");
  assert.equal(mistyped.license_text, "****-****-****-PQRS");
  const [{ text }] = await server.db<{ text: string }[]>`
    select string_agg(r::text, ' ') as text
    from api_requests r`;
  for (const secret of [license.key, server.apiKey, "wrong_secret", "ABCD-EFGH", viewer.token]) {
    assert.ok(!text.includes(secret), secret);
  }
});

test("calls of users and of administration are logged too, calls of the panel are not", async () => {
  const user = await makeUser(ctx, { email: "anne@example.com" });
  const token = await startTestSession(ctx, user, "PC-9");
  await server.post("/api/v2/license/verify", {}, { authorization: `Bearer ${token}` });
  await viewer.get(`/api/admin/licenses/${license.id}`);
  await viewer.get(`/trpc/licenses.get?input=${encodeURIComponent(JSON.stringify({ id: license.id }))}`);
  const [ofUser] = await logged(`?user_id=${user.id}`);
  assert.deepEqual(
    [ofUser.path, ofUser.status, ofUser.code, ofUser.user_email],
    ["/api/v2/license/verify", 403, "NO_ENTITLEMENT", user.email],
  );
  const [ofAdministrator] = await logged(`?license_id=${license.id}&limit=1`);
  assert.deepEqual(
    [ofAdministrator.path, ofAdministrator.actor_kind, ofAdministrator.license_id],
    [`/api/admin/licenses/${license.id}`, "administrator", license.id],
  );
  assert.deepEqual((await logged("?limit=200")).filter(({ path }) => path.startsWith("/trpc")), []);
});

test("the log is filtered by everything it shows, and exported with the same filters", async () => {
  const all = await logged("?limit=200");
  const first = all.at(-1)!;
  const filters: [query: string, matches: (row: Logged) => boolean][] = [
    ["outcome=succeeded", ({ code, status }) => code === null && status < 400],
    ["status_class=4xx", ({ status }) => status >= 400 && status < 500],
    ["code=INVALID_LICENSE", ({ code }) => code === "INVALID_LICENSE"],
    ["method=GET", ({ method }) => method === "GET"],
    ["route=/api/license/verify", ({ route }) => route === "/api/license/verify"],
    ["ip=127.0.0.9", () => true],
    ["request_id=support-1", ({ request_id }) => request_id === "support-1"],
    ["q=support-1", ({ request_id }) => request_id === "support-1"],
    [`product_id=${license.productId}`, ({ product_id }) => product_id === license.productId],
    [`customer_id=${license.customerId}`, ({ customer_id }) => customer_id === license.customerId],
    [`until=${first.started_at}`, () => false],
  ];
  const known = new Set(all.map(({ id }) => id));
  for (const [query, matches] of filters) {
    const found = (await logged(`?limit=200&${query}`)).filter(({ id }) => known.has(id));
    assert.deepEqual(found.map(({ id }) => id), all.filter(matches).map(({ id }) => id), query);
  }
  assert.deepEqual(await logged("?ip=somewhere"), []);
  const csv = await viewer.get("/api/admin/api-requests/export?code=INVALID_LICENSE");
  assert.equal(csv.status, 200);
  assert.match(String(csv.body), /^Id,Time,Request ID/m);
});

test("bodies are logged for a time once an owner turned it on for the API key, with secrets masked", async () => {
  const owner = await createTestSession(ctx, (await makeAdministrator(server, "owner")).id);
  const [{ id }] = await server.db<{ id: number }[]>`
    select id
    from api_keys
    where name = 'tests'`;
  const logBodies = (hours: number) =>
    server.post(`/api/admin/api-keys/${id}/log-bodies`, { hours }, {
      authorization: `Bearer ${owner.token}`,
    });
  const last = async () => {
    await server.post("/api/license/verify", { ...pc, session_token: "s3cret" });
    return (await logged("?route=/api/license/verify&limit=1"))[0];
  };
  assert.deepEqual([(await last()).request_body, (await last()).response_body], [null, null]);
  assert.equal((await logBodies(25)).status, 400);
  assert.equal((await logBodies(24)).status, 200);
  const { request_body, response_body } = await eventually(async () => {
    const row = await last();
    return row.request_body === null ? null : row;
  });
  assert.deepEqual(JSON.parse(String(request_body)), {
    ...pc,
    license_key: maskKey(license.key),
    session_token: "***",
  });
  assert.equal(JSON.parse(String(response_body)).license.key, maskKey(license.key));
  await server.db`update api_keys set bodies_until = now() - interval '1 second' where id = ${id}`;
  await eventually(async () => (await last()).request_body === null);
  assert.equal((await logBodies(1)).body.bodies_until === null, false);
  assert.equal((await logBodies(0)).body.bodies_until, null);
  const { body: { rows } } = await viewer.get("/api/admin/events?type=api_key.body_logging_changed");
  assert.equal(rows.length, 3, "it is audited");
});

test("every field of the API that could be a secret is masked in bodies, or says why it is none", () => {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    const { properties } = value as { properties?: object };
    if (properties && typeof properties === "object") {
      Object.keys(properties).forEach((name) => names.add(name));
    }
    Object.values(value).forEach(visit);
  };
  visit(JSON.parse(Deno.readTextFileSync(new URL("../../openapi.json", import.meta.url))));
  const harmless = new Set([
    ...["active_sessions", "mailed_links", "passkeys", "session", "sessions", "keys"],
    ...["has_password", "has_totp", "authenticated_at", "jti"],
    ...["download_url", "update_url", "url"],
    ...["hardware_hash", "state_hash"],
    ...["product_code", "plan_code"],
  ]);
  const suspicious =
    /password|token|secret|code|key|credential|signature|cookie|challenge|otp|hash|session|jti|auth|link|url/;
  const secrets = [...names].filter((name) => suspicious.test(name) && !harmless.has(name));
  assert.ok(secrets.length >= 8, secrets.join());
  for (const name of secrets) {
    const text = maskedBody({ data: [{ [name]: "leaked-value-4711" }] })!;
    assert.ok(
      !text.includes("leaked-value"),
      `mask ${name} in server/request/masked_body.ts, or list it here`,
    );
  }
  const long = maskedBody({
    name: "x".repeat(20_000),
    list: Array.from({ length: 500 }, () => "y".repeat(99)),
  })!;
  assert.ok(long.length <= 8192);
});

test("nobody without a role reads it", async () => {
  assert.equal((await server.get("/api/admin/api-requests")).status, 401);
});

test("the server stops", () => server.stop());
