// Links of administrators: to create the first owner of an empty system, and to choose a new password by mail.
import assert from "node:assert/strict";
import {
  createFirstOwner,
  createSetupLink,
  isEmptySystem,
} from "../../server/domain/administrators/first_owner.ts";
import {
  deleteOldPasswordLinks,
  sendRequestedPasswordLinks,
  setPassword,
} from "../../server/domain/administrators/password_links.ts";
import { claimMails, listReadableMails } from "../../server/domain/mail/mail.ts";
import { makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { openPanel, refusalOf } from "../support/panel.ts";
import { codeOf, enableSecondFactor } from "../support/second_factor.ts";
import { startTestServer } from "../support/server.ts";
import { from, refused } from "../support/signed_in.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const other = await startTestServer({}, server);
const { account } = openPanel(server).client;
const NEW = "four green bottles";
const URL_OF_PANEL = "https://licenses.example.com";
const start = Date.now();
const later = (minutes: number) => server.ctx(new Date(start + minutes * 60_000));

async function setupToken(minutes = 0): Promise<string> {
  const link = await createSetupLink(await later(minutes), URL_OF_PANEL);
  return link!.url.match(/^https:\/\/licenses\.example\.com\/setup\?token=([\w-]{43})$/)![1];
}

const owner = (token: string) => ({ token, email: "first@example.com", name: "First Owner", password: NEW });

test("An empty system says so at the sign-in, and a setup link is valid for twelve hours", async () => {
  assert.deepEqual(
    await account.signInOptions.query({}).then(({ isEmpty, hasMail }) => ({ isEmpty, hasMail })),
    { isEmpty: true, hasMail: false },
  );
  const old = await setupToken(-13 * 60);
  const expired = await refusalOf(account.openSetup.mutate({ token: old }));
  assert.deepEqual([expired.httpStatus, expired.code, expired.details.reason], [
    404,
    "SETUP_INVALID",
    "expired",
  ]);
  const unknown = await refusalOf(account.createFirstOwner.mutate(owner("x".repeat(43))));
  assert.equal(unknown.details.reason, "unknown");
  await account.openSetup.mutate({ token: await setupToken() });
  const rows = await server.db`select to_jsonb(l)::text as row from administrator_setup_links l`;
  const token = await setupToken();
  assert.ok(rows.every(({ row }) => !row.includes(token)));
});

test("A password that is refused does not use the setup link up", async () => {
  const token = await setupToken();
  const weak = await refusalOf(
    account.createFirstOwner.mutate({ ...owner(token), password: "first.owner1" }),
  );
  assert.deepEqual([weak.code, weak.details.reason], ["INVALID_REQUEST", "password_of_account"]);
  await account.openSetup.mutate({ token });
});

test("50 uses at once of links of several processes create one owner, who is signed in", async () => {
  const tokens = [await setupToken(), await setupToken(), await setupToken()];
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => {
    const at = n % 2 === 0 ? server : other;
    return openPanel(at).client.account.createFirstOwner.mutate({
      ...owner(tokens[n % 3]),
      email: `first${n}@example.com`,
    });
  }));
  const [won, ...more] = outcomes.filter((outcome) => outcome.status === "fulfilled");
  assert.equal(more.length, 0);
  const { id, role } = won.value.administrator;
  assert.equal(role, "owner");
  const codes = outcomes.filter((outcome) => outcome.status === "rejected")
    .map(({ reason }) => `${reason.data.code} ${reason.data.details.reason}`);
  assert.deepEqual([...new Set(codes)], ["SETUP_INVALID done"]);
  assert.equal((await server.db`select 1 from administrators`).length, 1);
  assert.equal((await server.db`select 1 from administrator_setup_links`).length, 0);
  assert.equal(
    (await server.db`select 1 from administrator_sessions where administrator_id = ${id}`).length,
    1,
  );
  const events = await server.db`
    select type
    from events
    where subject_id = ${id} and type like 'administrator.%'
    order by id`;
  assert.deepEqual(events.map(({ type }) => type), ["administrator.created", "administrator.signed_in"]);
});

