// Sessions that an identity provider has opened: second factors, re-authentication, signing out, a provider that does not
// answer, and one that is required.
import assert from "node:assert/strict";
import type { Role } from "../../server/domain/actor.ts";
import { makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { createBrowser } from "../support/identity_provider.ts";
import { openPanel, refusalOf } from "../support/panel.ts";
import { startProviderSystem } from "../support/provider_system.ts";
import { codeOf, enableSecondFactor, expireAuthentication } from "../support/second_factor.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const system = await startProviderSystem();
const { PUBLIC_URL, provider, policy, server, isHere, start, signIn, add } = system;
const boss = await makeAdministrator(server, "owner");

test("The provider's second factor counts where the configuration trusts it, else the account's own is asked for", async () => {
  add("two", ["staff"]);
  const trusted = await signIn({ as: "two", amr: ["pwd", "mfa"] });
  assert.equal((await trusted.client.account.me.query()).secondFactor, "identity_provider");
  const untrusted = await signIn({ as: "two", amr: ["pwd"] });
  assert.equal((await untrusted.client.account.me.query()).secondFactor, null);

  const who = await makeAdministrator(server, "manager");
  const { secret, recovery } = await enableSecondFactor(server, who);
  add("own", ["sales"], { email: who.email });
  const pending = await signIn({ as: "own" }, { returnTo: "/licenses" });
  assert.deepEqual([pending.path, pending.token], ["/sign-in?step=code", undefined]);
  const linked = () => server.db`select 1 from administrator_identities where administrator_id = ${who.id}`;
  assert.equal((await linked()).length, 0, "linked once the code is right");
  const send = (code: string) =>
    pending.browser.visit(`${PUBLIC_URL}/trpc/account.completeProviderSignIn`, {
      method: "POST",
      headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
      body: JSON.stringify({ code }),
    });
  assert.equal((await send("000000")).status, 401);
  const stranger = createBrowser();
  assert.equal(
    (await refusalOf(openPanel(server).client.account.completeProviderSignIn.mutate({ code: recovery[0] })))
      .details.reason,
    "not_started_here",
  );
  assert.equal(stranger.cookies.size, 0);
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, n) => send(n % 2 === 0 ? codeOf(secret, "next") : recovery[n % 10])),
  );
  assert.equal(outcomes.filter(({ status }) => status === 200).length, 1);
  assert.equal((await linked()).length, 1);
  const complete = await signIn({ as: "own", acr: "phr" });
  assert.equal((await complete.client.account.me.query()).secondFactor, "identity_provider");
});

test("Re-authentication asks for the credential again, and checks that the provider did", async () => {
  add("re", ["license-owners"]);
  const { client, browser, token } = await signIn({ as: "re" });
  const { id } = await client.account.me.query();
  // Another person at the provider first signs out there.
  const forgetProvider = () => {
    for (const name of browser.cookies.keys()) {
      if (name.startsWith(provider.issuer)) browser.cookies.delete(name);
    }
  };
  const sensitive = () => client.apiKeys.create.mutate({ name: "x", productId: null });
  await sensitive();
  await expireAuthentication(server, { id } as never);
  server.server.services.cache.invalidateAll();
  assert.equal((await refusalOf(sensitive())).code, "REAUTHENTICATION_REQUIRED");
  const again = async () => {
    const response = await browser.visit(`${PUBLIC_URL}/trpc/account.startProviderReauthentication`, {
      method: "POST",
      headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
      body: JSON.stringify({ returnTo: "/sign-in/confirmed" }),
    });
    const { result: { data: { url } } } = await response.json();
    assert.match(url, /prompt=login/);
    return (await browser.follow(url, isHere)).href.slice(PUBLIC_URL.length);
  };
  provider.login = { as: "re", at: Math.floor(Date.now() / 1000) - 600 };
  assert.equal(await again(), "/sign-in?problem=not_asked_again");
  assert.equal((await refusalOf(sensitive())).code, "REAUTHENTICATION_REQUIRED");
  add("else", ["license-owners"]);
  await signIn({ as: "else" });
  provider.login = { as: "else" };
  forgetProvider();
  assert.equal(await again(), "/sign-in?problem=another_person");
  forgetProvider();
  const before = provider.asked();
  provider.login = { as: "re" };
  assert.equal(await again(), "/sign-in/confirmed");
  assert.equal(provider.asked(), before + 1);
  await sensitive();
  assert.equal(browser.cookies.get(`${PUBLIC_URL} latchkey_session`), token, "the session stays");
});

