// Pages behind links: invitations, the first owner of an empty system, and forgotten passwords.
import assert from "node:assert/strict";
import { createSetupLink } from "../../server/domain/administrators/first_owner.ts";
import { sendRequestedPasswordLinks } from "../../server/domain/administrators/password_links.ts";
import { inviteAdministrator, revokeInvitation } from "../../server/domain/administrators/invitations.ts";
import { claimMails } from "../../server/domain/mail/mail.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { type OpenedPage, startPanel } from "../support/panel_browser.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;

/** Error responses are on the console; nothing else may be. */
function expectRefusals({ problems }: OpenedPage): void {
  assert.deepEqual(problems.filter((problem) => !/status of (401|404|409|429)/.test(problem)), []);
  problems.length = 0;
}

async function fillIn({ page }: OpenedPage, email: string, password: string): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function invite(email: string) {
  const invitation = await inviteAdministrator(
    await server.ctx(),
    { email, name: "Noor Haddad", role: "manager" },
    server.url,
  );
  const mail = (await claimMails(await server.ctx(), 10)).find(({ to }) => to === email)!;
  return { ...invitation, path: mail.text.match(/\/invitation\?token=[\w-]+/)![0] };
}

test("an invitation lets one choose a password, and in", async () => {
  const { path } = await invite("noor@example.com");
  const visit = await panel.visit(path, { isSignedOut: true, size: "phone", dark: true });
  const { page } = visit;
  await page.getByRole("heading", { name: "Welcome, Noor Haddad" }).waitFor();
  await visit.check();
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Accept invitation" }).click();
  await page.getByText("At least 8 characters.", { exact: true }).waitFor();
  await page.getByLabel("New password").fill("a password of hers");
  await page.getByRole("button", { name: "Accept invitation" }).click();
  await page.waitForURL("**/dashboard");
  await page.getByRole("button", { name: "Noor Haddad: account menu" }).waitFor();

  const again = await panel.visit(path, { isSignedOut: true });
  await again.page.getByText("This invitation was already accepted.").waitFor();
  expectRefusals(again);
  await again.check();
  await again.page.getByRole("link", { name: "Go to sign-in" }).click();
  await fillIn(again, "noor@example.com", "a password of hers");
  await again.page.waitForURL("**/dashboard");
});

test("a link that opens nothing says why and what to do", async () => {
  const withdrawn = await invite("withdrawn@example.com");
  await revokeInvitation(await server.ctx(), withdrawn.id);
  const late = await invite("late@example.com");
  await server.db`update administrator_invitations set expires_at = now() where id = ${late.id}`;
  for (
    const [path, words] of [
      [withdrawn.path, /was revoked.*Ask an owner/],
      [late.path, /seven days.*Ask an owner/],
      ["/invitation", /open it from the email again/],
    ] as const
  ) {
    const visit = await panel.visit(path, { isSignedOut: true });
    await visit.page.getByText(words).waitFor();
    expectRefusals(visit);
    await visit.check();
    await visit.page.close();
  }
});

test("the first owner of an empty system is created behind the setup link, and signed in", async () => {
  const empty = await startTestServer();
  const who = await makeAdministrator(server, "owner");
  const at = { who, url: empty.url, isSignedOut: true } as const;
  const link = async () => {
    const { url } = (await createSetupLink(await empty.ctx(), empty.url))!;
    return url.slice(empty.url.length);
  };
  for (const more of [{}, { size: "phone", dark: true }] as const) {
    const visit = await panel.visit("/sign-in", { ...at, ...more });
    await visit.page.getByText("deno task latchkey admin setup-link").waitFor();
    await visit.check();
    await visit.page.goto(await link());
    await visit.page.getByRole("heading", { name: "Welcome to Latchkey" }).waitFor();
    await visit.check();
  }
  const path = await link();
  const visit = await panel.visit(path, at);
  const { page } = visit;
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("Enter your name.").waitFor();
  await visit.check();
  await page.getByLabel("Your name").fill("Ada Winter");
  await page.getByLabel("Email").fill("ada@winter.example");
  await page.getByLabel("New password").fill("ada.winter");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("This password is based on your name").waitFor();
  visit.problems.length = 0;
  await page.getByLabel("New password").fill("four green bottles");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/start");
  await page.getByRole("button", { name: "Ada Winter: account menu" }).waitFor();

  const again = await panel.visit(path, at);
  await again.page.getByText("This server is already set up.").waitFor();
  expectRefusals(again);
  await again.check();
  await again.page.getByRole("link", { name: "Go to sign-in" }).click();
  await again.page.getByLabel("Email").waitFor();
  assert.equal(await again.page.getByText("This server has no accounts yet").count(), 0);
  await empty.stop();
});

test("a forgotten password is replaced behind a link by mail", async () => {
  const who = await makeAdministrator(server, "manager");
  const withoutMail = await panel.visit("/sign-in", { who, isSignedOut: true });
  await withoutMail.page.getByRole("link", { name: "Forgot your password?" }).click();
  await withoutMail.page.getByText("deno task latchkey admin reset-password").waitFor();
  await withoutMail.check();

  const mailing = await startTestServer({ SMTP_URL: "smtp://127.0.0.1:1" }, server);
  const visit = await panel.visit("/forgot-password", {
    who,
    url: mailing.url,
    isSignedOut: true,
    size: "phone",
    dark: true,
  });
  const { page } = visit;
  await page.getByLabel("Email").fill(who.email);
  await visit.check();
  await page.getByRole("button", { name: "Email me a link" }).click();
  await page.getByText("we've emailed a link").waitFor();
  await visit.check();
  await sendRequestedPasswordLinks(await server.ctx(), mailing.url);
  const mail = (await claimMails(await server.ctx(), 10)).find(({ to }) => to === who.email)!;
  const path = mail.text.match(/\/reset-password\?token=\w+/)![0];
  await page.goto(path);
  await page.getByLabel("New password").fill("four green bottles");
  await visit.check();
  await page.getByRole("button", { name: "Save password" }).click();
  await page.getByText("Password changed").waitFor();
  await visit.check();
  await page.getByRole("link", { name: "Go to sign-in" }).click();
  await fillIn(visit, who.email, "four green bottles");
  await page.waitForURL("**/dashboard");

  const again = await panel.visit(path, { who, url: mailing.url, isSignedOut: true });
  await again.page.getByText("This link is no longer valid").waitFor();
  expectRefusals(again);
  await again.check();
  await again.page.getByRole("link", { name: "Request a new link" }).click();
  await again.page.getByRole("button", { name: "Email me a link" }).waitFor();
  await mailing.stop();
});

test("browser and server close", () => panel.stop());