test("A system with an administrator prints no link and reveals nothing", async () => {
  assert.equal(await createSetupLink(await later(0), URL_OF_PANEL), null);
  assert.equal(await isEmptySystem(await later(0)), false);
  assert.equal((await account.signInOptions.query({})).isEmpty, false);
  const { details } = await refusalOf(account.openSetup.mutate({ token: "x".repeat(43) }));
  assert.equal(details.reason, "done");
  await server.db`update administrators set disabled_at = now()`;
  assert.equal(await createSetupLink(await later(0), URL_OF_PANEL), null, "a disabled one counts");
  await refused(createFirstOwner(await later(0), { ...owner("x"), ...from }), "SETUP_INVALID");
  const stranger = { ...await later(0), actor: { kind: "anonymous" } } as const;
  await refused(createSetupLink(stranger, URL_OF_PANEL), "FORBIDDEN");
});

/** Requests a link and reads its token from the mail; null when none was sent. */
async function passwordToken(email: string, minutes = 0): Promise<string | null> {
  await server.db`delete from mails`;
  await account.requestPasswordLink.mutate({ email });
  await server.db`update administrator_password_links set requested_at = ${(await later(minutes)).now}
    where processed_at is null`;
  await sendRequestedPasswordLinks(await later(minutes), URL_OF_PANEL);
  const [mail] = await listReadableMails(await later(0));
  return mail?.text.match(/https:\/\/licenses\.example\.com\/reset-password\?token=([0-9a-f]{64})/)?.[1] ??
    null;
}

test("Every request for a password link is answered alike; a mail goes to enabled administrators with a password", async () => {
  const known = await makeAdministrator(server, "manager");
  const disabled = await makeAdministrator(server, "manager");
  await server.db`update administrators set disabled_at = now() where id = ${disabled.id}`;
  const noPassword = await makeAdministrator(server, "manager");
  await server.db`update administrators set password_hash = null where id = ${noPassword.id}`;
  const addresses = [known.email.toUpperCase(), disabled.email, noPassword.email, "nobody@example.com", "x"];
  for (const email of addresses) {
    assert.equal(await account.requestPasswordLink.mutate({ email }), undefined);
  }
  await sendRequestedPasswordLinks(await later(0), URL_OF_PANEL);
  const mails = await claimMails(await later(0), 10);
  assert.deepEqual(mails.map(({ to }) => to), [known.email]);
});

test("A link changes the password once, ends all sessions and tokens, and tells the administrator", async () => {
  const who = await makeAdministrator(server, "manager");
  await who.post("/api/admin/account/tokens", { name: "script", days: 3 });
  const token = (await passwordToken(who.email))!;
  assert.deepEqual(await account.openPasswordLink.mutate({ token }), {
    email: who.email,
    name: who.email.replace(/(\D+)(\d+)@.*/, "$1 $2"),
  });
  const weak = await refusalOf(account.resetPassword.mutate({ token, password: "password123" }));
  assert.equal(weak.code, "INVALID_REQUEST");
  const outcomes = await Promise.allSettled(
    Array.from(
      { length: 50 },
      (_, n) =>
        openPanel(n % 2 === 0 ? server : other).client.account.resetPassword.mutate({ token, password: NEW }),
    ),
  );
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") assert.equal(outcome.reason.data.code, "PASSWORD_LINK_INVALID");
  }
  assert.equal((await who.get("/api/customers")).status, 401);
  const open = await server.db`
    select 1
    from administrator_sessions
    where administrator_id = ${who.id} and ended_at is null`;
  assert.equal(open.length, 0, "the reset signs in no one");
  assert.equal((await refusalOf(account.openPasswordLink.mutate({ token }))).code, "PASSWORD_LINK_INVALID");
  assert.equal(
    (await refusalOf(account.signIn.mutate({ email: who.email, password: PASSWORD }))).code,
    "SIGN_IN_FAILED",
  );
  await openPanel(server).client.account.signIn.mutate({ email: who.email, password: NEW });
  const told = await claimMails(await later(60), 10);
  assert.ok(told.some(({ to, subject }) => to === who.email && subject === "Your password was changed"));
  const [event] = await server.db`
    select after
    from events
    where subject_id = ${who.id} and type = 'administrator.password_changed'`;
  assert.deepEqual(event.after, { by: "link" });
});

