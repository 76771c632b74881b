// Second factors are what a session used, not what its account owns: recorded at sign-in, added by setting one up or
// using one, copied to access tokens, and asked for again at re-authentication.
import assert from "node:assert/strict";
import type { SecondFactor } from "../../server/domain/actor.ts";
import { createAccessToken } from "../../server/domain/administrators/access_tokens.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import {
  addPasskey,
  removePasskey,
  startPasskeyRegistration,
} from "../../server/domain/administrators/passkeys.ts";
import {
  reauthenticateWithPasskey,
  signInWithPasskey,
  startPasskeySignIn,
} from "../../server/domain/administrators/passkey_sign_in.ts";
import { reauthenticate } from "../../server/domain/administrators/reauthentication.ts";
import { createRecoveryCodes } from "../../server/domain/administrators/recovery_codes.ts";
import { getAdministratorActor } from "../../server/domain/administrators/session_actor.ts";
import { signIn } from "../../server/domain/administrators/sign_in.ts";
import {
  confirmTotpSetup,
  disableTotp,
  startTotpSetup,
} from "../../server/domain/administrators/totp_setup.ts";
import type { Context } from "../../server/domain/context.ts";
import { createAuthenticator } from "../support/authenticator.ts";
import { codeOf } from "../support/second_factor.ts";
import { createTestSystem } from "../support/system.ts";
import { test } from "../support/test.ts";

const system = await createTestSystem();
const URL = "https://licenses.example.com";
const PASSWORD = "correct horse battery";
const from = { browser: "tests", ip: null };
let number = 0;

const anonymous = async (): Promise<Context> => ({ ...await system.ctx(), actor: { kind: "anonymous" } });

/** The context of a session as it is now, with or without the requirement of a second factor. */
async function as(token: string, isRequired = true): Promise<Context> {
  const ctx = await system.ctx();
  return {
    ...ctx,
    actor: await getAdministratorActor(ctx, token),
    settings: { ...ctx.settings, requireSecondFactor: isRequired },
  };
}

async function factorOf(token: string): Promise<SecondFactor | null> {
  const { actor } = await as(token);
  return actor.kind === "administrator" ? actor.session!.secondFactor : null;
}

async function makeAdministrator() {
  const email = `factors${++number}@example.com`;
  await createAdministrator(await system.ctx(), {
    email,
    name: "Factors",
    role: "owner",
    password: PASSWORD,
  });
  const byPassword = async (code: string | null = null) =>
    (await signIn(await anonymous(), { email, password: PASSWORD, code, ...from })).token;
  return { byPassword, token: await byPassword() };
}

async function addAuthenticatorApp(token: string) {
  const { secret } = await startTotpSetup(await as(token));
  return { secret, recovery: await confirmTotpSetup(await as(token), codeOf(secret)) };
}

async function addDevice(token: string) {
  const device = createAuthenticator(URL);
  const { challenge } = await startPasskeyRegistration(await as(token), URL);
  const { id } = await addPasskey(await as(token), { name: "Device", response: device.make(challenge) }, URL);
  const sign = async (ctx: Context) => device.sign((await startPasskeySignIn(ctx, URL)).challenge);
  return { id, sign };
}

const refused = (work: Promise<unknown>, code: string) => assert.rejects(work, { code });

test("An authenticator app that is set up is a factor of this session, and of no other", async () => {
  const { token, byPassword } = await makeAdministrator();
  const other = await byPassword();
  assert.equal(await factorOf(token), null);
  const { secret, recovery } = await addAuthenticatorApp(token);
  assert.equal(await factorOf(token), "totp");
  assert.equal(await factorOf(other), null);
  await refused(
    reauthenticate(await as(other), { password: PASSWORD, code: null }),
    "SECOND_FACTOR_REQUIRED",
  );
  await reauthenticate(await as(other), { password: PASSWORD, code: codeOf(secret, "next") });
  assert.equal(await factorOf(other), "totp");
  assert.equal(await factorOf(await byPassword(recovery[0])), "recovery_code");
});

test("A passkey is both factors, when it is added, signs in or re-authenticates", async () => {
  const { token, byPassword } = await makeAdministrator();
  const other = await byPassword();
  const { sign } = await addDevice(token);
  assert.equal(await factorOf(token), "passkey");
  const ctx = await anonymous();
  const signedIn = await signInWithPasskey(ctx, { response: await sign(ctx), ...from }, URL);
  assert.equal(await factorOf(signedIn.token), "passkey");
  assert.equal(await factorOf(other), null);
  await reauthenticateWithPasskey(await as(other), await sign(await as(other)), URL);
  assert.equal(await factorOf(other), "passkey");
});

