// Signing in through the pages: password, second factor, errors, the redirect.
import assert from "node:assert/strict";
import { createCustomer, getCustomer } from "../../server/domain/customers/customers.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { type OpenedPage, PASSWORD, startPanel } from "../support/panel_browser.ts";
import { codeOf, enableSecondFactor } from "../support/second_factor.ts";
import { eventually, test } from "../support/test.ts";

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

test("who is not signed in is asked to, and arrives where they wanted to go", async () => {
  const visit = await panel.visit("/customers?q=blue", { isSignedOut: true });
  const { page, who } = visit;
  await page.getByRole("heading", { name: "Sign in to Latchkey" }).waitFor();
  await fillIn(visit, who.email, "not the password");
  await page.getByText("Incorrect email or password.").waitFor();
  expectRefusals(visit);
  await visit.check();
  await fillIn(visit, who.email, PASSWORD);
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
  assert.equal(new URL(page.url()).search, "?q=blue");

  // A signed-in administrator is redirected at once.
  await page.goto("/sign-in?next=%2Fprofile");
  await page.getByRole("heading", { name: "Your account" }).waitFor();
});

for (const next of ["//evil.example/", "https://evil.example/", "/\\evil.example"]) {
  test(`signing in never leads to ${next}`, async () => {
    const visit = await panel.visit(`/sign-in?next=${encodeURIComponent(next)}`, { isSignedOut: true });
    await fillIn(visit, visit.who.email, PASSWORD);
    await visit.page.waitForURL((url) => url.pathname !== "/sign-in");
    assert.equal(new URL(visit.page.url()).href, `${server.url}/dashboard`);
    await visit.page.close();
  });
}

test("unfinished forms and recent pages are gone after signing out, and after another person signs in", async () => {
  const customer = await createCustomer(await server.ctx(), {
    name: "Quiet Ltd",
    email: "office@quiet.example",
  });
  const visit = await panel.visit(`/customer/edit/${customer.id}`, { isNew: true });
  const { page } = visit;
  const recent = () => page.evaluate(() => localStorage.getItem("latchkey.recent") ?? "");
  const visitCustomer = async () => {
    await page.goto(`/customer/edit/${customer.id}`);
    await eventually(async () => (await recent()).includes("Quiet Ltd"));
    await page.goto("/customer/new");
  };
  await visitCustomer();
  const drafts = () =>
    page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("latchkey.draft.")));
  await page.getByLabel("Name").fill("Confidential Ltd");
  assert.deepEqual(await drafts(), ["latchkey.draft.customer/new"]);
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  assert.equal(await page.getByLabel("Name").inputValue(), "Confidential Ltd");

  // The session ends elsewhere, and a colleague signs in with the same tab.
  const colleague = await makeAdministrator(server, "owner");
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await fillIn(visit, colleague.email, PASSWORD);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await eventually(async () => (await drafts()).length === 0);
  assert.ok(!(await recent()).includes("Quiet Ltd"));

  await visitCustomer();
  await page.getByLabel("Name").fill("Confidential Ltd");
  await page.getByRole("button", { name: /account menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await eventually(async () => (await drafts()).length === 0);
  assert.ok(!(await recent()).includes("Quiet Ltd"));
  await page.close();
});

test("a second factor is asked for after the password, and a recovery code takes its place once", async () => {
  const who = await makeAdministrator(server, "manager");
  const { secret, recovery } = await enableSecondFactor(server, who);
  const visit = await panel.visit("/sign-in?next=%2Fprofile", { who, isSignedOut: true });
  const { page } = visit;
  await fillIn(visit, who.email, PASSWORD);
  await page.getByLabel("Authentication code").fill("000000");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("Incorrect or already used code").waitFor();
  expectRefusals(visit);
  await visit.check();
  await page.getByLabel("Authentication code").fill(codeOf(secret, "next"));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Your account" }).waitFor();

  for (const isFirst of [true, false]) {
    const again = await panel.visit("/sign-in?next=%2Fprofile", { who, isSignedOut: true });
    await fillIn(again, who.email, PASSWORD);
    await again.page.getByRole("button", { name: "Use a recovery code" }).click();
    await again.page.getByLabel("Recovery code").fill(recovery[0]);
    await again.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await (isFirst
      ? again.page.getByRole("heading", { name: "Your account" })
      : again.page.getByText("Incorrect or already used code")).waitFor();
    await again.page.close();
  }
});

test("a session that ended goes on in place after password and second factor", async () => {
  const who = await makeAdministrator(server, "manager");
  const { recovery } = await enableSecondFactor(server, who);
  const { id } = await createCustomer(await server.ctx(), { name: "Marigold", email: null });
  const { page } = await panel.visit(`/customer/edit/${id}`, { who });
  await page.getByLabel("Name").fill("Marigold & Sons");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Your session has expired" });
  await dialog.getByLabel("Password").fill("not the password");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByText("Incorrect password.").waitFor();
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByRole("button", { name: "Use a recovery code" }).click();
  await dialog.getByLabel("Recovery code").fill(recovery[0]);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await eventually(async () => (await getCustomer(await server.ctx(), id)).name === "Marigold & Sons");
});

test("who tried too often is told how long to wait", async () => {
  const strict = await startPanel({ RATE_LIMIT_AUTH: "2" });
  // Creating an administrator signs in once over REST.
  const visit = await strict.visit("/sign-in", { isSignedOut: true, size: "phone" });
  const { page } = visit;
  const tooMany = page.getByText(/Too many attempts. Try again in \d+ seconds?\./);
  for (let tries = 0; tries < 3 && !await tooMany.isVisible(); tries++) {
    const answered = page.waitForResponse((response) => response.url().includes("account.signIn"));
    await fillIn(visit, "nobody@example.com", "not the password");
    await answered;
    await page.getByRole("alert").waitFor();
  }
  await tooMany.waitFor();
  const button = page.getByRole("button", { name: "Sign in", exact: true });
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  expectRefusals(visit);
  await visit.check();
  await strict.stop();
});

test("browser and server close", () => panel.stop());
