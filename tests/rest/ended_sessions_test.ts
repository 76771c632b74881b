// What an administrator's session opened ends with it: its token, its access to statistics and its streams; before the
// answer in the process that ended it, and with the change notice in any other.
import assert from "node:assert/strict";
import { updateAdministrator } from "../../server/domain/administrators/update.ts";
import { type Caller, makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { openPanel } from "../support/panel.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const other = await startTestServer({}, server);
const ctx = await server.ctx();
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
await makeAdministrator(server, "owner");

/** Each way to end a session, by the server that answers `end`. */
const endings: Record<string, (me: Caller) => Promise<unknown>> = {
  "signing out over REST": (me) => me.post("/api/admin/logout"),
  "signing out in the panel": (me) => openPanel(server, me.token).client.account.signOut.mutate(),
  "ending it from another session": async ({ email, token }) => {
    const { client } = openPanel(server);
    await client.account.signIn.mutate({ email, password: PASSWORD });
    const { id } = (await client.account.sessions.query()).find(({ isThis }) => !isThis)!;
    assert.ok(token);
    await client.account.endSession.mutate({ id });
  },
  "ending all others": async ({ email }) => {
    const { client } = openPanel(server);
    await client.account.signIn.mutate({ email, password: PASSWORD });
    assert.equal(await client.account.endOtherSessions.mutate(), 1);
  },
  "a password change in another session": async ({ email }) => {
    const { client } = openPanel(server);
    await client.account.signIn.mutate({ email, password: PASSWORD });
    await client.account.changePassword.mutate({ password: PASSWORD, newPassword: "other battery staple" });
  },
  "disabling the administrator": async ({ id }) => {
    const owner = openPanel(server);
    const { email } = await makeAdministrator(server, "owner");
    await owner.client.account.signIn.mutate({ email, password: PASSWORD });
    await owner.client.administrators.edit.mutate({ id, changes: { isDisabled: true } });
  },
};

/** What a session opens, on one of the servers; each answers whether it still does. */
async function openEverything(at: TestServer, { token }: Caller) {
  const { body } = await at.get("/api/admin/license/auth-token", bearer(token));
  const isOpen = async (headers: Record<string, string>, path: string) => {
    const { status } = await at.get(path, headers);
    assert.ok(status === 200 || status === 401, `${path}: ${status}`);
    return status === 200;
  };
  return {
    session: () => isOpen(bearer(token), "/api/customers"),
    cookie: () => isOpen({ cookie: `latchkey_session=${token}` }, "/api/customers"),
    statistics: () => isOpen(bearer(body.token), "/api/monitoring/live-stats"),
    events: await openStream(`${at.url}/trpc/events.feed?input=%7B%7D`, token),
    "live statistics": await openStream(`${at.url}/trpc/monitoring.live?input=%7B%7D`, token),
  };
}

async function openStream(url: string, token: string): Promise<() => Promise<boolean>> {
  const { status, body } = await fetch(url, { headers: bearer(token) });
  assert.equal(status, 200);
  const reader = body!.getReader();
  let isOpen = true;
  (async () => {
    while (isOpen) isOpen = !(await reader.read()).done;
  })();
  return () => Promise.resolve(isOpen);
}

for (const [name, end] of Object.entries(endings)) {
  test(`all that a session opened ends by ${name}`, async () => {
    const me = await makeAdministrator(server, "manager");
    const here = await openEverything(server, me);
    const there = await openEverything(other, me);
    for (const [what, isOpen] of [...Object.entries(here), ...Object.entries(there)]) {
      assert.ok(await isOpen(), `${what} is open before`);
    }
    await end(me);
    for (const what of ["session", "cookie", "statistics"] as const) {
      assert.ok(!await here[what](), `${what} has ended before the answer`);
    }
    for (const [what, isOpen] of [...Object.entries(here), ...Object.entries(there)]) {
      await eventually(async () => !await isOpen(), 1500).catch(() => assert.fail(`${what} is still open`));
    }
  });
}

test("a token for statistics ends when its administrator is demoted, the session does not", async () => {
  const me = await makeAdministrator(server, "manager");
  const here = await openEverything(server, me);
  const there = await openEverything(other, me);
  await updateAdministrator(ctx, { id: me.id, changes: { role: "owner" } });
  assert.ok(await here.statistics());
  await updateAdministrator(ctx, { id: me.id, changes: { role: "viewer" } });
  for (const { statistics } of [here, there]) await eventually(async () => !await statistics(), 1500);
  assert.ok(await here.session());
  // Another process may give out a token of the former role until it hears of the change.
  await eventually(async () => await (await openEverything(other, me)).statistics(), 1500);
});

test("the servers stop", async () => {
  await other.stop();
  await server.stop();
});