test("An old session at the provider is no recent authentication", async () => {
  add("old", ["license-owners"]);
  const { client } = await signIn({ as: "old", at: Math.floor(Date.now() / 1000) - 3600 });
  const refused = await refusalOf(client.apiKeys.create.mutate({ name: "x", productId: null }));
  assert.equal(refused.code, "REAUTHENTICATION_REQUIRED");
});

test("Signing out ends the session and leads to the provider's own sign-out", async () => {
  add("out", ["staff"]);
  const { client, browser } = await signIn({ as: "out" });
  const { url } = await client.account.signOut.mutate();
  assert.equal((await refusalOf(client.account.me.query())).code, "SIGN_IN_REQUIRED");
  const page = await browser.visit(url!);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /Sign out there/);
  const query = new URL(url!).searchParams;
  assert.equal(query.get("post_logout_redirect_uri"), `${PUBLIC_URL}/sign-in`);
  assert.match(query.get("id_token_hint")!, /^ey/);
  const { token } = await makeAdministrator(server, "viewer");
  assert.equal((await openPanel(server, token).client.account.signOut.mutate()).url, null);
});

test("A sign-in that is cancelled, or whose provider does not answer, says so", async () => {
  assert.equal((await signIn({ as: "x", isRefused: true })).path, "/sign-in?problem=denied");
  const { client } = openPanel(server);
  const text = await client.account.signInOptions.query({ problem: "denied" });
  assert.match(text.problem!, /denied the sign-in/);
  assert.equal((await client.account.signInOptions.query({ problem: "made up" })).problem, null);
  assert.deepEqual(text.provider, { name: "Acme ID", isRequired: false });

  const browser = createBrowser();
  provider.login = { as: "ada" };
  const back = await browser.follow(await start(browser), (url) => url.origin === PUBLIC_URL);
  await provider.stop();
  const end = await browser.follow(back.href, isHere);
  assert.equal(end.search, "?problem=unavailable");
  const cold = await startTestServer({ ...policy, PUBLIC_URL }, server);
  const refused = await cold.post("/api/admin/login/provider", {}, { "x-api-key": null });
  assert.deepEqual([refused.status, refused.body.error.code], [503, "IDENTITY_PROVIDER_UNAVAILABLE"]);
  assert.ok(Number(refused.headers.get("retry-after")) > 0);
  assert.equal((await cold.get("/health")).status, 200);
  const login = { email: "nobody@acme.example", password: "x" };
  assert.equal((await cold.post("/api/admin/login", login, { "x-api-key": null })).status, 401);
  await provider.start();
  assert.equal((await cold.post("/api/admin/login/provider", {}, { "x-api-key": null })).status, 200);
  await cold.stop();
});

test("While the provider is required, passwords and passkeys open no session but of the break-glass owner", async () => {
  const who = await makeAdministrator(server, "manager");
  const required = await startTestServer(
    { ...policy, OIDC_REQUIRED: "true", OIDC_BREAK_GLASS: boss.email.toUpperCase() },
    server,
  );
  const { account } = openPanel(required).client;
  assert.deepEqual((await account.signInOptions.query({})).provider, { name: "Acme ID", isRequired: true });
  const wrong = await refusalOf(account.signIn.mutate({ email: who.email, password: PASSWORD }));
  assert.equal(wrong.code, "SIGN_IN_FAILED");
  assert.equal(
    (await required.post("/api/admin/login", { email: who.email, password: PASSWORD })).status,
    401,
  );
  await account.requestPasswordLink.mutate({ email: who.email });
  const waiting = await server.db`select 1 from administrator_password_links where processed_at is null`;
  assert.equal(waiting.length, 0);
  await account.signIn.mutate({ email: boss.email, password: PASSWORD });
  const owner = openPanel(required, boss.token).client;
  const invited = { email: "invited@acme.example", name: "Invited", role: "viewer" as Role };
  await owner.administrators.invite.mutate(invited);
  const [invitation] = await server.db`
    update administrator_invitations
    set token_hash = sha256('token'::bytea)
    where email = ${invited.email}
    returning id`;
  assert.ok(invitation);
  const refused = await refusalOf(account.acceptInvitation.mutate({ token: "token", password: PASSWORD }));
  assert.equal(refused.code, "IDENTITY_PROVIDER_REQUIRED");
  const { provider: state } = await owner.settings.identityProvider.query();
  assert.deepEqual([state!.isRequired, state!.breakGlass, state!.problem], [
    true,
    boss.email.toUpperCase(),
    null,
  ]);
  await required.stop();
});

test("Server and provider stop", () => system.stop());
