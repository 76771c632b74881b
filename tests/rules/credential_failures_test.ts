// Wrong credentials are limited for each network at every guard and every entry point, with 429 and Retry-After; the right one
// works from the same address all the while. A new endpoint, procedure or error code is covered by being declared.
import assert from "node:assert/strict";
import type { z } from "zod";
import { listEndpoints } from "../../server/app.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { credentialRefusals } from "../../server/request/credential_failures.ts";
import { meanings } from "../../server/request/error_messages.ts";
import { appRouter } from "../../server/trpc/router.ts";
import { createTestSession } from "../support/administrators.ts";
import { pathOf, sampleInput } from "../support/sample_input.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { makeUser, password, startTestSession } from "../support/users.ts";

const METRICS_TOKEN = "metrics token of the tests";
const server = await startTestServer({
  RATE_LIMIT_FAILURES: "2",
  TRUSTED_PROXIES: "127.0.0.1",
  METRICS_TOKEN,
});
const ctx = await server.ctx();
const OWNER = { email: "owner@example.com", password: "long correct horse" };
const { id } = await createAdministrator(ctx, { ...OWNER, name: "Owner of the tests", role: "owner" });
const user = await makeUser(ctx);

type Headers = Record<string, string>;
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const administrator = async () => (await createTestSession(await server.ctx(), id)).token;
let addresses = 0;
const nextAddress = () => `198.51.${Math.floor(++addresses / 250)}.${1 + addresses % 250}`;

async function call(address: string, method: string, path: string, headers: Headers, body?: unknown) {
  const leave = new AbortController();
  const response = await fetch(server.url + path, {
    method: method.toUpperCase(),
    headers: { "content-type": "application/json", "x-forwarded-for": address, ...headers },
    body: method === "get" ? undefined : JSON.stringify(body ?? {}),
    redirect: "manual",
    signal: leave.signal,
  });
  const { status } = response;
  const retryAfter = Number(response.headers.get("retry-after"));
  leave.abort();
  return { status, retryAfter };
}

/** An entry point, and credentials of its guard. */
interface EntryPoint {
  name: string;
  send(address: string, headers: Headers): Promise<{ status: number; retryAfter: number }>;
  wrong: Headers[];
  right(): Promise<Headers>;
}

/** Procedures and calls whose input is a secret, which is wrong here, whatever the session is. */
const takeSecrets = new Set([
  "account.addPasskey",
  "account.changePassword",
  "account.confirmSecondFactor",
  "account.confirmTotpSetup",
  "account.reauthenticate",
  "account.reauthenticateWithPasskey",
  "licenseFiles.remove",
  "post /api/admin/license-files/remove",
]);

const wrongTokens = [bearer(`lka_${"A".repeat(43)}`), bearer("a.b.c")];
const credentials: Record<string, Pick<EntryPoint, "wrong" | "right">> = {
  administrator: {
    wrong: [...wrongTokens, {
      cookie: `latchkey_session=lka_${"A".repeat(43)}`,
      "sec-fetch-site": "same-origin",
    }],
    right: async () => bearer(await administrator()),
  },
  analytics: { wrong: wrongTokens, right: async () => bearer(await administrator()) },
  apiKey: {
    wrong: [{ "x-api-key": "lk_live_unknown" }],
    right: () => Promise.resolve({ "x-api-key": server.apiKey }),
  },
  session: {
    wrong: [bearer("A".repeat(64)), { authorization: "A".repeat(64) }],
    right: async () => bearer(await startTestSession(await server.ctx(), user, null)),
  },
};

const entryPoints: EntryPoint[] = [];
for (const endpoint of listEndpoints(server.server.services, server.config)) {
  const { method, path, guard } = endpoint;
  if (guard.scheme === null) continue;
  const body = endpoint.body && sampleInput(endpoint.body);
  entryPoints.push({
    name: `${method} ${path}`,
    send: (address, headers) => call(address, method, pathOf(endpoint), headers, body),
    ...credentials[guard.scheme],
  });
}
const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: string; meta?: { rule: string }; inputs: z.ZodType[] } }
>;
for (const [name, { _def: { type, meta, inputs } }] of Object.entries(procedures)) {
  // The status of a stream is sent before its first event; its refusal is an event.
  if (meta?.rule === "anyone" || type === "subscription") continue;
  const input = Object.assign({}, ...inputs.map((schema) => sampleInput(schema)));
  const query = type === "mutation" ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  entryPoints.push({
    name,
    send: (address, headers) =>
      call(address, type === "mutation" ? "post" : "get", `/trpc/${name}${query}`, headers, input),
    ...credentials.administrator,
  });
}
entryPoints.push({
  name: "the queue dashboard",
  send: (address, headers) => call(address, "get", "/admin/queues/api/queues", headers),
  ...credentials.administrator,
}, {
  name: "the metrics",
  send: (address, headers) => call(address, "get", "/metrics", headers),
  wrong: [bearer("wrong")],
  right: () => Promise.resolve(bearer(METRICS_TOKEN)),
}, {
  name: "an account page",
  send: (address, headers) => call(address, "get", "/account", headers),
  wrong: [{ cookie: "latchkey_account=wrong" }],
  right: async () => ({
    cookie: `latchkey_account=${await startTestSession(await server.ctx(), user, null)}`,
  }),
});

