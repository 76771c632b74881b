// With "require a second factor" on, a session that was opened with a password alone can set one up or use the one the
// account owns, and sign out. Every endpoint, procedure and page is called with valid input as such a session, as the
// tokens it made before, and as a session with a second factor. A new one is covered by being declared.
import assert from "node:assert/strict";
import type { z } from "zod";
import { listEndpoints } from "../../server/app.ts";
import type { Role } from "../../server/domain/actor.ts";
import { getAdministratorActor } from "../../server/domain/administrators/session_actor.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import type { UsedFactors } from "../../server/domain/administrators/sessions.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { appRouter } from "../../server/trpc/router.ts";
import { callAs, type Outcome } from "../support/call_as.ts";
import { pathOf, sampleInput } from "../support/sample_input.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { createTestSession } from "../support/administrators.ts";

/** All that answers anything but the refusal. Whoever adds to this list has thought about it. */
const permitted = new Set([
  "post /api/admin/logout",
  "account.me",
  "account.signOut",
  "account.reauthenticate",
  "account.reauthenticateWithPasskey",
  "account.confirmSecondFactor",
  "account.startProviderReauthentication",
  "account.startTotpSetup",
  "account.confirmTotpSetup",
  "account.startPasskeyRegistration",
  "account.addPasskey",
]);
/** Those of them that would add a factor to an account that owns one already. */
const adding = new Set([
  "account.startTotpSetup",
  "account.confirmTotpSetup",
  "account.startPasskeyRegistration",
  "account.addPasskey",
]);

const server = await startTestServer();
const other = await startTestServer({}, server);
const password: UsedFactors = { firstFactor: "password", secondFactor: null };

async function makeOwner(name: string): Promise<number> {
  const { id } = await createAdministrator(await server.ctx(), {
    email: `${name}@example.com`,
    name,
    role: "owner" satisfies Role,
    password: "correct horse",
  });
  return id;
}
const without = await makeOwner("without");
const withPasskey = await makeOwner("passkey");
await server.db`
  insert into administrator_passkeys (administrator_id, name, credential_id, public_key, counter, created_at)
  values (${withPasskey}, 'Telephone', 'passkey of the test', ''::bytea, 0, now())`;

async function open(id: number, factors = password, kind: "session" | "token" = "session"): Promise<string> {
  return (await createTestSession(await server.ctx(), id, { factors, kind })).token;
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

interface EntryPoint {
  name: string;
  takesAnalytics: boolean;
  call(headers: Record<string, string>): Promise<Outcome>;
}

const entryPoints: EntryPoint[] = [];
for (const endpoint of listEndpoints(server.server.services, server.config)) {
  const { method, path, guard } = endpoint;
  if (guard.scheme !== "administrator" && guard.scheme !== "analytics") continue;
  const body = endpoint.body && sampleInput(endpoint.body);
  entryPoints.push({
    name: `${method} ${path}`,
    takesAnalytics: guard.scheme === "analytics",
    call: (headers) => callAs(method, server.url + pathOf(endpoint), headers, body),
  });
}
const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: "query" | "mutation" | "subscription"; meta?: { rule: string }; inputs: z.ZodType[] } }
>;
for (const [name, { _def: { type, meta, inputs } }] of Object.entries(procedures)) {
  if (meta?.rule === "anyone") continue;
  const input = Object.assign({}, ...inputs.map((schema) => sampleInput(schema)));
  const query = type === "mutation" ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const method = type === "mutation" ? "post" : "get";
  entryPoints.push({
    name,
    takesAnalytics: false,
    call: (headers) => callAs(method, `${server.url}/trpc/${name}${query}`, headers, input),
  });
}
for (const path of ["/admin/queues", "/admin/queues/api/queues"]) {
  entryPoints.push({
    name: path,
    takesAnalytics: false,
    call: (headers) => callAs("get", server.url + path, headers),
  });
}

const analytics = await server.get("/api/admin/license/auth-token", bearer(await open(without)));
const stream = await followEvents(await open(without));

test("A stream of events ends when another process turns the requirement on", async () => {
  const ctx = await other.ctx();
  const actor = await getAdministratorActor(ctx, await open(without));
  const session = bearer(await open(without));
  assert.equal((await callAs("get", `${other.url}/api/customers`, session)).status, 200);
  await changeSetting({ ...ctx, actor }, "requireSecondFactor", true);
  await stream.ended;
  const refused = await callAs("get", `${other.url}/api/customers`, session);
  assert.deepEqual([refused.status, refused.code], [403, "SECOND_FACTOR_MISSING"]);
});

for (const { name, takesAnalytics, call } of entryPoints) {
  test(`${name} wants a second factor that the session used`, async () => {
    const refuses = async (who: string, headers: Record<string, string>) => {
      const outcome = await call(headers);
      assert.deepEqual([outcome.status, outcome.code], [403, "SECOND_FACTOR_MISSING"], who);
    };
    const lets = async (who: string, headers: Record<string, string>) => {
      const { status, code } = await call(headers);
      assert.ok(
        code !== "SECOND_FACTOR_MISSING" && code !== "SIGN_IN_REQUIRED" && status < 500,
        `${who}: ${code}`,
      );
    };
    const cookie = `latchkey_session=${await open(without)}`;
    if (permitted.has(name)) {
      await lets("a password alone", { cookie, "sec-fetch-site": "same-origin" });
      await (adding.has(name) ? refuses : lets)("an account with a passkey", bearer(await open(withPasskey)));
    } else {
      await refuses("a password alone", { cookie, "sec-fetch-site": "same-origin" });
      await refuses("an account with a passkey", bearer(await open(withPasskey)));
      await refuses("an access token", bearer(await open(withPasskey, password, "token")));
      if (takesAnalytics) await refuses("a token for statistics", bearer(analytics.body.token));
    }
    const complete: UsedFactors = { firstFactor: "password", secondFactor: "totp" };
    await lets("a session with a second factor", bearer(await open(without, complete)));
    await lets("an access token with a second factor", bearer(await open(without, complete, "token")));
  });
}

test("Everything on the list of exceptions exists", () => {
  assert.deepEqual(
    [...permitted].filter((name) => !entryPoints.some((entryPoint) => entryPoint.name === name)),
    [],
  );
});

test("The servers stop without an error", async () => {
  await other.stop();
  await server.stop();
});

/** Opens the stream of events of a panel; `ended` resolves when the server ends it. */
async function followEvents(token: string) {
  const response = await fetch(`${server.url}/trpc/events.feed?input=${encodeURIComponent("{}")}`, {
    headers: bearer(token),
  });
  assert.equal(response.status, 200);
  const reader = response.body!.getReader();
  const first = await reader.read();
  assert.equal(first.done, false);
  const ended = (async () => {
    while (!(await reader.read()).done);
  })();
  return { ended };
}
