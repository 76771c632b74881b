// Sessions of users end when they are ended: no sign-in, link or refresh that is under way during a password change, a
// sign-out or the disabling of the user leaves a live session, and what can be used once is used once.
import assert from "node:assert/strict";
import { changePassword, register, resetPassword } from "../../server/domain/accounts/choose_password.ts";
import { updateUser } from "../../server/domain/accounts/edit_user.ts";
import { requestLink, sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import type { LinkPurpose } from "../../server/domain/accounts/email_links.ts";
import { signOut } from "../../server/domain/accounts/end_sessions.ts";
import { endUserSession, listUserSessions, signUserOut } from "../../server/domain/accounts/list_sessions.ts";
import { refreshSession, refreshSessions } from "../../server/domain/accounts/refresh_sessions.ts";
import { signIn } from "../../server/domain/accounts/sign_in.ts";
import { disableUser, enableUser } from "../../server/domain/accounts/disable_user.ts";
import { createUser, type UserRow } from "../../server/domain/accounts/users.ts";
import type { Context } from "../../server/domain/context.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { cheapHash, countSuccesses, createWhileEnding, MANY, times } from "../support/concurrency.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";
import { makeCatalogue, makeUserLicense, startTestSession } from "../support/users.ts";

const system = await createTestSystem();
const ctx = await system.ctx();
const anonymous: Context = { ...ctx, actor: { kind: "anonymous" } };
const OLD = "the old password";
const NEW = "the new password";
const passwordHash = await cheapHash(OLD);
let number = 0;

async function makeUser(): Promise<UserRow> {
  const email = `user${++number}@example.com`;
  const user = await createUser(ctx, { email, name: `User ${number}` });
  await system.db`update users set password_hash = ${passwordHash} where id = ${user.id}`;
  return { ...user, passwordHash };
}

/** The tokens of links that are mailed to these addresses. */
async function mailLinks(emails: string[], purpose: LinkPurpose): Promise<string[]> {
  for (const email of emails) await requestLink(anonymous, { purpose, email });
  await sendRequestedLinks(ctx, "https://licenses.example.com");
  const mails = await system.db<{ recipient: string; body: Uint8Array }[]>`
    select recipient, body from mails where recipient = any(${emails}) order by id`;
  const texts = new Map(
    mails.map(({ recipient, body }) => [
      recipient,
      new TextDecoder().decode(ctx.cipher.decrypt("mail", body)),
    ]),
  );
  return emails.map((email) => texts.get(email)!.match(/\/account\/\w+\/([0-9a-f]{64})/)![1]);
}

async function countLive({ id }: { id: number }): Promise<number> {
  const [{ count }] = await system.db<{ count: number }[]>`
    select count(*) as count from sessions where user_id = ${id} and revoked_at is null`;
  return count;
}

const signInWithPassword = (user: UserRow) => signIn(anonymous, { email: user.email, password: OLD }, null);

/** Refreshes a chain of sessions: each call replaces the token of the one before. */
function refresher(token: string): () => Promise<void> {
  let current = token;
  return async () => {
    ({ sessionToken: current } = await refreshSession(anonymous, { token: current, deviceId: null }));
  };
}

/** How users end up: each kind of ending, and the live sessions that it leaves. */
const endings: Record<string, { end(user: UserRow, token: string): Promise<unknown>; leaves: number }> = {
  "a password change": {
    end: ({ id }) => changePassword(anonymous, { userId: id, current: OLD, password: NEW }),
    leaves: 1,
  },
  "disabling the user": { end: ({ id }) => disableUser(ctx, id), leaves: 0 },
  "signing the user out everywhere": { end: ({ id }) => signUserOut(ctx, id), leaves: 0 },
  "signing out": { end: (_, token) => signOut(anonymous, token), leaves: 0 },
  "ending the session": {
    async end({ id }) {
      const [{ id: sessionId }] = await listUserSessions(ctx, id);
      await endUserSession(ctx, { userId: id, sessionId }).catch(() => signUserOut(ctx, id));
    },
    leaves: 0,
  },
};

/** Runs something for many accounts at once and counts those with more live sessions than it may leave. */
async function assertNoLeaks(
  users: UserRow[],
  leaves: number,
  run: (user: UserRow, index: number) => Promise<unknown>,
): Promise<void> {
  await Promise.all(users.map(run));
  const live = await Promise.all(users.map(countLive));
  const leaked = live.filter((count) => count > leaves).length;
  assert.equal(leaked, 0, `${leaked} of ${users.length} accounts have a live session`);
}

for (const [name, { end, leaves }] of Object.entries(endings)) {
  test(`no refresh during ${name} leaves a live session`, async () => {
    // A password change computes a slow hash, so fewer accounts have more callers.
    const [accounts, callers] = leaves ? [10, 5] : [MANY, 1];
    const users = await times(accounts, makeUser);
    await assertNoLeaks(users, leaves, async (user) => {
      const tokens = await times(callers, () => startTestSession(ctx, user, null));
      const refresh = tokens.map(refresher);
      const create = (caller: number) => refresh[caller]();
      await createWhileEnding({ create, end: () => end(user, tokens[0]), callers });
    });
  });
}

for (const [name, { end, leaves }] of Object.entries(endings)) {
  test(`no batch of refreshes during ${name} leaves a live session`, async () => {
    const users = await times(leaves ? 10 : MANY, makeUser);
    const tokens = await Promise.all(users.map((user) => startTestSession(ctx, user, null)));
    const requests = tokens.map((token) => ({ token, deviceId: null }));
    const refreshing = times(3, () => refreshSessions(anonymous, requests));
    await assertNoLeaks(users, leaves, (user, index) => end(user, tokens[index]));
    await refreshing;
    assert.deepEqual(new Set(await refreshSessions(anonymous, requests)), new Set([null]));
    await assertNoLeaks(users, leaves, async () => {});
  });
}

for (const name of ["a password change", "disabling the user"]) {
  const { end, leaves } = endings[name];
  test(`no sign-in with the old password during ${name} leaves a live session`, async () => {
    await assertNoLeaks(
      await times(10, makeUser),
      leaves,
      (user) =>
        createWhileEnding({ create: () => signInWithPassword(user), end: () => end(user, ""), callers: 5 }),
    );
  });

  for (const purpose of ["sign_in", "password"] as const) {
    test(`no ${purpose} link used during ${name} leaves a live session`, async () => {
      const users = await times(purpose === "password" || leaves ? 10 : MANY, makeUser);
      const links = await mailLinks(users.map(({ email }) => email), purpose);
      await assertNoLeaks(users, leaves, (user, index) => {
        const use = () =>
          purpose === "sign_in"
            ? signIn(anonymous, { linkToken: links[index] }, null)
            : resetPassword(anonymous, { token: links[index], password: NEW });
        return countSuccesses(index % 2 ? [() => end(user, ""), use] : [use, () => end(user, "")]);
      });
    });
  }
}

test("a link to an address that a user has no more is refused", async () => {
  const users = await times(MANY, makeUser);
  const links = await mailLinks(users.map(({ email }) => email), "sign_in");
  const email = (user: UserRow) => `moved.${user.email}`;
  await Promise.all(users.map((user, index) =>
    countSuccesses([
      () => updateUser(ctx, { id: user.id, changes: { email: email(user) } }),
      () => signIn(anonymous, { linkToken: links[index] }, null),
    ])
  ));
  const late = links.map((linkToken) => () => signIn(anonymous, { linkToken }, null));
  assert.equal(await countSuccesses(late), 0);
});

test("a link that a change has revoked is refused to a request that began before the change", async () => {
  const user = await makeUser();
  const [linkToken] = await mailLinks([user.email], "sign_in");
  const before = await system.ctx(new Date(ctx.now.getTime() - 1000));
  await changePassword(anonymous, { userId: user.id, current: OLD, password: NEW });
  await assert.rejects(signIn(before, { linkToken }, null), { code: "MAGIC_LINK_INVALID" });
});

test(`${MANY} uses of one link at once are one use`, async () => {
  const user = await makeUser();
  const [linkToken] = await mailLinks([user.email], "sign_in");
  const use = () => signIn(anonymous, { linkToken }, null);
  assert.equal(await countSuccesses(Array.from({ length: MANY }, () => use)), 1);
  assert.equal(await countLive(user), 1);
  const [token] = await mailLinks(["new@example.com"], "register");
  const choose = () => register(anonymous, { token, password: NEW });
  assert.equal(await countSuccesses(Array.from({ length: 5 }, () => choose)), 1);
});

test("everything at once on a few accounts never waits in a circle", async () => {
  const users = await times(5, makeUser);
  const { product, plans } = await makeCatalogue(ctx);
  const licenses = await Promise.all(
    users.map((user) => makeUserLicense(ctx, { product, plans }, user, "yearly")),
  );
  const tokens = await Promise.all(users.map((user) => startTestSession(ctx, user, null)));
  const requests = tokens.map((token) => ({ token, deviceId: null }));
  await sendRequestedLinks(ctx, "https://licenses.example.com");
  const work = (round: number) =>
    users.flatMap((user, index) => [
      () =>
        signIn(anonymous, { email: user.email, password: OLD }, { id: `device-${round}`, name: "Device" }),
      () => refreshSessions(anonymous, requests),
      () => signOut(anonymous, tokens[index]),
      () => signUserOut(ctx, user.id),
      () => disableUser(ctx, user.id),
      () => enableUser(ctx, user.id),
      () => updateUser(ctx, { id: user.id, changes: { name: `Name ${round}` } }),
      () => requestLink(anonymous, { purpose: "sign_in", email: user.email }),
      () => sendRequestedLinks(ctx, "https://licenses.example.com"),
      () => assignLicense(ctx, { id: licenses[index].id, userId: users[(index + round) % users.length].id }),
    ]);
  const rounds = await times(5, (round) => countSuccesses(work(round)));
  assert.ok(rounds.every((count) => count > 0));
});

test("the connections close", () => system.db.end());