test("A new password does not bypass the second factor", async () => {
  const who = await makeAdministrator(server, "owner");
  const { secret } = await enableSecondFactor(server, who);
  const token = (await passwordToken(who.email))!;
  await account.resetPassword.mutate({ token, password: NEW });
  const panel = openPanel(server).client.account;
  const missing = await refusalOf(panel.signIn.mutate({ email: who.email, password: NEW }));
  assert.equal(missing.code, "SECOND_FACTOR_REQUIRED");
  await panel.signIn.mutate({ email: who.email, password: NEW, code: codeOf(secret, "next") });
});

test("A link is void after an hour, when replaced, when the password changes, and when the account is disabled", async () => {
  const who = await makeAdministrator(server, "manager");
  const voided = async (token: string, why: string) =>
    assert.equal(
      (await refusalOf(account.resetPassword.mutate({ token, password: NEW }))).code,
      "PASSWORD_LINK_INVALID",
      why,
    );
  await voided((await passwordToken(who.email, -61))!, "an hour old");
  const replaced = (await passwordToken(who.email))!;
  const current = (await passwordToken(who.email))!;
  await voided(replaced, "replaced");
  const panel = openPanel(server, who.token).client.account;
  await panel.changePassword.mutate({ password: PASSWORD, newPassword: "eight small kettles" });
  await voided(current, "the password was changed");
  const last = (await passwordToken(who.email))!;
  await server.db`update administrators set disabled_at = now() where id = ${who.id}`;
  await voided(last, "disabled");
  await server.db`update administrators set disabled_at = null, password_hash = null where id = ${who.id}`;
  await voided(last, "signs in by the identity provider only");
  assert.ok(await deleteOldPasswordLinks(await later(8 * 24 * 60)) > 0);
});

test("Links are limited by network and by mailbox", async () => {
  const limited = await startTestServer({ RATE_LIMIT_AUTH: "3", TRUSTED_PROXIES: "127.0.0.1" }, server);
  const ask = async (address: string, email: string) => {
    const response = await fetch(`${limited.url}/trpc/account.requestPasswordLink`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": address },
      body: JSON.stringify({ email }),
    });
    await response.body?.cancel();
    return response.status;
  };
  const statuses = async (work: (n: number) => Promise<number>) => {
    const all = [];
    for (let n = 0; n < 5; n++) all.push(await work(n));
    return all;
  };
  const expected = [200, 200, 200, 429, 429];
  assert.deepEqual(await statuses((n) => ask("203.0.113.1", `n${n}@example.com`)), expected);
  assert.deepEqual(await statuses((n) => ask(`203.0.113.${10 + n}`, `box+${n}@example.com`)), expected);
  await limited.stop();
});

test("The operator sets a password from the command line, and no one else does", async () => {
  const who = await makeAdministrator(server, "manager");
  const ctx = await later(0);
  await setPassword(ctx, { email: who.email.toUpperCase(), password: NEW });
  assert.equal((await who.get("/api/customers")).status, 401);
  await openPanel(server).client.account.signIn.mutate({ email: who.email, password: NEW });
  await refused(setPassword(ctx, { email: "nobody@example.com", password: NEW }), "NOT_FOUND");
  await refused(setPassword(ctx, { email: who.email, password: "short" }), "INVALID_REQUEST");
  await server.db`update administrators set password_hash = null where id = ${who.id}`;
  await refused(setPassword(ctx, { email: who.email, password: NEW }), "CONFLICT");
  const stranger = { ...ctx, actor: { kind: "anonymous" } } as const;
  await refused(setPassword(stranger, { email: who.email, password: NEW }), "FORBIDDEN");
});

test("The servers stop", async () => {
  await other.stop();
  await server.stop();
});
