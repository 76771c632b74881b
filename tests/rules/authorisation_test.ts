// Who may call what. Every REST endpoint and every tRPC procedure is called with valid input without credentials, with
// credentials of another kind, with an ended session, with too weak a role and with the right one. A new one is covered
// by being declared.
import assert from "node:assert/strict";
import type { z } from "zod";
import { createUser } from "../../server/domain/accounts/users.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { getAdministratorActor } from "../../server/domain/administrators/session_actor.ts";
import { listEndpoints } from "../../server/app.ts";
import type { Role } from "../../server/domain/actor.ts";
import { appRouter } from "../../server/trpc/router.ts";
import type { Rule } from "../../server/trpc/trpc.ts";
import { createTestSession } from "../support/administrators.ts";
import { callAs, type Outcome } from "../support/call_as.ts";
import { pathOf, sampleInput } from "../support/sample_input.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { startTestSession } from "../support/users.ts";

/** What anybody may call. Whoever adds to this list has thought about it. */
const open = new Set([
  "get /",
  "get /health",
  "get /health/ready",
  "get /metrics",
  "get /openapi.json",
  "post /api/admin/login",
  "get /.well-known/jwks.json",
  "get /.well-known/jwks/{product}.json",
  "get /.well-known/license-status/{list}",
  "get /api/v2/health",
  "post /api/v2/auth/login",
  "post /api/v2/auth/logout",
  "post /api/v2/auth/magic-link/request",
  "post /api/v2/auth/magic-link/verify",
  "post /api/v2/auth/refresh",
  "post /api/v2/features/check",
  "get /api/v2/updates/check",
  "get /account/link/{token}",
  "post /account/link/{token}",
  "get /account/password",
  "post /account/password",
  "get /account/password/{token}",
  "post /account/password/{token}",
  "get /account/register",
  "post /account/register",
  "get /account/register/{token}",
  "post /account/register/{token}",
  "get /account/sign-in",
  "post /account/sign-in",
  "get /account/unsubscribe/{kind}/{token}",
  "post /account/unsubscribe/{kind}/{token}",
  "get /magic-link",
  "post /magic-link",
  "get /api/admin/login/callback",
  "post /api/admin/login/provider",
  "post /api/v1/activate",
  "post /api/v1/validate",
]);
/** Pages of a user's account, which send strangers to the sign-in. */
const usersPages = new Set([
  "get /account",
  "get /account/change-password",
  "post /account/change-password",
  "post /account/devices/{id}/license-file",
  "post /account/devices/{id}/remove",
  "get /account/offline",
  "post /account/offline",
  "get /account/removal-code",
  "post /account/removal-code",
  "post /account/sign-out",
]);
const openProcedures = new Set([
  "account.acceptInvitation",
  "account.completeProviderSignIn",
  "account.createFirstOwner",
  "account.openPasswordLink",
  "account.openSetup",
  "account.requestPasswordLink",
  "account.resetPassword",
  "account.signInOptions",
  "account.startPasskeySignIn",
  "account.startProviderSignIn",
  "account.openInvitation",
  "account.signIn",
  "account.signInWithPasskey",
]);

const server = await startTestServer();
const roles: Role[] = ["viewer", "manager", "owner"];
const weaker: Record<Role, Role | null> = { viewer: null, manager: "viewer", owner: "manager" };
const ids = new Map<Role, number>();
for (const role of roles) {
  const { id } = await createAdministrator(await server.ctx(), {
    email: `${role}@example.com`,
    name: role,
    role,
    password: "correct horse",
  });
  ids.set(role, id);
}

/** A session of its own for each call, as some calls end it. */
async function signedIn(role: Role, now = new Date()): Promise<string> {
  const session = await createTestSession(await server.ctx(now), ids.get(role)!);
  return session.token;
}

/** A session of a user's, who is there for one call. */
async function userToken(): Promise<string> {
  const ctx = await server.ctx();
  const user = await createUser(ctx, { email: `${crypto.randomUUID()}@example.com`, name: "User" });
  return await startTestSession(ctx, user, null);
}

