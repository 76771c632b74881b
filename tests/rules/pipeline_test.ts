// Architecture rules 4 and 5: every request goes through one pipeline, and what a declaration settles is settled when the
// server starts.
import assert from "node:assert/strict";
import { listEndpoints } from "../../server/app.ts";
import { compileEndpoint } from "../../server/request/pipeline.ts";
import type { Endpoint } from "../../server/request/endpoint.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { assertNone, code, find, under, withoutComments } from "./source.ts";

const adapters = code.filter(({ path }) => under("server/")(path) && !under("server/request/")(path))
  .map(withoutComments);

test("responses, cookies, client addresses and rate limits are the pipeline's alone", () => {
  const own =
    /\bnew Response\(|\bResponse\.json\(|"x-forwarded-for"|"set-cookie"|\.limiter\.consume\(|"hono\/cookie"/gi;
  assertNone(
    adapters.flatMap((source) => find(source, own)).map(({ at, found }) => `${at} has ${found[0]}`),
    "Use what server/request has for it, so that every caller is treated alike:",
  );
});

test("one rule decides what another site may make a browser send", () => {
  assertNone(
    code.filter(({ path }) => under("server/")(path) && path !== "server/request/csrf.ts")
      .map(withoutComments)
      .flatMap((source) => find(source, /"sec-fetch-site"|headers\.get\("origin"\)/gi))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Call server/request/csrf.ts:",
  );
});

test("values are parsed by one function, which refuses what a schema cannot compare", () => {
  assertNone(
    code.filter(({ path }) =>
      // The environment is text.
      under("server/")(path) && path !== "server/domain/safe_parse.ts" && path !== "server/config.ts"
    )
      .map(withoutComments)
      .flatMap((source) => find(source, /\.safeParse(?:Async)?\(/g))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Call safeParse of server/domain/safe_parse.ts:",
  );
});

test("every subscription ends quietly when its client has left", () => {
  assertNone(
    code.filter(({ path }) => under("server/trpc/")(path))
      .map(withoutComments)
      .flatMap((source) => find(source, /\.subscription\(\s*(?!subscription\()\S+/g))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Wrap the resolver with `subscription` of server/trpc/live.ts:",
  );
});

test("cookies are read and set in one file, which asks that rule", () => {
  assertNone(
    code.filter(({ path }) => under("server/")(path) && path !== "server/request/cookies.ts")
      .map(withoutComments)
      .flatMap((source) => find(source, /headers\.get\("cookie"\)|\bcookies\.push\(|generateCookie/gi))
      .map(({ at, found }) => `${at} has ${found[0]}`),
    "Call server/request/cookies.ts:",
  );
});

test("a request reads nothing of its endpoint's declaration but what is asked per request", async () => {
  const server = await startTestServer();
  // What only some requests need: the handler itself, and what an Idempotency-Key or an error is about.
  const perRequest = new Set(["handle", "caller", "limited"]);
  const read: string[] = [];
  const watched = (endpoint: Endpoint) =>
    new Proxy(endpoint, {
      get(target, name, receiver) {
        read.push(String(name));
        return Reflect.get(target, name, receiver);
      },
    });
  const declared = listEndpoints(server.server.services, server.config);
  for (
    const [path, body] of [
      ["/api/license/verify", { license_key: "TEST-TEST-TEST-TEST", hardware_hash: "machine" }],
      ["/api/license/heartbeat", { license_key: "TEST-TEST-TEST-TEST", hardware_hash: "machine" }],
      ["/api/v2/auth/login", { email: "unknown@example.com", password: "wrong password" }],
    ] as const
  ) {
    const endpoint = declared.find((entry) => entry.path === path && entry.method === "post")!;
    const handle = compileEndpoint(watched(endpoint), server.server.services);
    read.length = 0;
    const response = await handle(
      new Request(`http://localhost${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": server.apiKey },
        body: JSON.stringify(body),
      }),
      { peer: "127.0.0.1" },
      { params: () => ({}), query: () => ({}) },
    );
    assert.ok(response.status < 500, `${path}: ${response.status}`);
    assertNone(
      read.filter((name) => !perRequest.has(name)).map((name) => `${path} reads ${name}`),
      "Read it when the endpoint is compiled:",
    );
  }
  await server.stop();
});
