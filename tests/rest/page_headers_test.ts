// Headers that every answer has, those that every HTML answer has besides, and the headers of rate limits, on both
// listeners; by https every answer has HSTS and cookies have the prefix __Host-.
import assert from "node:assert/strict";
import { type IncomingMessage, request as sendRaw } from "node:http";
import { listEndpoints } from "../../server/app.ts";
import { createTestSession, makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { makeUser, password } from "../support/users.ts";

const server = await startTestServer({ PUBLIC_URL: "https://licenses.example.com" });
const owner = await makeAdministrator(server, "owner");
const { token } = await createTestSession(await server.ctx(), owner.id);
const user = await makeUser(await server.ctx());
const endpoints = listEndpoints(server.server.services, server.config);

const other = { origin: "https://shop.example" };
const origin = { origin: "https://licenses.example.com", "sec-fetch-site": "same-origin" };

async function send(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const response = await fetch(server.url + path, {
    method,
    redirect: "manual",
    headers: { accept: "text/html", ...origin, ...headers },
    body,
  });
  await response.body?.cancel();
  return response;
}

/** The name and the attributes of each cookie that an answer sets. */
function cookiesOf(response: Response) {
  return response.headers.getSetCookie().map((cookie) => {
    const [pair, ...attributes] = cookie.split("; ");
    return { name: pair.split("=")[0], value: pair.slice(pair.indexOf("=") + 1), attributes };
  });
}

const seen = new Set<string>();

function assertProtected(name: string, { headers }: Response): void {
  assert.equal(headers.get("strict-transport-security"), "max-age=31536000; includeSubDomains", name);
  assert.equal(headers.get("x-content-type-options"), "nosniff", name);
  assert.ok(headers.get("x-request-id"), name);
  assert.ok(headers.get("cache-control"), name);
  const policy = headers.get("content-security-policy") ?? "";
  for (const directive of ["default-src 'none'", "frame-ancestors 'none'"]) {
    assert.ok(policy.includes(directive), `${name}: ${policy}`);
  }
  if (!headers.get("content-type")?.startsWith("text/html")) {
    if (name.includes("/admin/queues")) return;
    assert.match(policy, /base-uri 'none'/, name);
    if (headers.get("content-type")?.includes("json") && !name.endsWith("/jwks.json")) {
      assert.equal(headers.get("cache-control"), "no-store", name);
    }
    return;
  }
  seen.add(name);
  assert.match(policy, /base-uri '(none|self)'/, name);
  assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/, name);
  assert.equal(headers.get("referrer-policy"), "same-origin", name);
  assert.equal(headers.get("x-frame-options"), "DENY", name);
  assert.equal(headers.get("cross-origin-opener-policy"), "same-origin", name);
  assert.ok(headers.get("permissions-policy"), name);
}

test("every HTML answer has the headers of pages, and every answer HSTS", async () => {
  const sessions = { cookie: `__Host-latchkey_session=${token}` };
  for (const { method, path } of endpoints) {
    const address = path.replace(/\{\w+\}/g, "1");
    const name = `${method.toUpperCase()} ${path}`;
    const form = { "content-type": "application/x-www-form-urlencoded" };
    assertProtected(
      name,
      await send(method.toUpperCase(), address, form, method === "get" ? undefined : "x=1"),
    );
  }
  for (
    const path of [
      ..."/dashboard /licenses/5 /leads/create /customer/edit/1 /nowhere /assets/nothing.js /favicon.svg"
        .split(" "),
      ..."/admin/queues /admin/queues/queue/mail /admin/queues/api/queues /api/nowhere /account/nowhere"
        .split(" "),
      ..."/trpc/customers.list /trpc/nothing".split(" "),
      ..."/docs /docs/errors /docs/guides /docs/search?q=key /docs/nowhere /docs/assets/docs.css".split(" "),
    ]
  ) {
    assertProtected(`GET ${path}`, await send("GET", path, sessions));
    assertProtected(`PUT ${path}`, await send("PUT", path, sessions));
  }
  for (
    const name of ["/dashboard", "/leads/create", "/admin/queues", "/docs", "/account/sign-in", "/magic-link"]
  ) {
    assert.ok(seen.has(`GET ${name}`), `${name} was no page; seen: ${[...seen].join(", ")}`);
  }
});

test("refusals of every kind have the headers of every answer, and those of client calls can be read across origins", async () => {
  const json = { "content-type": "application/json", "x-api-key": "x", ...other };
  const verify = "/api/license/verify";
  for (
    const [status, method, path, headers, body] of [
      [400, "POST", "/api/v1/activate", { ...json, "x-api-key": server.apiKey }, "{"],
      [400, "POST", "/api/v2/auth/login", json, "{"],
      [401, "POST", verify, json, "{}"],
      [401, "GET", "/api/v2/devices", other],
      [404, "GET", "/api/v2/nowhere", other],
      [404, "POST", "/api//license/verify", json, "{}"],
      [405, "PUT", verify, json, "{}"],
      [405, "PROPFIND", "/api/v2/devices", other],
      [413, "POST", verify, { ...json, "x-api-key": server.apiKey }, " ".repeat(2 ** 20 + 1)],
      [415, "POST", verify, { ...json, "content-encoding": "gzip" }, "{}"],
    ] as const
  ) {
    const name = `${status} ${method} ${path}`;
    const response = await send(method, path, headers, body);
    assert.equal(response.status, status, name);
    assertProtected(name, response);
    if (path.startsWith("/api//")) continue;
    assert.equal(response.headers.get("access-control-allow-origin"), "*", name);
    assert.match(response.headers.get("access-control-expose-headers")!, /RateLimit-Policy/, name);
  }
  const preflight = await send("OPTIONS", verify, { ...other, "access-control-request-method": "POST" });
  assert.equal(preflight.status, 204);
  assertProtected("OPTIONS", preflight);
});

