// The own account in the panel: password, second factor, sessions, tokens, and a required second factor.
import assert from "node:assert/strict";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { createTestSession, makeAdministrator } from "../support/administrators.ts";
import { openPanel } from "../support/panel.ts";
import { PASSWORD, startPanel } from "../support/panel_browser.ts";
import { codeOf, enableSecondFactor, expireAuthentication } from "../support/second_factor.ts";
import { eventually, test } from "../support/test.ts";
import { applyTimeFormat, fromLocalTime, isMidnight, toLocalTime } from "../../web/lib/time_format.ts";

const panel = await startPanel();
const { server } = panel;

const signIn = (email: string, password = PASSWORD, code?: string) =>
  openPanel(server).client.account.signIn.mutate({ email, password, code });

test("a second factor is enabled by its secret and a first code, and off again by who it is", async () => {
  const { page, who, problems, check } = await panel.visit("/profile", { isNew: true });
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("img", { name: /setup key/ }).waitFor();
  await check();
  const secret = await page.locator("code").first().innerText();
  await page.getByLabel("Authentication code").fill("12345");
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Enter the 6-digit code from the app.").waitFor();
  await page.getByLabel("Authentication code").fill(codeOf(secret));
  await page.getByRole("button", { name: "Confirm" }).click();
  const dialog = page.getByRole("dialog", { name: "Save your recovery codes" });
  await dialog.getByRole("listitem").first().waitFor();
  const codes = await dialog.getByRole("listitem").allInnerTexts();
  assert.equal(codes.length, 10);
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download" }).click();
  assert.equal((await download).suggestedFilename(), "latchkey-recovery-codes.txt");
  await dialog.getByRole("button", { name: "I've saved them" }).click();
  await page.getByText("Two-factor authentication is on: an authenticator app.").waitFor();
  await assert.rejects(signIn(who.email), /code/);
  await signIn(who.email, PASSWORD, codes[0]);

  await expireAuthentication(server, who);
  await page.getByRole("button", { name: "Turn off" }).click();
  await page.getByLabel(/to confirm/).fill(who.email);
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm your identity" });
  await proof.getByLabel("Password").fill(PASSWORD);
  await proof.getByRole("button", { name: "Continue" }).click();
  await proof.getByRole("button", { name: "Use a recovery code" }).click();
  await proof.getByLabel("Recovery code").fill(codes[1]);
  await proof.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Two-factor authentication is off.").first().waitFor();
  await signIn(who.email);
  assert.deepEqual(problems.filter((problem) => !/status of (401|403)/.test(problem)), []);
});

test("a changed password signs out everywhere else, and a wrong one changes nothing", async () => {
  const { page, who, problems } = await panel.visit("/profile", { isNew: true });
  await page.getByLabel("Current password").fill("not the password");
  await page.getByLabel("New password").fill("another password");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Incorrect current password.").waitFor();
  await signIn(who.email);
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Password changed.").waitFor();
  await assert.rejects(signIn(who.email));
  await signIn(who.email, "another password");
  assert.equal(await page.getByLabel("Current password").inputValue(), "");
  assert.deepEqual(problems.filter((problem) => !/status of 401/.test(problem)), []);
});

test("sessions elsewhere are ended, one or all, and this one stays", async () => {
  const who = await makeAdministrator(server, "viewer");
  const others = [openPanel(server), openPanel(server), openPanel(server)];
  for (const { client } of others) {
    await client.account.signIn.mutate({ email: who.email, password: PASSWORD });
  }
  const { page, check } = await panel.visit("/profile", { who });
  await page.getByText("This device").waitFor();
  await check();
  await page.getByRole("button", { name: /^Sign out session/ }).first().click();
  await page.getByText(" signed out.").waitFor();
  await page.getByRole("button", { name: "Sign out other sessions" }).click();
  await page.getByText("2 sessions signed out.").waitFor();
  await page.getByRole("button", { name: /^Sign out session/ }).first().waitFor({ state: "detached" });
  for (const { client } of others) await assert.rejects(client.account.me.query());
  await page.reload();
  await page.getByText("This device").waitFor();
});

