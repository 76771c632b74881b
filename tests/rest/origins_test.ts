// Another site can neither use a browser's session nor sign the browser in: every entry point that reads or sets a cookie refuses
// a foreign Origin and a cross-site request; programs, which send neither header, get in.
import assert from "node:assert/strict";
import { request as send } from "node:http";
import type { z } from "zod";
import { listEndpoints } from "../../server/app.ts";
import { appRouter } from "../../server/trpc/router.ts";
import type { Rule } from "../../server/trpc/trpc.ts";
import { createTestSession, makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { pathOf, sampleInput } from "../support/sample_input.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const PUBLIC_URL = "https://licenses.example.com";
const server = await startTestServer({ PUBLIC_URL });
const owner = await makeAdministrator(server, "owner");

const foreign: Record<string, string>[] = [
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "http://licenses.example.com" },
  { origin: "https://licenses.example.com.evil.example" },
  { origin: "https://licenses.example.com:8443" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "cross-site", origin: PUBLIC_URL },
];
const own: Record<string, string>[] = [
  { origin: PUBLIC_URL },
  { origin: server.url },
  { "sec-fetch-site": "same-origin" },
];

/** Sends the headers as they are; `fetch` keeps some of them for itself. */
function statusOf(path: string, headers: Record<string, string>, body: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { "content-type": "application/json", ...headers } };
    const sent = send(server.url + path, options, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode!));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body ?? {}));
  });
}

/**
 * Entry points without a credential: signing in, links and forms. The client dialects set and read no cookies, and mail in a
 * browser unsubscribes from its own origin, with the token of the link and without cookies (RFC 8058, section 3.1).
 */
const isForOthers = (path: string) =>
  /^\/(?:api\/(?:license|version|v1|v2)|account\/unsubscribe)\//.test(path);
const entryPoints = [
  ...listEndpoints(server.server.services, server.config)
    .filter(({ method, guard, path }) => method !== "get" && guard.scheme === null && !isForOthers(path))
    .map((endpoint) => ({ path: pathOf(endpoint), body: endpoint.body && sampleInput(endpoint.body) })),
  ...Object.entries(
    appRouter._def.procedures as unknown as Record<
      string,
      { _def: { type: string; meta?: { rule: Rule }; inputs: z.ZodType[] } }
    >,
  ).filter(([, { _def }]) => _def.meta?.rule === "anyone" && _def.type === "mutation").map((
    [name, { _def: { inputs } }],
  ) => ({
    path: `/trpc/${name}`,
    body: Object.assign({}, ...inputs.map((schema) => sampleInput(schema))),
  })),
];

for (const { path, body } of entryPoints) {
  test(`POST ${path} refuses other sites and lets programs in`, async () => {
    const isPageOfUser = /\/account\/(?:sign-out|change-password|devices|offline|removal-code)/.test(path);
    const cookie: Record<string, string> = isPageOfUser
      ? { cookie: `__Host-latchkey_account=${"a".repeat(64)}` }
      : {};
    for (const headers of foreign) {
      assert.equal(await statusOf(path, { ...cookie, ...headers }, body), 403, JSON.stringify(headers));
    }
    for (const headers of isPageOfUser ? own : [{}, ...own]) {
      assert.notEqual(await statusOf(path, { ...cookie, ...headers }, body), 403, JSON.stringify(headers));
    }
  });
}

test("there are entry points to check", () =>
  assert.ok(entryPoints.length >= 15, String(entryPoints.length)));

test("a right password from another site starts no session and sets no cookie", async () => {
  const { email } = owner;
  const signIns = () => server.db`select 1 from administrator_sessions where administrator_id = ${owner.id}`;
  const before = (await signIns()).length;
  for (const path of ["/api/admin/login", "/trpc/account.signIn"]) {
    for (const headers of foreign) {
      assert.equal(await statusOf(path, headers, { email, password: PASSWORD }), 403);
    }
  }
  assert.equal((await signIns()).length, before);
  assert.equal(await statusOf("/api/admin/login", {}, { email, password: PASSWORD }), 200);
});

test("the queue dashboard refuses other sites", async () => {
  const { token } = await createTestSession(await server.ctx(), owner.id);
  const cookie = `__Host-latchkey_session=${token}`;
  for (const headers of [{}, ...foreign]) {
    assert.equal(await statusOf("/admin/queues/api/queues/x/pause", { cookie, ...headers }, {}), 403);
  }
});

test("the server stops", () => server.stop());
