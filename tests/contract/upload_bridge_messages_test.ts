// Every sentence and status that sections 4 and 8 of the contract pin for dialect 2, against a running server.
import assert from "node:assert/strict";
import { sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import { getWithBody } from "../support/get_with_body.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const catalogue = await makeCatalogue(ctx);
const user = await makeUser(ctx, { name: "Ann" });
await makeUserLicense(ctx, catalogue, user, "monthly");
const signedIn = (await login(server, user.email, "PC-1")).body;
const token: string = signedIn.session_token;
const withoutLicense: string = (await login(server, (await makeUser(ctx)).email)).body.session_token;

const post = (path: string, body?: unknown, as?: string) => callV2(server, "POST", path, body, as);
const validation = (error: string, messages: Record<string, string[]>) => ({ error, messages });
const unless = (field: string) => `The ${field} field is required when magic link token is not present.`;
const badEmail = { email: ["The email field must be a valid email address."] };

const missing = {
  email: [unless("email")],
  password: [unless("password")],
  magic_link_token: ["The magic link token field is required when email and password are not present."],
};

test("missing login fields name all three, also for malformed JSON, which counts as an empty body", async () => {
  for (const body of [{}, undefined, "{ broken", "[]", { email: "", password: null }]) {
    const reply = await post("/auth/login", body);
    assert.equal(reply.status, 400);
    assert.deepEqual(reply.body, validation("Validation failed: Email and password are required", missing));
  }
  for (const [body, field] of [[{ email: user.email }, "password"], [{ password }, "email"]] as const) {
    const reply = await post("/auth/login", body);
    assert.deepEqual(
      reply.body,
      validation("Validation failed: Email and password are required", { [field]: [unless(field)] }),
    );
  }
});

test("a refresh without a token names it; a logout and other calls say that validation failed", async () => {
  const required = { session_token: ["The session token field is required."] };
  for (const body of [{}, undefined, "{ broken", { session_token: "" }]) {
    const refresh = await post("/auth/refresh", body);
    assert.equal(refresh.status, 400);
    assert.deepEqual(refresh.body, validation("Validation failed: Session token is required", required));
    const logout = await post("/auth/logout", body);
    assert.deepEqual([logout.status, logout.body], [400, validation("Validation failed", required)]);
  }
});

test("one plain sentence per field", async () => {
  for (const path of ["/auth/login", "/auth/magic-link/request"]) {
    const reply = await post(path, { email: "no address", password });
    assert.deepEqual([reply.status, reply.body], [400, validation("Validation failed", badEmail)]);
  }
  const device = await post("/devices/register", {}, token);
  assert.deepEqual(
    device.body,
    validation("Validation failed", { device_id: ["The device id field is required."] }),
  );
});

test("form-encoded bodies are accepted", async () => {
  const response = await fetch(`${server.url}/api/v2/auth/login`, {
    method: "POST",
    body: new URLSearchParams({ email: user.email.toUpperCase(), password }),
  });
  assert.equal(response.status, 200);
  assert.equal((await response.json()).user.email, user.email);
});

test("protected calls want a session token, in any of its places", async () => {
  const paths = ["/license/info", "/devices", "/entitlements/current"];
  for (const path of paths) {
    const none = await callV2(server, "GET", path);
    assert.deepEqual([none.status, none.body], [401, {
      error: "Unauthorized",
      message: "Session token required",
    }]);
    const wrong = await callV2(server, "GET", path, undefined, "x".repeat(64));
    assert.deepEqual(
      [wrong.status, wrong.body],
      [401, { error: "Unauthorized", message: "Invalid or expired token" }],
    );
    for (const headers of [{ authorization: `Bearer ${token}` }, { authorization: token }]) {
      assert.equal((await server.get(`/api/v2${path}`, headers)).status, 200, path);
    }
    assert.equal((await server.get(`/api/v2${path}?session_token=${token}`)).status, 200, path);
  }
  const inBody = await post("/devices/register", { device_id: "PC-1", session_token: token });
  assert.deepEqual([inBody.status, inBody.body.message], [200, "Device updated"]);
});

test("refresh: 401 for an unknown token, and the user in the answer; logout: 200 for any token", async () => {
  const unknown = await post("/auth/refresh", { session_token: "y".repeat(64) });
  assert.deepEqual([unknown.status, unknown.body], [401, { error: "Invalid or expired token" }]);
  const session = (await login(server, user.email)).body.session_token;
  const refreshed = await post("/auth/refresh", { session_token: session });
  assert.equal(refreshed.body.user.id, String(user.id));
  assert.match(refreshed.body.session_token, /^.{64}$/);
  assert.equal(
    (await callV2(server, "GET", "/devices", undefined, session)).status,
    200,
    "60 seconds of overlap",
  );
  for (const given of ["unknown", refreshed.body.session_token, refreshed.body.session_token]) {
    const reply = await post("/auth/logout", { session_token: given });
    assert.deepEqual([reply.status, reply.body], [200, { message: "Logged out successfully" }]);
  }
});

test("unknown address and wrong password answer alike", async () => {
  for (const email of [user.email, "unknown@example.com"]) {
    const reply = await post("/auth/login", { email, password: "wrong" });
    assert.deepEqual([reply.status, reply.body], [401, { error: "Invalid email or password" }]);
  }
  const link = await post("/auth/magic-link/verify", { magic_link_token: "z".repeat(64) });
  assert.deepEqual([link.status, link.body], [401, { error: "Invalid or expired magic link token" }]);
});

test("an entitlement token has the further claims, and device_id empty or null counts as absent", async () => {
  const claims = signedIn.entitlement_token;
  for (const name of ["product", "issued_at", "device_id", "jti", "signature"]) assert.ok(claims[name], name);
  assert.equal(claims.issued_at, claims.iat);
  assert.equal(claims.signature.split(".").length, 3);
  for (const device_id of ["", null]) {
    const reply = await post("/auth/login", { email: user.email, password, device_id });
    assert.deepEqual([reply.status, reply.body.entitlement_token.device_id], [200, null]);
  }
});

test("a device is registered, then updated; at the limit a registered one is let in, a new one is not", async () => {
  assert.deepEqual(
    await post("/devices/register", { device_id: "PC-2" }, token).then(({ status, body }) => [
      status,
      body.message,
      body.device.device_name,
    ]),
    [200, "Device registered", "Unknown Device"],
  );
  assert.equal(
    (await post("/devices/register", { device_id: "PC-2" }, token)).body.message,
    "Device updated",
  );
  const third = await post("/devices/register", { device_id: "PC-3" }, token);
  const limit = { error: "Device limit reached", max_devices: 2, current_devices: 2 };
  assert.deepEqual([third.status, third.body], [403, limit]);
  const { devices } = (await callV2(server, "GET", "/devices", undefined, token)).body;
  assert.equal(devices[0].user_id, String(user.id));
  for (const id of ["999999", "abc", "0"]) {
    const reply = await callV2(server, "DELETE", `/devices/${id}`, undefined, token);
    assert.deepEqual([reply.status, reply.body], [404, { error: "Device not found" }]);
  }
  const foreign = await callV2(server, "DELETE", `/devices/${devices[0].id}`, undefined, withoutLicense);
  assert.equal(foreign.status, 404);
});

test("the entitlement token is validated from a body, also of a GET, and from the query", async () => {
  const entitlement_token = signedIn.entitlement_token;
  const headers = { authorization: `Bearer ${token}` };
  const byGet = await getWithBody(server, "/api/v2/license/validate", token, { entitlement_token });
  assert.equal(byGet.body.valid, true);
  assert.equal((await post("/license/validate", { entitlement_token }, token)).body.valid, true);
  const query = encodeURIComponent(JSON.stringify(entitlement_token));
  const byQuery = await server.get(`/api/v2/license/validate?entitlement_token=${query}`, headers);
  assert.equal(byQuery.body.valid, true);
  const forged = { ...entitlement_token, plan: "perpetual" };
  assert.equal((await post("/license/validate", { entitlement_token: forged }, token)).body.valid, false);
  assert.equal((await post("/license/validate", {}, token)).status, 400);
});

test("the app's license call answers ACTIVE or INACTIVE", async () => {
  const device = { device_fingerprint: "PC-1", device_name: "PC" };
  const active = await post("/license/verify", device, token);
  assert.deepEqual([active.status, active.body.status, active.body.plan], [200, "ACTIVE", "monthly"]);
  assert.match(active.body.starts_at, /^\d{4}-\d\d-\d\dT00:00:00Z$/);
  const inactive = await post("/license/verify", device, withoutLicense);
  assert.deepEqual([inactive.status, inactive.body], [
    403,
    { status: "INACTIVE", message: "No active license found" },
  ]);
});

test("a magic link is always said to be sent, and is mailed when the address is known", async () => {
  const replies = await Promise.all(
    [user.email, "unknown@example.com"].map((email) => post("/auth/magic-link/request", { email })),
  );
  assert.deepEqual(replies.map(({ status, body }) => [status, body])[0], [200, replies[1].body]);
  assert.deepEqual(await sendRequestedLinks(ctx, server.url), { mailed: 1, skipped: 1 });
});

test("the app's further calls", async () => {
  const all = await post("/features/check", { features: [] }, token);
  assert.deepEqual([...all.body.enabled_features].sort(), ["pattern_upload", "wifi_upload"]);
  const some = await post("/features/check", { features: ["wifi_upload", "other"] }, token);
  assert.deepEqual(some.body.flags, { wifi_upload: true, other: false });
  const out = await post("/features/check", { features: ["wifi_upload"] });
  assert.deepEqual([out.status, out.body], [200, { flags: { wifi_upload: false }, enabled_features: [] }]);
  const update = await callV2(server, "GET", "/updates/check?current_version=1.0.0");
  assert.deepEqual(Object.keys(update.body).sort(), [
    "current_version",
    "has_update",
    "latest_version",
    "update_url",
  ]);
  const heartbeat = await post("/integrity/heartbeat", { state_hash: "abc" }, token);
  assert.equal(heartbeat.body.success, true);
  assert.equal(typeof heartbeat.body.message, "string");
});

test("the first sign-in with a device starts one trial, once for the user and once for the machine", async () => {
  const [first, second] = [await makeUser(ctx), await makeUser(ctx)];
  const plan = async (email: string, device: string) =>
    (await login(server, email, device)).body.entitlement_token?.plan ?? null;
  assert.equal(await plan(first.email, "TRIAL-1"), "trial");
  assert.equal(await plan(second.email, "TRIAL-1"), null);
});
