// The own account in the panel: password, second factor, sessions, tokens, and a required second factor.
import assert from "node:assert/strict";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { createTestSession, makeAdministrator } from "../support/administrators.ts";
import { openPanel } from "../support/panel.ts";
import { PASSWORD, startPanel } from "../support/panel_browser.ts";
import { codeOf, enableSecondFactor, expireAuthentication } from "../support/second_factor.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;

const signIn = (email: string, password = PASSWORD, code?: string) =>
  openPanel(server).client.account.signIn.mutate({ email, password, code });

test("a second factor is enabled by its secret and a first code, and off again by who it is", async () => {
  const { page, who, problems, check } = await panel.visit("/profile", { isNew: true });
  await page.getByRole("button", { name: "Enable" }).click();
  await page.getByRole("img", { name: /to be scanned/ }).waitFor();
  await check();
  const secret = await page.locator("code").first().innerText();
  await page.getByLabel("Code that the app shows").fill("12345");
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Type the six digits that the app shows.").waitFor();
  await page.getByLabel("Code that the app shows").fill(codeOf(secret));
  await page.getByRole("button", { name: "Confirm" }).click();
  const dialog = page.getByRole("dialog", { name: "Keep your recovery codes" });
  await dialog.getByRole("listitem").first().waitFor();
  const codes = await dialog.getByRole("listitem").allInnerTexts();
  assert.equal(codes.length, 10);
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download" }).click();
  assert.equal((await download).suggestedFilename(), "latchkey-recovery-codes.txt");
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("an authenticator app guards it").waitFor();
  await assert.rejects(signIn(who.email), /code/);
  await signIn(who.email, PASSWORD, codes[0]);

  await expireAuthentication(server, who);
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByLabel(/to confirm/).fill(who.email);
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm your identity" });
  await proof.getByLabel("Password").fill(PASSWORD);
  await proof.getByRole("button", { name: "Go on" }).click();
  await proof.getByRole("button", { name: "Use a recovery code" }).click();
  await proof.getByLabel("Recovery code").fill(codes[1]);
  await proof.getByRole("button", { name: "Go on" }).click();
  await page.getByText("Your password alone guards it").waitFor();
  await signIn(who.email);
  assert.deepEqual(problems.filter((problem) => !/status of (401|403)/.test(problem)), []);
});

test("a changed password signs out everywhere else, and a wrong one changes nothing", async () => {
  const { page, who, problems } = await panel.visit("/profile", { isNew: true });
  await page.getByLabel("Password now").fill("not the password");
  await page.getByLabel("New password").fill("another password");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("The password now is not right.").waitFor();
  await signIn(who.email);
  await page.getByLabel("Password now").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Your password is changed.").waitFor();
  await assert.rejects(signIn(who.email));
  await signIn(who.email, "another password");
  assert.equal(await page.getByLabel("Password now").inputValue(), "");
  assert.deepEqual(problems.filter((problem) => !/status of 401/.test(problem)), []);
});

test("sessions elsewhere are ended, one or all, and this one stays", async () => {
  const who = await makeAdministrator(server, "viewer");
  const others = [openPanel(server), openPanel(server), openPanel(server)];
  for (const { client } of others) {
    await client.account.signIn.mutate({ email: who.email, password: PASSWORD });
  }
  const { page, check } = await panel.visit("/profile", { who });
  await page.getByText("This one").waitFor();
  await check();
  await page.getByRole("button", { name: "End", exact: true }).first().click();
  await page.getByText("is signed out.").waitFor();
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByText("2 sessions are ended.").waitFor();
  await page.getByRole("button", { name: "End", exact: true }).first().waitFor({ state: "detached" });
  for (const { client } of others) await assert.rejects(client.account.me.query());
  await page.reload();
  await page.getByText("This one").waitFor();
});

test("a token is shown once, works for a script, and ends when its name is typed", async () => {
  const { page, check } = await panel.visit("/profile", { role: "manager", isNew: true });
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("button", { name: "Make token" }).click();
  await page.getByText("This is needed.").waitFor();
  await page.getByLabel("What it is for").fill("Nightly export");
  await page.getByRole("button", { name: "Make token" }).click();
  const dialog = page.getByRole("dialog", { name: "Keep this token" });
  const token = await dialog.locator("code").first().innerText();
  await check();
  const ask = () =>
    fetch(`${server.url}/api/admin/licenses?limit=5`, { headers: { authorization: `Bearer ${token}` } })
      .then(async (response) => {
        await response.body?.cancel();
        return response.status;
      });
  assert.match(await dialog.locator("pre").innerText(), /\/api\/admin\/licenses\?limit=5'/);
  assert.equal(await ask(), 200);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: "End Nightly export" }).click();
  await page.getByLabel("Type Nightly export to confirm").fill("Nightly export");
  await page.getByRole("button", { name: "End token" }).click();
  await page.getByText("No tokens yet.").waitFor();
  await eventually(async () => await ask() === 401);
});

test("a telephone in the dark shows all of it, and the theme that is chosen", async () => {
  const { page, check } = await panel.visit("/profile", { role: "viewer", size: "phone", dark: true });
  await page.getByText("This one").waitFor();
  await check();
  await page.getByLabel("Light", { exact: true }).check();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
});

test("where second factors are demanded, who has none adds one first and then goes on", async () => {
  await changeSetting(await server.ctx(), "requireSecondFactor", true);
  const guarded = await makeAdministrator(server, "owner");
  await enableSecondFactor(server, guarded);
  const visit = await panel.visit("/customers", { role: "manager", isNew: true });
  const { page } = visit;
  await page.getByRole("heading", { name: "Add a second factor" }).waitFor();
  assert.equal(await page.getByRole("navigation").count(), 0);
  await visit.check();
  await page.getByRole("button", { name: "Enable" }).click();
  const secret = await page.locator("code").first().innerText();
  await page.getByLabel("Code that the app shows").fill(codeOf(secret));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();

  const other = await panel.visit("/customers", { who: guarded });
  await other.page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
});

test("where second factors are demanded, a session opened without one confirms it and then goes on", async () => {
  const who = await makeAdministrator(server, "manager");
  const { secret } = await enableSecondFactor(server, who);
  const { token } = await createTestSession(await server.ctx(), who.id);
  const visit = await panel.visit("/customers", { who: { ...who, token }, size: "phone" });
  const { page } = visit;
  await page.getByRole("heading", { name: "Confirm your second factor" }).waitFor();
  assert.equal(await page.getByRole("navigation").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Enable" }).count(), 0);
  await visit.check();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Code of your authenticator app").fill("000000");
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("This code is not right").waitFor();
  await page.getByLabel("Code of your authenticator app").fill(codeOf(secret, "next"));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
});

test("browser and server close", () => panel.stop());