test("A password alone adds no factor to an account that owns one, where one is required", async () => {
  const { token, byPassword } = await makeAdministrator();
  await startTotpSetup(await as(token));
  const stolen = await byPassword();
  const prepared = await startTotpSetup(await as(stolen));
  await addDevice(token);
  const missing = "SECOND_FACTOR_MISSING";
  await refused(startTotpSetup(await as(stolen)), missing);
  await refused(confirmTotpSetup(await as(stolen), codeOf(prepared.secret)), missing);
  await refused(startPasskeyRegistration(await as(stolen), URL), missing);
  assert.equal(await factorOf(stolen), null);
  // Where none is required the password alone does everything anyway.
  await startPasskeyRegistration(await as(stolen, false), URL);
});

test("Re-authentication wants the second factor where the session has one", async () => {
  const { token, byPassword } = await makeAdministrator();
  const { id, sign } = await addDevice(token);
  const codes = await createRecoveryCodes(await as(token));
  const password = { password: PASSWORD, code: null };
  await refused(reauthenticate(await as(token), password), "SECOND_FACTOR_REQUIRED");
  await refused(
    reauthenticate(await as(token), { password: PASSWORD, code: "123456" }),
    "SECOND_FACTOR_REQUIRED",
  );
  await reauthenticate(await as(token), { password: PASSWORD, code: codes[0] });
  await reauthenticateWithPasskey(await as(token), await sign(await as(token)), URL);
  // Without the device, a recovery code signs in beside the password.
  assert.equal(await factorOf(await byPassword(codes[1])), "recovery_code");
  await refused(byPassword(codes[1]), "SECOND_FACTOR_REQUIRED");
  // Once the account owns no factor, the password is all there is.
  await removePasskey(await as(token, false), id);
  await reauthenticate(await as(token, false), password);
});

test("Recovery codes have 150 random bits, and codes of 80 bits that were made before still sign in", async () => {
  const { token, byPassword } = await makeAdministrator();
  await addDevice(token);
  const codes = await createRecoveryCodes(await as(token));
  assert.equal(codes.length, 10);
  for (const code of codes) assert.match(code, /^[0-9a-hjkmnp-tv-z]{5}(-[0-9a-hjkmnp-tv-z]{5}){5}$/);
  assert.equal(new Set(codes.flatMap((code) => code.split("-"))).size > 55, true);
  const made = ["0123a-4567b-89abc-def01", "fedcb-a9876-54321-0fedc"];
  await system.db`
    insert into administrator_recovery_codes (administrator_id, code_hash)
    select administrator_id, sha256(code::bytea)
    from (select distinct administrator_id from administrator_recovery_codes where code_hash = sha256(${
    codes[0]
  }::bytea)),
      unnest(${made}::text[]) as code`;
  assert.equal(await factorOf(await byPassword(made[0])), "recovery_code");
  await refused(byPassword(made[0]), "SECOND_FACTOR_REQUIRED");
  await reauthenticate(await as(token), { password: PASSWORD, code: made[1].toUpperCase() });
  assert.equal(await factorOf(await byPassword(` ${codes[3].toUpperCase()} `)), "recovery_code");
});

test("The last factor stays while one is required, also when two are removed at once", async () => {
  const { token } = await makeAdministrator();
  await addAuthenticatorApp(token);
  await refused(disableTotp(await as(token)), "CONFLICT");
  const { id } = await addDevice(token);
  const results = await Promise.allSettled([
    disableTotp(await as(token)),
    removePasskey(await as(token), id),
  ]);
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  const { id: spare } = await addDevice(token);
  await removePasskey(await as(token), spare);
});

test("An access token keeps the factors of its session", async () => {
  const { token } = await makeAdministrator();
  const before = await createAccessToken(await as(token, false), { name: "before", days: 1 });
  await addAuthenticatorApp(token);
  const after = await createAccessToken(await as(token), { name: "after", days: 1 });
  assert.equal(await factorOf(before.token), null);
  assert.equal(await factorOf(after.token), "totp");
  await refused(
    reauthenticate(await as(before.token), { password: PASSWORD, code: null }),
    "SECOND_FACTOR_REQUIRED",
  );
  assert.equal(await factorOf(before.token), null);
});

test("The database closes", () => system.db.end());
