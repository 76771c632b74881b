// Cross-origin requests: client dialects allow every origin, administration and the panel none.
import assert from "node:assert/strict";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer({ RATE_LIMIT_PUBLIC: "1000" });

async function preflight(path: string, method: string, origin: string): Promise<Response> {
  const response = await fetch(server.url + path, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": method,
      "access-control-request-headers": "content-type,x-api-key",
    },
  });
  await response.body?.cancel();
  return response;
}

for (
  const [method, path] of [
    ["POST", "/api/license/verify"],
    ["GET", "/api/license/info/KEY"],
    ["POST", "/api/version/check"],
    ["POST", "/api/v1/activate"],
    ["POST", "/api/v2/auth/login"],
    ["DELETE", "/api/v2/devices/1"],
    ["GET", "/.well-known/jwks.json"],
  ]
) {
  test(`${method} ${path} can be called from pages of other sites`, async () => {
    for (const origin of ["https://shop.example", "null", "tauri://localhost", "app://."]) {
      const allowed = await preflight(path, method, origin);
      assert.equal(allowed.status, 204, origin);
      assert.equal(allowed.headers.get("access-control-allow-origin"), "*");
      assert.ok(allowed.headers.get("access-control-allow-methods")!.includes(method));
      assert.match(
        allowed.headers.get("access-control-allow-headers")!,
        /authorization.*content-type.*x-api-key/i,
      );
      assert.equal(allowed.headers.get("access-control-allow-credentials"), null);
    }
    const answer = await server.send(method, path, method === "GET" ? undefined : "{}", {
      origin: "https://shop.example",
    });
    assert.equal(answer.headers.get("access-control-allow-origin"), "*", `status ${answer.status}`);
    assert.match(answer.headers.get("access-control-expose-headers")!, /ratelimit-remaining.*x-request-id/i);
  });
}

test("errors at unknown addresses of a client dialect can be read by other sites too", async () => {
  const answer = await server.get("/api/v2/nowhere", { origin: "https://shop.example" });
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
});

for (
  const [method, path] of [
    ["POST", "/api/admin/login"],
    ["GET", "/api/customers"],
    ["POST", "/api/license/1/register-device"],
    ["GET", "/health"],
    ["POST", "/trpc/account.signIn"],
    ["POST", "/account/sign-in"],
    ["GET", "/admin/queues"],
  ]
) {
  test(`${method} ${path} cannot be called from pages of other sites`, async () => {
    const refused = await preflight(path, method, "https://shop.example");
    assert.notEqual(refused.status, 204);
    assert.equal(refused.headers.get("access-control-allow-origin"), null);
    const answer = await server.send(method, path, method === "GET" ? undefined : "{}", {
      origin: "https://shop.example",
    });
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  });
}

test("every response has X-Content-Type-Options: nosniff", async () => {
  for (
    const path of ["/", "/health", "/api/customers", "/nowhere", "/account", "/trpc/account.me", "/docs"]
  ) {
    assert.equal((await server.get(path)).headers.get("x-content-type-options"), "nosniff", path);
  }
});

test("the server stops without an error", () => server.stop());