for (const { name, send, wrong, right } of entryPoints) {
  test(`${name} limits wrong credentials and lets in right ones beside them`, async () => {
    for (const headers of wrong) {
      const address = nextAddress();
      for (let n = 0; n < 2; n++) {
        const { status } = await send(address, headers);
        assert.notEqual(status, 429, `wrong credential ${n}`);
      }
      const refused = await send(address, headers);
      assert.deepEqual([refused.status, refused.retryAfter > 0], [429, true]);
      if (takeSecrets.has(name)) continue;
      const { status } = await send(address, await right());
      assert.ok(status !== 429 && status !== 401, `the right credential: ${status}`);
    }
  });
}

const json = { "content-type": "application/json" };
const session = async () => bearer(await startTestSession(await server.ctx(), user, null));
const forged = { entitlement_token: { sub: String(user.id), plan: "x", exp: 9e9, signature: "a.b.c" } };
/** Secrets that are sent as input: each with a wrong one. */
const inputs: [
  name: string,
  method: string,
  path: string,
  body: unknown,
  headers?: () => Promise<Headers>,
][] = [
  ["password of an administrator", "post", "/api/admin/login", { email: "who@example.com", password: "x" }],
  ["password of an administrator over tRPC", "post", "/trpc/account.signIn", {
    email: "w@example.com",
    password: "x",
  }],
  ["invitation", "post", "/trpc/account.openInvitation", { token: "wrong" }],
  ["invitation that is accepted", "post", "/trpc/account.acceptInvitation", {
    token: "wrong",
    password: "nine green bottles",
  }],
  ["setup link", "post", "/trpc/account.openSetup", { token: "wrong" }],
  ["link to choose an administrator's password", "post", "/trpc/account.openPasswordLink", {
    token: "wrong",
  }],
  ["link that chooses an administrator's password", "post", "/trpc/account.resetPassword", {
    token: "wrong",
    password: "nine green bottles",
  }],
  [
    "password of a re-authentication",
    "post",
    "/trpc/account.reauthenticate",
    { password: "x" },
    async () => bearer(await administrator()),
  ],
  [
    "removal code",
    "post",
    "/api/admin/license-files/remove",
    { code: "0" },
    async () => bearer(await administrator()),
  ],
  ["password of a user", "post", "/api/v2/auth/login", { email: "nobody@example.com", password: "x" }],
  ["magic link", "post", "/api/v2/auth/magic-link/verify", { magic_link_token: "wrong" }],
  ["magic link at sign-in", "post", "/api/v2/auth/login", { magic_link_token: "wrong" }],
  ["session that is refreshed", "post", "/api/v2/auth/refresh", { session_token: "wrong" }],
  ["entitlement token", "post", "/api/v2/license/validate", forged, session],
  ["link of a page", "get", `/account/link/${"a".repeat(64)}`, null],
  ["link that is confirmed", "post", `/account/link/${"a".repeat(64)}`, {}],
  ["link to reset a password", "get", `/account/password/${"a".repeat(64)}`, null],
  ["link to register", "get", `/account/register/${"a".repeat(64)}`, null],
  ["password on a page", "post", "/account/sign-in", { email: "nobody@example.com", password: "x" }],
];
for (const [name, method, path, body, headers] of inputs) {
  test(`A wrong ${name} counts as a wrong credential`, async () => {
    const address = nextAddress();
    const send = async () => await call(address, method, path, { ...json, ...await headers?.() }, body);
    for (let n = 0; n < 2; n++) assert.notEqual((await send()).status, 429);
    const refused = await send();
    assert.deepEqual([refused.status, refused.retryAfter > 0], [429, true]);
    const signIn = { email: user.email, password };
    assert.equal((await call(address, "post", "/api/v2/auth/login", {}, signIn)).status, 200);
  });
}

test("A session that has ended is no guess: it is told so for as long as it is sent", async () => {
  const token = await administrator();
  await server.db`update administrator_sessions set ended_at = now() where administrator_id = ${id}`;
  const address = nextAddress();
  for (let n = 0; n < 5; n++) {
    assert.equal((await call(address, "get", "/api/customers", bearer(token))).status, 401);
  }
});

test("Every code that refuses a credential is known to be wrong or missing", () => {
  const refusing = Object.entries(meanings).filter(([, { status }]) => status === 401).map(([code]) => code);
  assert.deepEqual(refusing.filter((code) => !(code in credentialRefusals)), []);
});

test("The server stops without an error", () => server.stop());
