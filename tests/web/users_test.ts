// Users in the panel: creating, editing, assigning licenses, mailing links, signing out, disabling and enabling.
import assert from "node:assert/strict";
import { createLead } from "../../server/domain/leads/leads.ts";
import { createListedUser, getListedUser, listUsers } from "../../server/domain/accounts/list_users.ts";
import { listUserSessions } from "../../server/domain/accounts/list_sessions.ts";
import { disableUser } from "../../server/domain/accounts/disable_user.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";
import { startTestSession } from "../support/users.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();
const makeUser = async (name: string) =>
  createListedUser(await ctx(), { name, email: `${name.toLowerCase().replaceAll(" ", ".")}@example.com` });

test("without users the page says who is one, and adding one begins with what is missing", async () => {
  const { page, check } = await panel.visit("/users");
  await page.getByText("No users yet").waitFor();
  await check();
  await page.getByRole("link", { name: "New user" }).first().click();
  await page.getByRole("button", { name: "Create user" }).click();
  await page.getByText("Required", { exact: true }).first().waitFor();
  await page.getByLabel("Name").fill("Ada Winter");
  await page.getByLabel("Email").fill("Ada@Example.com");
  await check();
  await page.getByRole("button", { name: "Create user" }).click();
  await page.getByRole("heading", { name: /Ada Winter/, level: 1 }).waitFor();
  const { rows } = await listUsers(await ctx(), { q: "ada@" });
  assert.deepEqual(rows.map(({ email, hasPassword }) => ({ email, hasPassword })), [
    { email: "ada@example.com", hasPassword: false },
  ]);
  await check();
});

test("a user is changed; an address that has an account is refused at its field", async () => {
  const [{ id }] = [await makeUser("Ben Okafor"), await makeUser("Taken Address")];
  const { page, problems, check } = await panel.visit(`/user/edit/${id}`);
  await page.getByLabel("Email", { exact: true }).fill("taken.address@example.com");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("An account with this email already exists.").waitFor();
  assert.equal(await page.getByLabel("Email", { exact: true }).getAttribute("aria-invalid"), "true");
  problems.length = 0;
  await check();
  await page.getByLabel("Email", { exact: true }).fill("ben@example.com");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await eventually(async () => (await getListedUser(await ctx(), id)).email === "ben@example.com");
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByText("User updated").waitFor();
});

test("a user is disabled, and on again by undo", async () => {
  const { id } = await makeUser("Cleo Park");
  const { page, check } = await panel.visit(`/user/edit/${id}`);
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByText("Cleo Park disabled and signed out everywhere.").waitFor();
  await page.getByRole("button", { name: "Enable" }).waitFor();
  assert.notEqual((await getListedUser(await ctx(), id)).disabledAt, null);
  await check();
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await getListedUser(await ctx(), id)).disabledAt === null);
});

test("a user who is disabled is found among all, and said to be", async () => {
  const { id } = await makeUser("Cora Blind");
  await disableUser(await ctx(), id);
  const { page, check } = await panel.visit("/users?q=cora");
  await page.getByRole("row", { name: /Cora Blind.*Disabled/ }).waitFor();
  await check();
  await page.goto("/users?q=cora&disabled=false");
  await page.getByText("No users match").waitFor();
});

test("a user is mailed a link, and nothing is sent to one who is disabled", async () => {
  const { id, email } = await makeUser("Dana Reed");
  const asked = async () => {
    const rows = await panel.server.db<{ purpose: string }[]>`
      select purpose
      from email_links
      where email = ${email}`;
    return rows.map(({ purpose }) => purpose);
  };
  const { page, check } = await panel.visit(`/user/edit/${id}`);
  await page.getByRole("button", { name: "Send sign-in link" }).click();
  await page.getByRole("menuitem", { name: /Password setup link/ }).click();
  await page.getByText(`Link sent to ${email}`).waitFor();
  assert.deepEqual(await asked(), ["password"]);
  await check();
  await disableUser(await ctx(), id);
  await page.getByRole("button", { name: "Enable" }).waitFor();
  await page.getByRole("button", { name: "Send sign-in link" }).click();
  const item = page.getByRole("menuitem", { name: /Magic link/ });
  await item.getByText("Enable the user first.").waitFor();
  assert.equal(await item.getAttribute("aria-disabled"), "true");
});

test("a license is given to a user, and taken back", async () => {
  const { id } = await makeUser("Elif Demir");
  const license = await makeLicense(await ctx());
  const ownerOf = async () => (await getLicenseById(await ctx(), license.id)).userId;
  const { page, check } = await panel.visit(`/user/edit/${id}`);
  await page.getByRole("button", { name: "Assign license" }).click();
  await page.getByRole("combobox", { name: "License" }).fill(license.key.slice(0, 9));
  await page.getByRole("option", { name: new RegExp(license.key) }).click();
  await check();
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  await page.getByText(`License ${license.key} assigned to Elif Demir.`).waitFor();
  assert.equal(await ownerOf(), id);
  await page.getByRole("button", { name: `Unassign ${license.key}` }).click();
  await page.getByText(`License ${license.key} unassigned.`).waitFor();
  assert.equal(await ownerOf(), null);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await eventually(async () => await ownerOf() === id);
});

