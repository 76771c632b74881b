// Passkeys in a browser with a virtual authenticator: adding, signing in, re-authenticating, removing.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { createTestSession, makeAdministrator } from "../support/administrators.ts";
import { startPanel } from "../support/panel_browser.ts";
import { expireAuthentication } from "../support/second_factor.ts";
import { eventually, test } from "../support/test.ts";

// Passkeys are bound to host and port, so both are chosen beforehand.
const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const { port } = probe.addr;
probe.close();
const url = `http://localhost:${port}`;
const panel = await startPanel({ PORT: String(port), PUBLIC_URL: url });
const { server } = panel;

/** Gives a page a virtual authenticator that verifies its user, or does not. */
async function giveAuthenticator(page: Page, isUserVerified = true): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
}

test("a passkey is added, lets one in, proves again who one is, and is removed", async () => {
  const who = await makeAdministrator(server, "owner");
  const { page, problems, check } = await panel.visit("/profile", { who, url });
  await giveAuthenticator(page);
  await page.getByRole("button", { name: "Add passkey" }).click();
  await page.getByLabel("Passkey name").fill("Desk computer");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Passkey Desk computer added.").waitFor();
  await page.getByText("Two-factor authentication is on: 1 passkey.").waitFor();
  await check();

  await page.getByRole("button", { name: /account menu$/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL("**/dashboard");
  await page.getByRole("button", { name: /account menu$/ }).waitFor();

  await page.goto("/profile");
  await expireAuthentication(server, who);
  await page.getByRole("button", { name: "Remove Desk computer" }).click();
  await page.getByLabel("Type Desk computer to confirm").fill("Desk computer");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm your identity" });
  await dialog.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByText("No passkeys yet.").waitFor();
  const events = await server.db`
    select type
    from events
    where type like 'administrator.passkey%'
    order by id`;
  assert.deepEqual(events.map(({ type }) => type), [
    "administrator.passkey_added",
    "administrator.passkey_removed",
  ]);
  assert.deepEqual(problems.filter((problem) => !/status of (401|403)/.test(problem)), []);
});

test("a session that ended goes on in place after a passkey", async () => {
  const who = await makeAdministrator(server, "owner");
  const { page } = await panel.visit("/profile", { who, url });
  await giveAuthenticator(page);
  await page.getByRole("button", { name: "Add passkey" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Two-factor authentication is on: 1 passkey.").waitFor();
  // After a reload, the page sends no further queries by itself.
  await page.reload();
  await page.getByText("This device").waitFor();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("Nightly export");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog", { name: "Your session has expired" });
  await dialog.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("dialog", { name: "Copy this token now" }).waitFor();
  const made = await eventually(async () =>
    (await server.db`
      select name
      from administrator_sessions
      where administrator_id = ${who.id} and kind = 'token'`)[0]
  );
  assert.equal(made.name, "Nightly export");
});

test("where second factors are demanded, a password session of who has a passkey alone is confirmed with it", async () => {
  const who = await makeAdministrator(server, "owner");
  const { page, check } = await panel.visit("/profile", { who, url });
  await giveAuthenticator(page);
  await page.getByRole("button", { name: "Add passkey" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Two-factor authentication is on: 1 passkey.").waitFor();
  await changeSetting(await server.ctx(), "requireSecondFactor", true);
  const { token } = await createTestSession(await server.ctx(), who.id);
  await page.context().addCookies([{ name: "latchkey_session", value: token, url }]);
  await page.goto("/customers");
  await page.getByRole("heading", { name: "Confirm two-factor authentication" }).waitFor();
  // There is no app whose code could be asked for.
  await page.getByLabel("Recovery code").waitFor();
  assert.equal(await page.getByText("authenticator app").count(), 0);
  await check();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
  await changeSetting(await server.ctx(), "requireSecondFactor", false);
});

test("a browser that gives no passkey leaves everything as it was", async () => {
  const { page, problems } = await panel.visit("/sign-in", { isSignedOut: true, url });
  await giveAuthenticator(page, false);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByText(/No passkey received/).waitFor();
  assert.deepEqual(problems.filter((problem) => !/status of 401/.test(problem)), []);
});

test("browser and server close", () => panel.stop());
