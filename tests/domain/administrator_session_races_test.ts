// Sessions and tokens of administrators end when they are ended: nothing that is under way while an administrator is
// disabled or changes the password leaves a live session, and what can be used once is used once.
import assert from "node:assert/strict";
import { Secret, TOTP } from "otpauth";
import { acceptInvitation } from "../../server/domain/administrators/accept_invitation.ts";
import { createAccessToken } from "../../server/domain/administrators/access_tokens.ts";
import type { AdministratorActor } from "../../server/domain/administrators/administrators.ts";
import { changePassword } from "../../server/domain/administrators/change_password.ts";
import { inviteAdministrator, revokeInvitation } from "../../server/domain/administrators/invitations.ts";
import { signInWithPasskey, startPasskeySignIn } from "../../server/domain/administrators/passkey_sign_in.ts";
import {
  addPasskey,
  listPasskeys,
  removePasskey,
  startPasskeyRegistration,
} from "../../server/domain/administrators/passkeys.ts";
import { createRecoveryCodes } from "../../server/domain/administrators/recovery_codes.ts";
import { getAdministratorActor } from "../../server/domain/administrators/session_actor.ts";
import { endOtherSessions, endSession } from "../../server/domain/administrators/sessions.ts";
import { signIn } from "../../server/domain/administrators/sign_in.ts";
import { confirmTotpSetup, startTotpSetup } from "../../server/domain/administrators/totp_setup.ts";
import { updateAdministrator } from "../../server/domain/administrators/update.ts";
import type { Context } from "../../server/domain/context.ts";
import { claimMails } from "../../server/domain/mail/mail.ts";
import { createAuthenticator } from "../support/authenticator.ts";
import { cheapHash, countSuccesses, createWhileEnding, MANY, times } from "../support/concurrency.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const PUBLIC_URL = "https://licenses.example.com";
const OLD = "the old password";
const NEW = "the new password";
const system = await createTestSystem();
const ctx = await system.ctx();
const anonymous: Context = { ...ctx, actor: { kind: "anonymous" } };
const from = { browser: "tests", ip: null };
const passwordHash = await cheapHash(OLD);
let number = 0;

interface Account {
  id: number;
  email: string;
}

/** Created by the statement of `createAdministrator`, with a hash that costs nothing. */
async function makeAccount(): Promise<Account> {
  const email = `administrator${++number}@example.com`;
  const [{ id }] = await system.db<{ id: number }[]>`
    insert into administrators (email, name, role, password_hash, created_at, updated_at)
    values (${email}, 'Name', 'owner', ${passwordHash}, now(), now())
    returning id`;
  return { id, email };
}

const signInWithPassword = ({ email }: Account, code: string | null = null) =>
  signIn(anonymous, { email, password: OLD, code, ...from });

/** The context of a new session of an administrator. */
async function openSession(account: Account): Promise<Context & { actor: AdministratorActor }> {
  const { token } = await signInWithPassword(account);
  return { ...ctx, actor: await getAdministratorActor(ctx, token) };
}

async function countLive({ id }: Account): Promise<number> {
  const [{ count }] = await system.db<{ count: number }[]>`
    select count(*) as count from administrator_sessions where administrator_id = ${id} and ended_at is null`;
  return count;
}

/** Each ending, the live sessions that it leaves, and the accounts: a password change computes a slow hash. */
const endings = [
  {
    name: "disabling the administrator",
    end: ({ id }: Account) => updateAdministrator(ctx, { id, changes: { isDisabled: true } }),
    leaves: 0,
    accounts: 50,
    callers: 2,
  },
  {
    name: "a password change",
    end: (_: Account, me: Context) => changePassword(me, { password: OLD, newPassword: NEW }),
    leaves: 1,
    accounts: 10,
    callers: 5,
  },
];

/** Runs something for many accounts at once, each with a session, and counts those with live sessions too many. */
async function assertNoLeaks(
  { accounts, leaves }: { accounts: number; leaves: number },
  run: (account: Account, me: Context) => Promise<unknown>,
): Promise<void> {
  const made = await times(accounts, makeAccount);
  const sessions = await Promise.all(made.map(openSession));
  await Promise.all(made.map((account, index) => run(account, sessions[index])));
  const live = await Promise.all(made.map(countLive));
  const leaked = live.filter((count) => count > leaves).length;
  assert.equal(leaked, 0, `${leaked} of ${accounts} accounts have a live session`);
}

/** The last owner cannot be disabled. */
await makeAccount();
const device = createAuthenticator(PUBLIC_URL);

/** Adds a passkey and returns what signs a new challenge by it. */
async function makePasskey(me: Context) {
  /** The last owner cannot be disabled. */
  await makeAccount();
  const device = createAuthenticator(PUBLIC_URL);
  const { challenge } = await startPasskeyRegistration(me, PUBLIC_URL);
  await addPasskey(me, { name: "Telephone", response: device.make(challenge) }, PUBLIC_URL);
  return async () => device.sign((await startPasskeySignIn(anonymous, PUBLIC_URL)).challenge);
}

