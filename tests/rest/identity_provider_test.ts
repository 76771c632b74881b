// Signing in with a real OpenID Connect provider, over HTTP with redirects and cookies: who gets in, as whom, with which role.
import assert from "node:assert/strict";
import { freePort } from "../../db/embedded/free_port.ts";
import { makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { createBrowser } from "../support/identity_provider.ts";
import { openPanel, refusalOf } from "../support/panel.ts";
import { startProviderSystem } from "../support/provider_system.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const system = await startProviderSystem();
const { PUBLIC_URL, provider, policy, server, start, signIn, add } = system;
const boss = await makeAdministrator(server, "owner");

async function findRow(email: string) {
  const [row] = await server.db`
    select id, role, name, password_hash, disabled_at
    from administrators
    where email = ${email}`;
  return row;
}

test("A first sign-in creates an administrator with the role of the claim and without a password", async () => {
  add("ada", ["staff", "sales"]);
  const { path, client } = await signIn({ as: "ada" }, { returnTo: "/customers?q=blue" });
  assert.equal(path, "/customers?q=blue");
  const me = await client.account.me.query();
  assert.deepEqual(
    [me.email, me.name, me.role, me.hasPassword, me.hasIdentity, me.firstFactor, me.secondFactor],
    ["ada@acme.example", "Person ada", "manager", false, true, "identity_provider", null],
  );
  const events = await server.db`select type from events where subject_id = ${me.id}
    and type like 'administrator.%' order by id`;
  assert.deepEqual(events.map(({ type }) => type), [
    "administrator.created",
    "administrator.identity_linked",
    "administrator.signed_in",
  ]);
  const wrong = await refusalOf(client.account.signIn.mutate({ email: me.email, password: PASSWORD }));
  assert.equal(wrong.code, "SIGN_IN_FAILED");
});

test("The role follows the claim at each sign-in, and open sessions have it at once", async () => {
  add("rita", ["license-owners"]);
  const first = await signIn({ as: "rita" });
  assert.equal((await first.client.account.me.query()).role, "owner");
  add("rita", ["support"]);
  const second = await signIn({ as: "rita" });
  assert.equal((await second.client.account.me.query()).role, "viewer");
  assert.equal((await first.client.account.me.query()).role, "viewer");
});

test("Without a matching value no one gets in, and what was open ends", async () => {
  add("max", ["staff"]);
  const { client } = await signIn({ as: "max" });
  const { id } = await client.account.me.query();
  await client.account.createToken.mutate({ name: "script", days: 3 });
  add("max", ["other"]);
  const again = await signIn({ as: "max" });
  assert.deepEqual([again.path, again.token], ["/sign-in?problem=no_role", undefined]);
  assert.equal((await refusalOf(client.account.me.query())).code, "SIGN_IN_REQUIRED");
  const open = await server.db`
    select 1
    from administrator_sessions
    where administrator_id = ${id} and ended_at is null`;
  assert.equal(open.length, 0, "tokens end as well");
  add("stranger", []);
  assert.equal((await signIn({ as: "stranger" })).path, "/sign-in?problem=no_role");
  assert.equal(await findRow("stranger@acme.example"), undefined);
});

test("A verified address links an existing administrator once; after that issuer and subject count alone", async () => {
  const who = await makeAdministrator(server, "manager");
  add("known", ["sales"], { email: who.email.toUpperCase() });
  const { client } = await signIn({ as: "known" });
  assert.equal((await client.account.me.query()).id, who.id);
  const [mail] = await server.db`select subject from mails where recipient = ${who.email}`;
  assert.equal(mail.subject, "You can sign in with Acme ID");
  add("known", ["sales"], { email: boss.email });
  assert.equal((await (await signIn({ as: "known" })).client.account.me.query()).id, who.id);
  add("taker", ["license-owners"], { email: who.email });
  assert.equal((await signIn({ as: "taker" })).path, "/sign-in?problem=linked_to_another");

  const owner = openPanel(server, boss.token).client;
  await owner.administrators.unlinkIdentities.mutate({ id: who.id });
  assert.equal((await refusalOf(client.account.me.query())).code, "SIGN_IN_REQUIRED");
  assert.equal((await (await signIn({ as: "taker" })).client.account.me.query()).id, who.id);
  await server.db`update administrators set role = 'manager' where id = ${who.id}`;
});

test("An address that is not verified takes over no account and creates none", async () => {
  const who = await makeAdministrator(server, "owner");
  for (const more of [{ email_verified: false }, { email_verified: undefined }, { email_verified: "true" }]) {
    add("attacker", ["license-owners"], { email: who.email, ...more });
    const { path, token } = await signIn({ as: "attacker" });
    assert.deepEqual([path, token], ["/sign-in?problem=email_not_verified", undefined]);
    add("attacker", ["license-owners"], more);
    assert.equal((await signIn({ as: "attacker" })).path, "/sign-in?problem=email_not_verified");
  }
  add("attacker", ["license-owners"], { email: undefined });
  assert.equal((await signIn({ as: "attacker" })).path, "/sign-in?problem=email_not_verified");
  assert.equal(await findRow("attacker@acme.example"), undefined);
});

test("Without creation only administrators who are there get in; a disabled one does not", async () => {
  const strict = { ...policy, OIDC_CREATE_ADMINISTRATORS: "false" };
  const own = freePort();
  // Its answers come back to the first server's address, which shares the database.
  const other = await startTestServer({ ...strict, PORT: String(own), PUBLIC_URL }, server);
  add("new", ["staff"]);
  provider.login = { as: "new" };
  const browser = createBrowser();
  const back = await browser.follow(
    await start(browser, undefined, other.url),
    (url) => url.origin === PUBLIC_URL,
  );
  browser.cookies.set(
    `${other.url} latchkey_provider`,
    browser.cookies.get(`${other.url} latchkey_provider`)!,
  );
  const end = await browser.follow(
    other.url + back.pathname + back.search,
    (url) => url.pathname === "/sign-in",
  );
  assert.equal(end.search, "?problem=unknown");
  await other.stop();

  const who = await makeAdministrator(server, "viewer");
  add("gone", ["staff"], { email: who.email });
  await server.db`update administrators set disabled_at = now() where id = ${who.id}`;
  assert.equal((await signIn({ as: "gone" })).path, "/sign-in?problem=disabled");
});

test("20 first sign-ins at once create one administrator", async () => {
  add("many", ["staff"]);
  const ends = await Promise.all(Array.from({ length: 20 }, () => signIn({ as: "many" })));
  assert.deepEqual([...new Set(ends.map(({ path }) => path))], ["/dashboard"]);
  const rows = await server.db`select 1 from administrators where email = 'many@acme.example'`;
  assert.equal(rows.length, 1);
});

test("The last owner keeps the role: the sign-in is refused with a sentence", async () => {
  const others = await server.db`
    update administrators set disabled_at = now() where role = 'owner' returning id`;
  add("last", ["license-owners"]);
  const { client } = await signIn({ as: "last" });
  add("last", ["staff"]);
  assert.equal((await signIn({ as: "last" })).path, "/sign-in?problem=last_owner");
  assert.equal((await client.account.me.query()).role, "owner");
  await server.db`update administrators set disabled_at = null where id = any(${others.map(({ id }) => id)})`;
});

test("Server and provider stop", () => system.stop());