test("TRACE, which fetch cannot send, is answered 405 with the headers of every answer", async () => {
  for (const path of ["/", "/api/license/verify", "/api/v2/devices"]) {
    const { statusCode, headers } = await new Promise<IncomingMessage>((resolve, reject) =>
      sendRaw(server.url + path, { method: "TRACE" }, (answer) => resolve(answer.resume()))
        .on("error", reject).end()
    );
    assert.equal(statusCode, 405, path);
    assert.ok(headers.allow, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.match(String(headers["content-security-policy"]), /frame-ancestors 'none'/, path);
  }
});

for (const kind of ["node", "deno"] as const) {
  test(`on the listener ${kind} rate limits are in the documented headers and in those of the IETF draft`, async () => {
    const limited = await startTestServer({
      LISTENER: kind,
      RATE_LIMIT_PUBLIC: "1",
      RATE_LIMIT_HEARTBEAT: "1",
      RATE_LIMIT_AUTH: "1",
    });
    const read = async (method: string, path: string) => {
      const response = await fetch(limited.url + path, { method, headers: other });
      await response.body?.cancel();
      const { headers, status } = response;
      const documented = ["limit", "remaining", "reset"].map((name) => headers.get(`ratelimit-${name}`));
      const [limit, remaining, reset] = documented.map(Number);
      const policy = headers.get("ratelimit-policy")!.match(/^"([\w ]+)";q=(\d+);w=(\d+)$/)!;
      const state = headers.get("ratelimit")!.match(/^"([\w ]+)";r=(\d+);t=(\d+)$/)!;
      assert.equal(policy[1], state[1]);
      assert.deepEqual([policy[2], state[2], state[3]].map(Number), [limit, remaining, reset]);
      assert.ok(reset <= Number(policy[3]));
      return { status, headers, limit, remaining };
    };
    const first = await read("GET", "/api/license/info/x");
    assert.deepEqual([first.status, first.limit, first.remaining], [401, 1, 0]);
    const refused = await read("GET", "/api/license/info/x");
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("access-control-allow-origin"), "*");
    assert.equal(refused.headers.get("x-content-type-options"), "nosniff");
    assert.match(refused.headers.get("content-security-policy")!, /default-src 'none'/);
    assert.ok(Number(refused.headers.get("retry-after")) >= 1);
    await limited.stop();
  });
}

test("by https both cookies have the prefix __Host-, and no other cookie is taken", async () => {
  const json = { "content-type": "application/json" };
  const admin = await send(
    "POST",
    "/api/admin/login",
    json,
    JSON.stringify({ email: owner.email, password: PASSWORD }),
  );
  const form = new URLSearchParams({ email: user.email, password }).toString();
  const account = await send("POST", "/account/sign-in", {
    "content-type": "application/x-www-form-urlencoded",
  }, form);
  const panel = await send(
    "POST",
    "/trpc/account.signIn",
    json,
    JSON.stringify({ email: owner.email, password: PASSWORD }),
  );
  for (
    const [response, name] of [
      [admin, "__Host-latchkey_session"],
      [panel, "__Host-latchkey_session"],
      [account, "__Host-latchkey_account"],
    ] as const
  ) {
    const [cookie] = cookiesOf(response);
    assert.equal(cookie.name, name);
    for (const attribute of ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]) {
      assert.ok(cookie.attributes.includes(attribute), `${name}: ${cookie.attributes}`);
    }
    assert.ok(!cookie.attributes.some((attribute) => attribute.startsWith("Domain")), name);
  }
  const [{ value }] = cookiesOf(admin);
  const list = (cookie: string) => send("GET", "/api/customers", { cookie });
  assert.equal((await list(`__Host-latchkey_session=${value}`)).status, 200);
  assert.equal((await list(`latchkey_session=${value}`)).status, 401);
  const [{ value: session }] = cookiesOf(account);
  assert.equal((await send("GET", "/account", { cookie: `__Host-latchkey_account=${session}` })).status, 200);
  assert.equal((await send("GET", "/account", { cookie: `latchkey_account=${session}` })).status, 303);
  const out = await send(
    "POST",
    "/api/admin/logout",
    { ...json, cookie: `__Host-latchkey_session=${value}` },
    "{}",
  );
  const [cleared] = cookiesOf(out);
  assert.equal(cleared.name, "__Host-latchkey_session");
  for (const attribute of ["Max-Age=0", "Path=/", "Secure"]) {
    assert.ok(cleared.attributes.includes(attribute));
  }
});

test("by http, as in development, there is no HSTS, and cookies have no prefix", async () => {
  const plain = await startTestServer({ PUBLIC_URL: "http://localhost:8080" });
  const response = await fetch(`${plain.url}/dashboard`, { headers: { accept: "text/html" } });
  await response.body?.cancel();
  assert.equal(response.headers.get("strict-transport-security"), null);
  const { email } = await makeAdministrator(plain, "viewer");
  const answer = await plain.post("/api/admin/login", { email, password: PASSWORD });
  assert.match(answer.headers.get("set-cookie")!, /^latchkey_session=/);
  await plain.stop();
});

test("the server stops without an error", () => server.stop());