for (const ending of endings) {
  const { name, end, callers } = ending;
  test(`no sign-in with the old password during ${name} leaves a live session`, () =>
    assertNoLeaks(
      ending,
      (account, me) =>
        createWhileEnding({
          create: () => signInWithPassword(account),
          end: () => end(account, me),
          callers,
        }),
    ));

  test(`no access token made during ${name} by another session lives`, () =>
    assertNoLeaks(ending, async (account, me) => {
      const other = await openSession(account);
      const create = () => createAccessToken(other, { name: "script", days: 1 });
      await createWhileEnding({ create, end: () => end(account, me), callers });
    }));

  test(`no credential is changed by a session that ended by ${name}`, async () => {
    const account = await makeAccount();
    const [me, other] = [await openSession(account), await openSession(account)];
    const { challenge } = await startPasskeyRegistration(other, PUBLIC_URL);
    const late = device.make(challenge);
    await end(account, me);
    const attempts = [
      () => createAccessToken(other, { name: "script", days: 1 }),
      () => startTotpSetup(other),
      () => createRecoveryCodes(other),
      () => addPasskey(other, { name: "Telephone", response: late }, PUBLIC_URL),
      () => changePassword(other, { password: NEW, newPassword: OLD }),
    ];
    assert.equal(await countSuccesses(attempts), 0);
  });
}

test("no passkey signs in to an administrator who is being disabled", () =>
  assertNoLeaks(endings[0], async ({ id }, me) => {
    const sign = await makePasskey(me);
    const create = async () => signInWithPasskey(anonymous, { response: await sign(), ...from }, PUBLIC_URL);
    const end = () => updateAdministrator(ctx, { id, changes: { isDisabled: true } });
    await createWhileEnding({ create, end, callers: 1 });
  }));

test("no passkey signs in that is being removed", async () => {
  const account = await makeAccount();
  const me = await openSession(account);
  const sign = await makePasskey(me);
  const [{ id }] = await listPasskeys(me);
  const create = async () => signInWithPasskey(anonymous, { response: await sign(), ...from }, PUBLIC_URL);
  await createWhileEnding({ create, end: () => removePasskey(me, id), callers: 5 });
  assert.equal(await countSuccesses([create]), 0);
});

test("a session that is ended while others are ended is ended once", async () => {
  await assertNoLeaks({ accounts: MANY, leaves: 1 }, async (account, me) => {
    const others = await times(3, () => openSession(account));
    await countSuccesses([
      () => endOtherSessions(me),
      ...others.map((other) => () => endSession(other, other.actor.session!.id)),
      () => endOtherSessions(me),
    ]);
  });
});

test(`${MANY} uses at once of a code, a recovery code and a passkey's answer are one use of each`, async () => {
  const account = await makeAccount();
  const me = await openSession(account);
  const sign = await makePasskey(me);
  const { secret } = await startTotpSetup(me);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const codeAt = (seconds: number) => totp.generate({ timestamp: ctx.now.getTime() + seconds * 1000 });
  const recovery = await confirmTotpSetup(me, codeAt(0));
  const many = (use: () => Promise<unknown>) => countSuccesses(Array.from({ length: MANY }, () => use));
  assert.equal(await many(() => signInWithPassword(account, codeAt(30))), 1);
  assert.equal(await many(() => signInWithPassword(account, recovery[0])), 1);
  const response = await sign();
  assert.equal(await many(() => signInWithPasskey(anonymous, { response, ...from }, PUBLIC_URL)), 1);
  assert.equal(await countLive(account), 4);
});

test("an invitation is accepted once, and not once it is revoked", async () => {
  const me = await openSession(await makeAccount());
  const invite = async (email: string) => {
    const { id } = await inviteAdministrator(me, { email, name: "New", role: "viewer" }, PUBLIC_URL);
    const { text } = (await claimMails(ctx, 50)).find(({ to }) => to === email)!;
    const token = text.match(/\/invitation\?token=([\w-]+)/)![1];
    return { id, accept: () => acceptInvitation(anonymous, { token, password: NEW, ...from }) };
  };
  const { accept } = await invite("once@example.com");
  assert.equal(await countSuccesses(Array.from({ length: 5 }, () => accept)), 1);
  const invitations = [];
  for (let n = 0; n < 5; n++) invitations.push(await invite(`invited${n}@example.com`));
  const outcomes = await Promise.all(invitations.map(({ id, accept }, n) => {
    const revoke = () => revokeInvitation(me, id);
    return countSuccesses(n % 2 ? [accept, revoke] : [revoke, accept]);
  }));
  assert.deepEqual(outcomes, [1, 1, 1, 1, 1]);
});

test("everything at once on a few accounts never waits in a circle", async () => {
  const accounts = await times(4, makeAccount);
  const sessions = await Promise.all(accounts.map(openSession));
  const work = (round: number) =>
    accounts.flatMap((account, index) => {
      const me = sessions[index];
      const other = accounts[(index + 1 + round) % accounts.length];
      return [
        () => signInWithPassword(account),
        () => createAccessToken(me, { name: "script", days: 1 }),
        () => createRecoveryCodes(me),
        () => endOtherSessions(me),
        () => startTotpSetup(me),
        () => updateAdministrator(me, { id: other.id, changes: { role: round % 2 ? "manager" : "owner" } }),
        () => updateAdministrator(ctx, { id: other.id, changes: { role: "owner", name: `Name ${round}` } }),
        async () => {
          const later = await system.ctx(new Date(ctx.now.getTime() + (round + 1) * 600_000));
          const { token } = await signInWithPassword(account);
          await getAdministratorActor(later, token);
        },
      ];
    });
  const rounds = await times(5, (round) => countSuccesses(work(round)));
  assert.ok(rounds.every((count) => count > 0));
});

test("the connections close", () => system.db.end());