test("assigning a license that is another's says who loses it", async () => {
  const [other, mine] = [await makeUser("Other Owner"), await makeUser("Next Owner")];
  const license = await makeLicense(await ctx());
  await assignLicense(await ctx(), { id: license.id, userId: other.id });
  const { page, check } = await panel.visit(`/user/edit/${mine.id}`);
  await page.getByRole("button", { name: "Assign license" }).click();
  await page.getByRole("combobox", { name: "License" }).fill(license.key.slice(0, 9));
  await page.getByRole("option", { name: new RegExp(license.key) }).click();
  await page.getByText("Currently assigned to other.owner@example.com, who will lose it.").waitFor();
  await check();
});

test("a user is signed out in one place, then everywhere", async () => {
  const user = await makeUser("Finn Larsen");
  for (const device of ["tower", "laptop", "tablet"]) await startTestSession(await ctx(), user, device);
  const left = async () => (await listUserSessions(await ctx(), user.id)).map(({ deviceId }) => deviceId);
  const { page, check } = await panel.visit(`/user/edit/${user.id}?tab=sessions`);
  await page.getByRole("button", { name: "Sign out on laptop" }).click();
  await page.getByText("Finn Larsen signed out on laptop.").waitFor();
  assert.deepEqual(await left(), ["tablet", "tower"]);
  await check();
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("No active sessions", { exact: true }).waitFor();
  assert.deepEqual(await left(), []);
});

test("who may only read sees a user and why the buttons are off", async () => {
  const { id } = await makeUser("Grace Liu");
  const { page, check } = await panel.visit(`/user/edit/${id}`, { role: "viewer" });
  for (const name of ["Disable", "Save", "Assign license"]) {
    const button = page.getByRole("button", { name, exact: true });
    await button.waitFor();
    assert.equal(await button.getAttribute("aria-disabled"), "true", name);
  }
  await page.getByRole("button", { name: "Disable" }).hover();
  await page.getByRole("tooltip").getByText(/Requires the Manager role/).first().waitFor();
  await check();
});

test("the pages of users fit a telephone in both themes", async () => {
  const user = await createListedUser(await ctx(), {
    name: "A Person With A Name That Goes On For Rather Longer Than Most",
    email: `a.very.long.address.that.does.not.break.by.itself@subdomain.of.example.com`,
  });
  await startTestSession(
    await ctx(),
    user,
    "a-fingerprint-that-is-as-long-as-fingerprints-of-machines-are",
  );
  await assignLicense(await ctx(), { id: (await makeLicense(await ctx())).id, userId: user.id });
  for (
    const path of ["/users", "/user/new", `/user/edit/${user.id}`, `/user/edit/${user.id}?tab=sessions`]
  ) {
    const { page, check } = await panel.visit(path, { size: "phone" });
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
  }
});

test("customers, licenses, users and leads get tags and notes, and lists are filtered by a tag", async () => {
  const license = await makeLicense(await ctx(), {
    customer: { name: "Saltmarsh Ferry", email: "office@saltmarsh.example" },
  });
  const user = await createListedUser(await ctx(), { name: "Tagged", email: "tagged@saltmarsh.example" });
  const lead = await createLead(await ctx(), { name: "Saltmarsh College", type: "university" });
  const { page, check } = await panel.visit(`/customer/edit/${license.customerId}`);
  for (
    const path of [
      `/customer/edit/${license.customerId}`,
      `/license/edit/${license.id}`,
      `/user/edit/${user.id}`,
      `/leads/edit/${lead.id}`,
    ]
  ) {
    await page.goto(path);
    const tags = page.getByRole("combobox", { name: "Tags" });
    const form = page.locator("form").filter({ has: tags });
    await tags.fill("vip");
    await page.keyboard.press("Enter");
    await form.getByRole("textbox", { name: "Notes" }).fill("Call before noon");
    await form.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/ saved\.$/).first().waitFor();
    if (path.includes("license")) await check();
  }
  for (
    const [path, name] of [
      ["/customers", "Saltmarsh Ferry"],
      ["/licenses", license.key],
      ["/users", "tagged@saltmarsh.example"],
      ["/leads", "Saltmarsh College"],
    ]
  ) {
    await page.goto(`${path}?tag=vip`);
    await page.getByRole("link", { name }).first().waitFor();
    await page.getByRole("button", { name: "Tag: vip" }).waitFor();
    assert.equal(await page.locator("tbody tr[data-id]").count(), 1, path);
  }
});

test("browser and server close", () => panel.stop());
