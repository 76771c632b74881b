// Administrators in the panel: inviting, changing roles, disabling and enabling, and that an owner remains.
import assert from "node:assert/strict";
import { getAdministrator } from "../../server/domain/administrators/administrators.ts";
import { claimMails } from "../../server/domain/mail/mail.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startPanel } from "../support/panel_browser.ts";
import { expireAuthentication } from "../support/second_factor.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;

test("an administrator is invited by mail, sent a new link, and the invitation withdrawn", async () => {
  const { page, check } = await panel.visit("/administrators");
  await page.getByText("None pending.").waitFor();
  await page.getByRole("button", { name: "Invite member" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Noor Haddad");
  await page.getByLabel("Email", { exact: true }).fill("not an address");
  await page.getByRole("button", { name: "Send invitation" }).click();
  await page.getByText("Is not an email address.").waitFor();
  await check();
  await page.getByLabel("Email", { exact: true }).fill("noor@example.com");
  await page.getByLabel("Role", { exact: true }).selectOption("manager");
  await page.getByRole("button", { name: "Send invitation" }).click();
  await page.getByText("Invitation sent to noor@example.com.").waitFor();
  const sent = async () =>
    (await claimMails(await server.ctx(), 10)).filter(({ to }) => to === "noor@example.com");
  assert.match((await sent())[0].text, /as Manager/);
  await page.getByRole("button", { name: "Resend" }).click();
  await eventually(async () => (await sent()).length === 1);
  await page.getByRole("button", { name: "Revoke" }).click();
  const confirm = page.getByRole("dialog", { name: "Revoke invitation" });
  await confirm.getByLabel(/to confirm/).fill("noor@example.com");
  await confirm.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("None pending.").waitFor();
});

test("a role is changed and an administrator disabled after showing who one is; both are taken back", async () => {
  const { id } = await makeAdministrator(server, "viewer");
  const { name } = await getAdministrator(server, id);
  const visit = await panel.visit("/administrators");
  const { page, problems } = visit;
  await expireAuthentication(server, visit.who);
  const change = async (title: string) => {
    await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
    await page.getByRole("menuitem", { name: title }).click();
  };
  const is = (look: (found: Awaited<ReturnType<typeof getAdministrator>>) => boolean) =>
    eventually(async () => look(await getAdministrator(server, id)));
  await change("Manager");
  const proof = page.getByRole("dialog", { name: "Confirm your identity" });
  await proof.getByLabel("Password").fill("correct horse battery");
  await proof.getByRole("button", { name: "Continue" }).click();
  await is(({ role }) => role === "manager");
  await page.getByText(`${name} is now Manager.`).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await is(({ role }) => role === "viewer");
  await page.getByRole("row", { name }).getByRole("cell", { name: "Viewer", exact: true }).waitFor();
  await change("Disable");
  await is(({ disabledAt }) => disabledAt !== null);
  await page.getByText("Disabled", { exact: true }).waitFor();
  await change("Enable");
  await is(({ disabledAt }) => disabledAt === null);
  assert.deepEqual(problems.filter((problem) => !/status of 403/.test(problem)), []);
});

test("an owner sees why they cannot lock themselves out", async () => {
  const { page, who, check } = await panel.visit("/administrators");
  const { name } = await getAdministrator(server, who.id);
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  const off = page.getByRole("menuitem", { name: /Disable/ });
  assert.equal(await off.getAttribute("aria-disabled"), "true");
  assert.match(await off.innerText(), /Ask another owner/);
  await page.keyboard.press("Escape");
  await off.waitFor({ state: "detached" });
  await check();
});

test("who is no owner is told whom to ask", async () => {
  const { page, check } = await panel.visit("/administrators", { role: "manager" });
  await page.getByText("Requires the Owner role").waitFor();
  await check();
});

test("the page fits a telephone in the dark", async () => {
  const { page, check } = await panel.visit("/administrators", { size: "phone", dark: true });
  await page.getByText("You", { exact: true }).waitFor();
  await check();
});

test("browser and server close", () => panel.stop());
