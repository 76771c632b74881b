// Signing in with an identity provider in a real browser: the button, errors in words, the own second factor, confirming a
// sensitive action in a second window, and signing out there.
import { freePort } from "../../db/embedded/free_port.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startIdentityProvider } from "../support/identity_provider.ts";
import { startPanel } from "../support/panel_browser.ts";
import { codeOf, enableSecondFactor, expireAuthentication } from "../support/second_factor.ts";
import { eventually, test } from "../support/test.ts";

const port = freePort();
const PUBLIC_URL = `http://127.0.0.1:${port}`;
const provider = await startIdentityProvider(PUBLIC_URL);
const panel = await startPanel({
  PORT: String(port),
  PUBLIC_URL,
  ...provider.variables,
  OIDC_ROLE_CLAIM: "groups",
  OIDC_ROLES: "owner=license-owners, viewer=staff",
  OIDC_CREATE_ADMINISTRATORS: "true",
});
const { server } = panel;
const boss = await makeAdministrator(server, "owner");
const add = (subject: string, groups: string[], email = `${subject}@acme.example`) =>
  provider.people.set(subject, { email, email_verified: true, name: `Person ${subject}`, groups });

test("the button signs in and leads to the page that was asked for; signing out ends at the provider", async () => {
  add("ada", ["license-owners"]);
  provider.login = { as: "ada" };
  for (const more of [{ size: "phone", dark: true }, {}] as const) {
    const look = await panel.visit("/sign-in", { isSignedOut: true, who: boss, ...more });
    await look.page.getByRole("button", { name: "Sign in with Acme ID" }).waitFor();
    await look.check();
    await look.page.close();
  }
  const visit = await panel.visit("/settings", { isSignedOut: true, who: boss });
  const { page } = visit;
  visit.problems.length = 0;
  await page.getByRole("button", { name: "Sign in with Acme ID" }).click();
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
  await page.getByRole("heading", { name: "Identity provider" }).waitFor();
  await page.getByText("license-owners is owner").waitFor();
  await page.getByText("Connected", { exact: true }).waitFor();
  visit.problems.length = 0;
  await visit.check();
  await page.goto("/profile");
  await page.getByText("You sign in with your company's identity provider").waitFor();
  visit.problems.length = 0;
  await visit.check();
  await page.getByRole("button", { name: /account menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out there" }).click();
  await page.getByRole("heading", { name: "Sign in to Latchkey" }).waitFor();
});

test("a refusal is said in words on the sign-in page", async () => {
  add("outsider", ["other"]);
  provider.login = { as: "outsider" };
  const visit = await panel.visit("/sign-in", { isSignedOut: true, who: boss, size: "phone" });
  await visit.page.getByRole("button", { name: "Sign in with Acme ID" }).click();
  await visit.page.getByText("assigns you no role").waitFor();
  visit.problems.length = 0;
  await visit.check();
});

test("the account's own second factor is asked for after the provider", async () => {
  const who = await makeAdministrator(server, "viewer");
  const { secret } = await enableSecondFactor(server, who);
  add("own", ["staff"], who.email);
  provider.login = { as: "own" };
  const visit = await panel.visit("/sign-in?next=%2Fprofile", { isSignedOut: true, who });
  const { page } = visit;
  await page.getByRole("button", { name: "Sign in with Acme ID" }).click();
  await page.getByText("Acme ID has signed you in.").waitFor();
  visit.problems.length = 0;
  await visit.check();
  await page.getByLabel("Authentication code").fill("000000");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("Incorrect or already used code").waitFor();
  await page.getByLabel("Authentication code").fill(codeOf(secret, "next"));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Your account" }).waitFor();
});

test("a sensitive action is confirmed in a window of the provider, and goes on in the first one", async () => {
  add("eve", ["license-owners"]);
  provider.login = { as: "eve" };
  const visit = await panel.visit("/api-keys", { isSignedOut: true, who: boss });
  const { page } = visit;
  await page.getByRole("button", { name: "Sign in with Acme ID" }).click();
  await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
  const [{ id }] = await server.db`select id from administrators where email = 'eve@acme.example'`;
  await expireAuthentication(server, { ...boss, id });
  server.server.services.cache.invalidateAll();
  await page.getByRole("button", { name: "New API key" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill("Confirmed");
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm your identity" });
  const confirm = dialog.getByRole("button", { name: "Confirm with Acme ID" });
  await confirm.waitFor();
  visit.problems.length = 0;
  await visit.check();
  const opened = page.context().waitForEvent("page");
  await confirm.click();
  await opened;
  await eventually(async () => {
    const keys = await server.db`select 1 from api_keys where name = 'Confirmed'`;
    return keys.length === 1;
  }, 15_000);
});

test("browser, server and provider close", async () => {
  await panel.stop();
  await provider.stop();
});