test("a token is shown once, works for a script, and ends when its name is typed", async () => {
  const { page, check } = await panel.visit("/profile", { role: "manager", isNew: true });
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("button", { name: "Create token" }).click();
  await page.getByText("Required", { exact: true }).waitFor();
  await page.getByLabel("Name").fill("Nightly export");
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog", { name: "Copy this token now" });
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
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Revoke Nightly export" }).click();
  await page.getByLabel("Type Nightly export to confirm").fill("Nightly export");
  await page.getByRole("button", { name: "Revoke token" }).click();
  await page.getByText("No tokens yet.").waitFor();
  await eventually(async () => await ask() === 401);
});

test("a telephone in the dark shows all of it, and the theme that is chosen", async () => {
  const { page, check } = await panel.visit("/profile", { role: "viewer", size: "phone", dark: true });
  await page.getByText("This device").waitFor();
  await check();
  await page.getByLabel("Light", { exact: true }).check();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
});

test("times are in the zone and clock that were chosen, and in English in a German browser", async () => {
  const { page, who, check } = await panel.visit("/profile", { locale: "de-DE" });
  await server.db`update administrators set created_at = '2026-01-15T20:30:00Z' where id = ${who.id}`;
  await page.reload();
  const created = page.getByRole("region", { name: "Details" }).locator("time");
  const isShownAs = (time: RegExp) =>
    eventually(async () => time.test(await created.getAttribute("title") ?? ""));
  await isShownAs(/^Jan 15, 2026, 21:30:00$/);
  for (const [field, value] of [["Time zone", "America/New_York"], ["Clock", "12"]]) {
    await Promise.all([
      page.waitForResponse((response) => response.url().includes("setPreference")),
      page.getByLabel(field).selectOption(value),
    ]);
  }
  await isShownAs(/^Jan 15, 2026, 3:30:00\sPM$/);
  await check();
  await page.reload();
  await isShownAs(/^Jan 15, 2026, 3:30:00\sPM$/);
});

test("what is typed into a time field is a time in the chosen zone, also where clocks are changed", () => {
  applyTimeFormat({ timeZone: "America/New_York", clock: 12 });
  const instants: [local: string, utc: string][] = [
    ["2026-01-15T14:05", "2026-01-15T19:05:00.000Z"],
    ["2026-07-15", "2026-07-15T04:00:00.000Z"],
    // Put forward from 2 to 3: 2:30 does not exist.
    ["2026-03-08T01:59", "2026-03-08T06:59:00.000Z"],
    ["2026-03-08T02:30", "2026-03-08T07:30:00.000Z"],
    ["2026-03-08T03:00", "2026-03-08T07:00:00.000Z"],
    // Put back from 2 to 1: 1:30 is twice.
    ["2026-11-01T01:30", "2026-11-01T05:30:00.000Z"],
    ["2026-11-01T02:00", "2026-11-01T07:00:00.000Z"],
  ];
  for (const [local, utc] of instants) assert.equal(fromLocalTime(local)?.toISOString(), utc, local);
  assert.equal(fromLocalTime(""), null);
  assert.equal(toLocalTime(new Date("2026-07-15T04:00:00Z")), "2026-07-15T00:00");
  assert.ok(isMidnight(new Date("2026-07-15T04:00:00Z")));
  applyTimeFormat({ timeZone: "Nowhere/Land", clock: 13 });
  assert.equal(fromLocalTime("2026-01-15T14:05")?.getTime(), new Date(2026, 0, 15, 14, 5).getTime());
});

test("where second factors are demanded, who has none adds one first and then goes on", async () => {
  await changeSetting(await server.ctx(), "requireSecondFactor", true);
  const guarded = await makeAdministrator(server, "owner");
  await enableSecondFactor(server, guarded);
  const visit = await panel.visit("/customers", { role: "manager", isNew: true });
  const { page } = visit;
  await page.getByRole("heading", { name: "Set up two-factor authentication" }).waitFor();
  assert.equal(await page.getByRole("navigation").count(), 0);
  await visit.check();
  await page.getByRole("button", { name: "Set up" }).click();
  const secret = await page.locator("code").first().innerText();
  await page.getByLabel("Authentication code").fill(codeOf(secret));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("button", { name: "I've saved them" }).click();
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
  await page.getByRole("heading", { name: "Confirm two-factor authentication" }).waitFor();
  assert.equal(await page.getByRole("navigation").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Set up" }).count(), 0);
  await visit.check();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Authentication code").fill("000000");
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Incorrect or already used code").waitFor();
  await page.getByLabel("Authentication code").fill(codeOf(secret, "next"));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
});

test("browser and server close", () => panel.stop());