async function ended(): Promise<string> {
  const token = await signedIn("owner");
  await server.db`
    update administrator_sessions
    set ended_at = now()
    where token_hash = sha256(${token}::bytea)`;
  return token;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const DAY = 86_400_000;
const notOurs: Record<string, () => Promise<Record<string, string>>> = {
  "no credentials": () => Promise.resolve({}),
  "an API key": () => Promise.resolve({ "x-api-key": server.apiKey }),
  "an API key as a token": () => Promise.resolve(bearer(server.apiKey)),
  "a made-up token": () => Promise.resolve(bearer(`lka_${"A".repeat(43)}`)),
  "an ended session": async () => bearer(await ended()),
  "an expired session": async () => bearer(await signedIn("owner", new Date(Date.now() - 15 * DAY))),
};

const call = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  callAs(method, server.url + path, headers, body);

/** What a verb answers to a wrong password, code or passkey: the caller was let in, and what was sent is wrong. */
const wrongSecrets = new Set(["SIGN_IN_FAILED", "SECOND_FACTOR_REQUIRED", "PASSKEY_INVALID"]);

function refuses(outcome: Outcome, status: number, who: string): void {
  assert.equal(outcome.status, status, `${who}: ${JSON.stringify(outcome)}`);
}

function lets(outcome: Outcome, who: string): void {
  const isRefused = outcome.status === 401 && !wrongSecrets.has(outcome.code ?? "") ||
    outcome.status === 403 || outcome.status >= 500;
  assert.ok(!isRefused, `${who}: ${JSON.stringify(outcome)}`);
}

async function assertAdministrator(
  ask: (headers: Record<string, string>) => Promise<Outcome>,
  role: Role,
  options: { takesAnalytics: boolean },
): Promise<void> {
  for (const [who, headers] of Object.entries(notOurs)) refuses(await ask(await headers()), 401, who);
  const weak = weaker[role];
  if (weak) refuses(await ask(bearer(await signedIn(weak))), 403, weak);
  const cookie = `latchkey_session=${await signedIn(role)}`;
  const analytics = bearer(await analyticsToken());
  if (options.takesAnalytics) lets(await ask(analytics), "a token for statistics");
  else refuses(await ask(analytics), 401, "a token for statistics");
  lets(await ask({ cookie, "sec-fetch-site": "same-origin" }), `${role} by cookie`);
  lets(await ask(bearer(await signedIn(role))), role);
}

async function analyticsToken(): Promise<string> {
  const reply = await server.get("/api/admin/license/auth-token", bearer(await signedIn("owner")));
  return reply.body.token;
}

for (const endpoint of listEndpoints(server.server.services, server.config)) {
  const { method, path, guard } = endpoint;
  const body = endpoint.body && sampleInput(endpoint.body);
  const ask = (headers: Record<string, string>) => call(method, pathOf(endpoint), headers, body);
  const name = `${method} ${path}`;
  test(`${name} lets in whom it should and no other caller`, async () => {
    switch (guard.scheme) {
      case "administrator":
      case "analytics":
        assert.ok(guard.role, "needs a role");
        await assertAdministrator(ask, guard.role, { takesAnalytics: guard.scheme === "analytics" });
        if (method !== "get") {
          const cookie = `latchkey_session=${await signedIn(guard.role)}`;
          refuses(await ask({ cookie }), 403, "a cookie without an origin");
          refuses(await ask({ cookie, "sec-fetch-site": "cross-site" }), 403, "another site");
          refuses(await ask({ cookie, origin: "https://evil.example" }), 403, "another origin");
        }
        break;
      case "apiKey":
        if (guard.isOptional) {
          assert.ok(open.has(name), "is open to anyone without being on the list");
          refuses(await ask({ "x-api-key": "lk_live_unknown" }), 401, "an unknown key");
          break;
        }
        refuses(await ask({}), 401, "no credentials");
        refuses(await ask({ "x-api-key": "lk_live_unknown" }), 401, "an unknown key");
        refuses(await ask(bearer(await signedIn("owner"))), 401, "an administrator");
        refuses(await ask(bearer(server.apiKey)), 401, "a key in the wrong header");
        lets(await ask({ "x-api-key": server.apiKey }), "an API key");
        break;
      case "session": {
        // Works signed out as well, and then says less.
        if (open.has(name)) break;
        refuses(await ask({}), 401, "no credentials");
        refuses(await ask({ "x-api-key": server.apiKey }), 401, "an API key");
        refuses(await ask(bearer(await signedIn("owner"))), 401, "an administrator");
        refuses(await ask(bearer("A".repeat(64))), 401, "a made-up token");
        const answer = await ask(bearer(await userToken()));
        // Documented: a user without a license is told so by a 403.
        if (name === "post /api/v2/license/verify") refuses(answer, 403, "a user without a license");
        else lets(answer, "a user");
        break;
      }
      case null:
        if (usersPages.has(name)) {
          const stranger = await call(method, pathOf(endpoint), {});
          assert.ok(
            stranger.status === 303 || stranger.status >= 400,
            `a stranger: ${JSON.stringify(stranger)}`,
          );
          break;
        }
        assert.ok(open.has(name), "is open to anybody without being on the list");
        break;
      default:
        assert.fail(`no test knows the scheme ${guard.scheme}`);
    }
  });
}

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: "query" | "mutation" | "subscription"; meta?: { rule: Rule }; inputs: z.ZodType[] } }
>;

for (const [name, { _def: { type, meta, inputs } }] of Object.entries(procedures)) {
  test(`The procedure ${name} lets in whom it should and no other caller`, async () => {
    const rule = meta?.rule;
    assert.ok(rule, "needs a rule");
    const method = type === "mutation" ? "post" : "get";
    const input = Object.assign({}, ...inputs.map((schema) => sampleInput(schema)));
    const query = type === "mutation" ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const ask = (headers: Record<string, string>) => call(method, `/trpc/${name}${query}`, headers, input);
    if (rule === "anyone") {
      assert.ok(openProcedures.has(name), "is open to anybody without being on the list");
      return;
    }
    await assertAdministrator(ask, rule === "account" || rule === "incomplete" ? "viewer" : rule, {
      takesAnalytics: false,
    });
    if (method === "post") {
      const cookie = `latchkey_session=${await signedIn("owner")}`;
      refuses(await ask({ cookie }), 403, "a cookie without an origin");
      refuses(await ask({ cookie, "sec-fetch-site": "cross-site" }), 403, "another site");
    }
  });
}

test("A token is refused within a second of its administrator being disabled", async () => {
  const token = await signedIn("viewer");
  lets(await call("get", "/api/customers", bearer(token)), "before");
  await server.db`update administrators set disabled_at = now() where role = 'viewer'`;
  await new Promise((resolve) => setTimeout(resolve, 200));
  refuses(await call("get", "/api/customers", bearer(token)), 401, "after");
  await assert.rejects(
    async () => {
      const ctx = await server.ctx();
      return await getAdministratorActor(ctx, token);
    },
    { code: "SIGN_IN_REQUIRED" },
  );
});

test("The server stops without an error", () => server.stop());
