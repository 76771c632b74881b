// Administrators: sign-in, second factors, passkeys, sessions, re-authentication, and the last owner.
import assert from "node:assert/strict";
import { Secret, TOTP } from "otpauth";
import { getAdministratorActor } from "../../server/domain/administrators/session_actor.ts";
import { updateAdministrator } from "../../server/domain/administrators/update.ts";
import { addPasskey } from "../../server/domain/administrators/passkeys.ts";
import { startPasskeyRegistration } from "../../server/domain/administrators/passkeys.ts";
import {
  reauthenticateWithPasskey,
  signInWithPasskey,
  startPasskeySignIn,
} from "../../server/domain/administrators/passkey_sign_in.ts";
import { confirmTotpSetup, startTotpSetup } from "../../server/domain/administrators/totp_setup.ts";
import { createRecoveryCodes } from "../../server/domain/administrators/recovery_codes.ts";
import { endOtherSessions, listSessions } from "../../server/domain/administrators/sessions.ts";
import { createAccessToken } from "../../server/domain/administrators/access_tokens.ts";
import { signIn } from "../../server/domain/administrators/sign_in.ts";
import { changePassword } from "../../server/domain/administrators/change_password.ts";
import { reauthenticate } from "../../server/domain/administrators/reauthentication.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import type { Context } from "../../server/domain/context.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { createAuthenticator } from "../support/authenticator.ts";
import { PASSWORD } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { createSignedIn, from, refused } from "../support/signed_in.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const { start, later, anonymous, signedIn } = createSignedIn(server);
const PUBLIC_URL = "https://licenses.example.com";
const MINUTE = 60_000;

test("An unknown address and a wrong password are refused with the same error", async () => {
  const { email } = await signedIn("viewer");
  const ctx = await anonymous();
  const wrong = await signIn(ctx, { email, password: "wrong", code: null, ...from }).catch((error) => error);
  const unknown = await signIn(ctx, { email: "unknown@example.com", password: PASSWORD, code: null, ...from })
    .catch((error) => error);
  assert.deepEqual([wrong.code, wrong.message, wrong.status], [
    unknown.code,
    unknown.message,
    unknown.status,
  ]);
  assert.equal(wrong.code, "SIGN_IN_FAILED");
});

test("Passwords and tokens are stored as hashes only", async () => {
  const { token } = await signedIn("viewer");
  const rows = await server.db`
    select a::text || s::text as row
    from administrators a
    join administrator_sessions s on s.administrator_id = a.id`;
  const text = rows.map(({ row }) => row).join("\n");
  assert.ok(!text.includes(PASSWORD) && !text.includes(token) && text.includes("$argon2id$"));
});

test("A code of the authenticator app is accepted once, also for fifty concurrent requests", async () => {
  const { email, ctx } = await signedIn("manager");
  const { secret } = await startTotpSetup(ctx);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const codeAt = (minutes: number) => totp.generate({ timestamp: start.getTime() + minutes * MINUTE });
  await refused(confirmTotpSetup(ctx, "000000"), "SECOND_FACTOR_REQUIRED");
  const recovery = await confirmTotpSetup(ctx, codeAt(0));
  assert.equal(recovery.length, 10);

  const later5 = await anonymous(5);
  await refused(signIn(later5, { email, password: PASSWORD, code: null, ...from }), "SECOND_FACTOR_REQUIRED");
  await refused(signIn(later5, { email, password: "wrong", code: codeAt(5), ...from }), "SIGN_IN_FAILED");
  const race = (code: string) =>
    Promise.allSettled(
      Array.from({ length: 50 }, () => signIn(later5, { email, password: PASSWORD, code, ...from })),
    ).then((results) => results.filter(({ status }) => status === "fulfilled").length);
  assert.equal(await race(codeAt(5)), 1);
  assert.equal(await race(recovery[0]), 1);
  assert.equal(await race(recovery[0]), 0);
});

test("A passkey signs in without a password; a challenge is valid once, for this site and for five minutes", async () => {
  const me = await signedIn("owner");
  const device = createAuthenticator(PUBLIC_URL);
  const options = await startPasskeyRegistration(me.ctx, PUBLIC_URL);
  await refused(
    addPasskey(
      me.ctx,
      { name: "Telephone", response: device.make(options.challenge, "https://evil.example") },
      PUBLIC_URL,
    ),
    "PASSKEY_INVALID",
  );
  const again = await startPasskeyRegistration(me.ctx, PUBLIC_URL);
  const passkey = await addPasskey(
    me.ctx,
    { name: "Telephone", response: device.make(again.challenge) },
    PUBLIC_URL,
  );
  assert.equal(passkey.name, "Telephone");

  const ctx = await anonymous();
  const challenge = async () => (await startPasskeySignIn(ctx, PUBLIC_URL)).challenge;
  const first = device.sign(await challenge());
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => signInWithPasskey(ctx, { response: first, ...from }, PUBLIC_URL)),
  );
  const accepted = results.filter((result) => result.status === "fulfilled");
  assert.equal(accepted.length, 1);
  assert.equal(accepted[0].value.administrator.id, me.id);
  const old = device.sign(await challenge());
  await refused(
    async () => signInWithPasskey(await anonymous(6), { response: old, ...from }, PUBLIC_URL),
    "PASSKEY_INVALID",
  );
  const foreign = device.sign(await challenge(), "https://evil.example");
  await refused(signInWithPasskey(ctx, { response: foreign, ...from }, PUBLIC_URL), "PASSKEY_INVALID");
});

