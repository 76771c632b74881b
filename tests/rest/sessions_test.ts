// Sessions over two servers on one database: refreshing with overlap, detection of reuse, signing out and revocation.
import assert from "node:assert/strict";
import { refreshSession } from "../../server/domain/accounts/refresh_sessions.ts";
import { deleteExpiredSessions } from "../../server/domain/accounts/end_sessions.ts";
import { getSession } from "../../server/domain/accounts/get_session.ts";
import { disableUser, enableUser } from "../../server/domain/accounts/disable_user.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { MANY, times } from "../support/concurrency.ts";
import { openPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import {
  callV2,
  login,
  makeCatalogue,
  makeUser,
  makeUserLicense,
  startTestSession,
} from "../support/users.ts";

const server = await startTestServer();
const other = await startTestServer({}, server);
const owner = await makeAdministrator(server, "owner");
const catalogue = await makeCatalogue(await server.ctx());
const now = new Date();
const after = (seconds: number) => server.ctx(new Date(now.getTime() + seconds * 1000));

async function createUserWithLicense() {
  const ctx = await server.ctx();
  const user = await makeUser(ctx);
  await makeUserLicense(ctx, catalogue, user, "monthly");
  return user;
}

const refresh = (token: string, more = {}) =>
  callV2(server, "POST", "/auth/refresh", { session_token: token, ...more });
const info = (token: string, at = server) => callV2(at, "GET", "/license/info", undefined, token);

function isRefused(error: unknown): boolean {
  return error instanceof DomainError && ["SESSION_TOKEN_INVALID", "SESSION_EXPIRED"].includes(error.code);
}

test("a token has 64 characters, and only its hash is stored", async () => {
  const { email } = await createUserWithLicense();
  const { session_token: token } = (await login(server, email, "A")).body;
  assert.match(token, /^[0-9a-f]{64}$/);
  const rows = await server.db`select to_jsonb(s)::text as row from sessions s`;
  assert.ok(rows.every(({ row }) => !row.includes(token)));
});

test("the token is accepted in every position that the contract names", async () => {
  const { email } = await createUserWithLicense();
  const { session_token: token } = (await login(server, email, "A")).body;
  for (const authorization of [`Bearer ${token}`, `bearer ${token}`, token]) {
    assert.equal((await server.get("/api/v2/devices", { authorization })).status, 200, authorization);
  }
  assert.equal((await server.get(`/api/v2/devices?session_token=${token}`)).status, 200);
  const inBody = { session_token: token, state_hash: "x" };
  assert.equal((await callV2(server, "POST", "/integrity/heartbeat", inBody)).status, 200);
  assert.equal((await server.get("/api/v2/devices", { authorization: "Bearer" })).status, 401);
});

test("a refresh returns a new token, and the old one stays valid for a minute", async () => {
  const user = await createUserWithLicense();
  const token = await startTestSession(await after(0), user, "A");
  const { sessionToken } = await refreshSession(await after(10), { token, deviceId: null });
  assert.notEqual(sessionToken, token);
  assert.equal((await getSession(await after(69), token)).userId, user.id);
  assert.equal((await getSession(await after(69), sessionToken)).userId, user.id);
  const again = await refreshSession(await after(69), { token, deviceId: null });
  assert.equal(
    again.sessionToken,
    sessionToken,
    "a repeated refresh within the overlap returns the same token",
  );
});

for (const use of ["refresh", "call"]) {
  test(`a token that is used after its overlap revokes all sessions of its sign-in (${use})`, async () => {
    const user = await createUserWithLicense();
    const token = await startTestSession(await after(0), user, "A");
    const elsewhere = await startTestSession(await after(0), user, "B");
    const { sessionToken } = await refreshSession(await after(1), { token, deviceId: null });
    const late = await after(62);
    await assert.rejects(
      use === "refresh" ? refreshSession(late, { token, deviceId: null }) : getSession(late, token),
      isRefused,
    );
    await assert.rejects(getSession(late, sessionToken), isRefused);
    await assert.rejects(refreshSession(late, { token: sessionToken, deviceId: null }), isRefused);
    assert.equal((await getSession(late, elsewhere)).userId, user.id, "other sign-ins stay valid");
    const [{ count }] = await server.db<{ count: number }[]>`
      select count(*) as count
      from events
      where type = 'session.reused' and subject_id = ${user.id}`;
    assert.equal(count, 1);
  });
}

test("50 concurrent refreshes of a token return one successor", async () => {
  const { email, id } = await createUserWithLicense();
  const { session_token: token } = (await login(server, email, "A")).body;
  const replies = await Promise.all(Array.from({ length: 50 }, () => refresh(token)));
  assert.ok(replies.every(({ status }) => status === 200));
  assert.equal(new Set(replies.map(({ body }) => body.session_token)).size, 1);
  const [{ count }] = await server.db<{ count: number }[]>`
    select count(*) as count
    from sessions
    where user_id = ${id}`;
  assert.equal(count, 2);
});

for (const way of ["signing out", "disabling", "signing out everywhere"] as const) {
  test(`no token of ${MANY} refreshes on one server survives ${way} on the other`, async () => {
    const ctx = await server.ctx();
    const users = await times(MANY, () => makeUser(ctx));
    const tokens = await Promise.all(users.map((user) => startTestSession(ctx, user, null)));
    const end = (index: number) =>
      way === "signing out"
        ? callV2(other, "POST", "/auth/logout", { session_token: tokens[index] })
        : way === "disabling"
        ? owner.post(`/api/admin/users/${users[index].id}/disable`)
        : openPanel(other, owner.token).client.users.signOut.mutate({ id: users[index].id });
    const refreshed: string[] = [];
    const [ended] = await Promise.all([
      times(MANY, end),
      times(MANY, async (index) => {
        const { status, body } = await refresh(tokens[index]);
        assert.ok(status === 200 || status === 401, JSON.stringify(body));
        if (status === 200) refreshed.push(body.session_token);
      }),
    ]);
    assert.equal(ended.length, MANY);
    for (const token of [...tokens, ...refreshed]) {
      for (const at of [server, other]) {
        await eventually(async () => (await info(token, at)).status === 401, 1500);
      }
      assert.equal((await refresh(token)).status, 401);
    }
  });
}

test("a session lasts seven days from its last refresh", async () => {
  const user = await createUserWithLicense();
  const week = 7 * 86_400;
  const token = await startTestSession(await after(0), user, null);
  assert.ok(await getSession(await after(week - 1), token));
  await assert.rejects(getSession(await after(week), token), isRefused);
  const { sessionToken } = await refreshSession(await after(week - 1), { token, deviceId: null });
  assert.ok(await getSession(await after(2 * week - 2), sessionToken));
  await assert.rejects(
    refreshSession(await after(2 * week - 1), { token: sessionToken, deviceId: null }),
    isRefused,
  );
});

test("refresh returns the current entitlement and names invalid fields", async () => {
  const { email } = await createUserWithLicense();
  const { session_token: token, user } = (await login(server, email, "A")).body;
  const { body } = await refresh(token, { device_id: "A" });
  assert.deepEqual(body.user, user);
  assert.equal(body.entitlement_token.device_id, "A");
  assert.deepEqual((await refresh("nonsense")).body, { error: "Invalid or expired token" });
  const missing = await callV2(server, "POST", "/auth/refresh", {});
  assert.equal(missing.status, 400);
  assert.deepEqual(missing.body.messages, { session_token: ["The session token field is required."] });
});

test("signing out revokes the sign-in on every server immediately, and is idempotent", async () => {
  const { email } = await createUserWithLicense();
  const { session_token: token } = (await login(server, email, "A")).body;
  const { session_token: newer } = (await refresh(token)).body;
  assert.equal((await info(newer, other)).status, 200);
  for (let round = 0; round < 2; round++) {
    const out = await callV2(server, "POST", "/auth/logout", { session_token: newer });
    assert.equal(out.status, 200);
    assert.deepEqual(out.body, { message: "Logged out successfully" });
    assert.equal((await info(newer)).status, 401, "it has ended before the answer");
  }
  assert.equal((await callV2(server, "POST", "/auth/logout", { session_token: "unknown" })).status, 200);
  assert.equal((await callV2(server, "POST", "/auth/logout", {})).status, 400);
  await eventually(async () => (await info(newer, other)).status === 401, 1000);
  await eventually(async () => (await info(token, server)).status === 401, 1000);
});

test("a disabled user's sessions are revoked on every server within a second and stay revoked", async () => {
  const { email, id } = await createUserWithLicense();
  const { session_token: token } = (await login(server, email, "A")).body;
  assert.equal((await info(token)).status, 200);
  assert.equal((await info(token, other)).status, 200);
  assert.equal((await owner.post(`/api/admin/users/${id}/disable`)).status, 200);
  assert.equal((await info(token)).status, 401, "it has ended before the answer");
  await eventually(async () => (await info(token, other)).status === 401, 1000);
  await eventually(async () => (await info(token)).status === 401, 1000);
  assert.equal((await refresh(token)).status, 401);
  assert.equal((await login(server, email, "A")).status, 401);
  await enableUser(await server.ctx(), id);
  assert.equal((await info(token)).status, 401, "revoked sessions stay revoked");
  assert.equal((await login(server, email, "A")).status, 200);
});

test("a session of a user who is disabled during the sign-in is not started", async () => {
  const user = await createUserWithLicense();
  await disableUser(await server.ctx(), user.id);
  await assert.rejects(startTestSession(await server.ctx(), user, null), DomainError);
});

test("a changed state hash within a session is recorded", async () => {
  const { email, id } = await createUserWithLicense();
  const { session_token: token } = (await login(server, email, "A")).body;
  for (const state_hash of ["one", "one", "two"]) {
    assert.equal((await callV2(server, "POST", "/integrity/heartbeat", { state_hash }, token)).status, 200);
  }
  const events = await server.db`
    select before, after
    from events
    where type = 'session.state_changed' and subject_id = ${id}`;
  assert.deepEqual(events.map(({ before, after }) => [before.stateHash, after.stateHash]), [["one", "two"]]);
  const missing = await callV2(server, "POST", "/integrity/heartbeat", {}, token);
  assert.deepEqual(missing.body.messages, { state_hash: ["The state hash field is required."] });
});

test("sessions are deleted a day after they ended", async () => {
  const user = await createUserWithLicense();
  await startTestSession(await after(-9 * 86_400), user, null);
  assert.equal(await deleteExpiredSessions(await after(0)), 1);
});

test("the servers stop without an error", async () => {
  await other.stop();
  await server.stop();
});