test("A passkey re-authenticates its owner and no other administrator", async () => {
  const me = await signedIn("owner");
  const other = await signedIn("viewer");
  const device = createAuthenticator(PUBLIC_URL);
  const options = await startPasskeyRegistration(me.ctx, PUBLIC_URL);
  const passkey = { name: "Telephone", response: device.make(options.challenge) };
  await addPasskey(me.ctx, passkey, PUBLIC_URL);
  const sign = async (ctx: Context) => device.sign((await startPasskeySignIn(ctx, PUBLIC_URL)).challenge);
  const theirs = await other.at(16);
  await refused(reauthenticateWithPasskey(theirs, await sign(theirs), PUBLIC_URL), "PASSKEY_INVALID");
  await refused(startPasskeyRegistration(await other.at(17), PUBLIC_URL), "REAUTHENTICATION_REQUIRED");
  const stale = await me.at(16);
  await refused(createRecoveryCodes(stale), "REAUTHENTICATION_REQUIRED");
  const signed = await sign(stale);
  await reauthenticateWithPasskey(stale, signed, PUBLIC_URL);
  await createRecoveryCodes(await me.at(17));
  await refused(reauthenticateWithPasskey(stale, signed, PUBLIC_URL), "PASSKEY_INVALID");
});

test("Sensitive actions require re-authentication after 15 minutes and refuse API tokens", async () => {
  const me = await signedIn("owner");
  await createApiKey(me.ctx, { name: "fresh", productId: null });
  const stale = await me.at(16);
  await refused(createApiKey(stale, { name: "stale", productId: null }), "REAUTHENTICATION_REQUIRED");
  await refused(reauthenticate(stale, { password: "wrong", code: null }), "SIGN_IN_FAILED");
  await reauthenticate(stale, { password: PASSWORD, code: null });
  await createApiKey(await me.at(17), { name: "proved", productId: null });
  const { token } = await createAccessToken(await me.at(17), { name: "script", days: 30 });
  const ctx = await later(17);
  const script = { ...ctx, actor: await getAdministratorActor(ctx, token) };
  await listCustomers(script, {});
  await refused(createApiKey(script, { name: "by script", productId: null }), "REAUTHENTICATION_REQUIRED");
});

test("A changed password ends all other sessions; sessions can be ended from another one", async () => {
  const me = await signedIn("manager");
  const other = await signIn(await anonymous(), { email: me.email, password: PASSWORD, code: null, ...from });
  assert.equal((await listSessions(me.ctx)).length, 2);
  await changePassword(me.ctx, { password: PASSWORD, newPassword: "another good one" });
  await refused(getAdministratorActor(me.ctx, other.token), "SIGN_IN_REQUIRED");
  assert.deepEqual((await listSessions(me.ctx)).map(({ isThis }) => isThis), [true]);
  await signIn(await anonymous(), { email: me.email, password: "another good one", code: null, ...from });
  assert.equal(await endOtherSessions(me.ctx), 1);
});

test("A session that is not used for three days has ended; one that is used lasts 14; an API token has no such limit", async () => {
  const DAY = 24 * 60;
  const me = await signedIn("viewer");
  const { token } = await createAccessToken(me.ctx, { name: "script", days: 30 });
  for (const days of [2.9, 5.8, 8.7, 11.6, 13.9]) await me.at(days * DAY);
  await refused(me.at(14 * DAY + 1), "SIGN_IN_REQUIRED");
  await getAdministratorActor(await later(29 * DAY), token);

  const idle = await signedIn("viewer");
  await refused(idle.at(3 * DAY + 1), "SIGN_IN_REQUIRED");
  const { token: other } = await signIn(await anonymous(3 * DAY + 1), {
    ...{ email: idle.email, password: PASSWORD, code: null },
    ...from,
  });
  const ctx = await later(3 * DAY + 2);
  const sessions = await listSessions({ ...ctx, actor: await getAdministratorActor(ctx, other) });
  assert.equal(sessions.length, 1, "the idle one is not listed");
});

test("When the last two owners disable each other concurrently, one remains", async () => {
  await server.db`update administrators set role = 'viewer'`;
  const [one, two] = [await signedIn("owner"), await signedIn("owner")];
  const results = await Promise.allSettled([
    updateAdministrator(one.ctx, { id: two.id, changes: { isDisabled: true } }),
    updateAdministrator(two.ctx, { id: one.id, changes: { role: "viewer" } }),
  ]);
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  const [{ count }] = await server.db`
    select count(*) as count from administrators where role = 'owner' and disabled_at is null`;
  assert.equal(Number(count), 1);
});

test("When a second factor is required, administrators without one can only enable it", async () => {
  const system = await later(0);
  await changeSetting(system, "requireSecondFactor", true);
  const me = await signedIn("manager");
  const strict = { ...me.ctx, settings: { ...me.ctx.settings, requireSecondFactor: true } };
  await refused(listCustomers(strict, {}), "SECOND_FACTOR_MISSING");
  const { secret } = await startTotpSetup(strict);
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: start.getTime() });
  await confirmTotpSetup(strict, code);
  const ctx = await me.at(0);
  await listCustomers({ ...ctx, settings: strict.settings }, {});
});

test("The server stops without an error", () => server.stop());
