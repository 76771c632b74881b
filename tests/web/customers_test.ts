// Customers in the panel: finding, creating, editing, deleting and restoring.
import assert from "node:assert/strict";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { createListedUser } from "../../server/domain/accounts/list_users.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import {
  createCustomer,
  deleteCustomer,
  getCustomer,
  updateCustomer,
} from "../../server/domain/customers/customers.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { makeLicense } from "../support/fixtures.ts";
import { holdQueries, startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

test("a customer is found by half a name, and the address shows the same list again", async () => {
  await createCustomer(await ctx(), { name: "Blue Harbor Studios", email: "office@blue.example" });
  await createCustomer(await ctx(), { name: "Greenfield", email: null });
  const { page, check } = await panel.visit("/customers");
  await page.getByRole("searchbox").fill("harb");
  await page.getByRole("link", { name: "Blue Harbor Studios" }).waitFor();
  await page.getByRole("link", { name: "Greenfield" }).waitFor({ state: "detached" });
  assert.match(page.url(), /\?q=harb$/);
  await check();

  await page.reload();
  await page.getByRole("link", { name: "Blue Harbor Studios" }).click();
  await page.getByRole("heading", { name: "Blue Harbor Studios", level: 1 }).waitFor();
  await check();
});

test("a customer is added, once what is missing was said at the field", async () => {
  const { page, check } = await panel.visit("/customer/new");
  await page.getByRole("button", { name: "Create customer" }).click();
  await page.getByText("Required", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("Name").getAttribute("aria-invalid"), "true");
  await check();
  await page.getByLabel("Name").fill("Copperfield Uniforms");
  await page.getByLabel("Email").fill("office@copperfield.example");
  await page.getByRole("button", { name: "Create customer" }).click();
  await page.getByRole("heading", { name: "Copperfield Uniforms", level: 1 }).waitFor();
  const { rows } = await listCustomers(await ctx(), { q: "Copperfield" });
  assert.deepEqual(rows.map(({ name, email }) => ({ name, email })), [
    { name: "Copperfield Uniforms", email: "office@copperfield.example" },
  ]);
});

test("what was typed and not saved is there again", async () => {
  const { page } = await panel.visit("/customer/new");
  await page.getByLabel("Name").fill("Half a na");
  page.on("dialog", (dialog) => dialog.accept());
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
  await page.getByRole("link", { name: "New customer" }).first().click();
  await page.getByText("Restored unsaved draft").waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "Half a na");
});

test("a customer is deleted, and the deletion taken back", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Cinder Path Theatre", email: null });
  const { page } = await panel.visit(`/customer/edit/${id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("Cinder Path Theatre deleted").waitFor();
  assert.notEqual((await getCustomer(await ctx(), id)).deletedAt, null);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await getCustomer(await ctx(), id)).deletedAt === null);
});

test("a customer with licenses is not deleted, and the button says why", async () => {
  const { customerId } = await makeLicense(await ctx());
  await makeLicense(await ctx(), { customerId });
  const { page } = await panel.visit(`/customer/edit/${customerId}`);
  const remove = page.getByRole("button", { name: "Delete", exact: true });
  await eventually(async () => await remove.getAttribute("aria-disabled") === "true");
  await remove.hover();
  await page.getByText("Can't delete: this customer has 2 licenses. Delete or transfer them first.").first()
    .waitFor();
});

test("a deleted customer says until when it can be restored, and is restored from its page", async () => {
  const long = new Date(Date.now() - 31 * 86_400_000);
  const { id } = await createCustomer(await ctx(), { name: "Marsh Lane Pottery", email: null });
  await deleteCustomer(await ctx(), id);
  const { page, check } = await panel.visit("/customers?deleted=true");
  await page.getByRole("link", { name: "Marsh Lane Pottery" }).click();
  await page.getByText(/^Deleted\. It can be restored until/).waitFor();
  await check();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByRole("button", { name: "Delete" }).waitFor();
  assert.equal((await getCustomer(await ctx(), id)).deletedAt, null);

  await deleteCustomer(await panel.server.ctx(long), id);
  await page.getByText(/^Deleted more than 30 days ago/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Restore" }).getAttribute("aria-disabled"), "true");
});

test("an owner exports the personal data of a customer, and erases it by typing the name", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Ada Byron", email: "ada@example.com" });
  const { page, check } = await panel.visit(`/customer/edit/${id}`);
  await page.getByRole("button", { name: "Personal data" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /^Export personal data/ }).click();
  const file = await (await download).path();
  assert.equal(JSON.parse(await Deno.readTextFile(file)).customers[0].email, "ada@example.com");

  await page.getByRole("button", { name: "Personal data" }).click();
  await page.getByRole("menuitem", { name: /^Erase personal data/ }).click();
  const button = page.getByRole("dialog").getByRole("button", { name: "Erase personal data" });
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  await check();
  await page.getByLabel("Type Ada Byron to confirm").fill("Ada Byron");
  await button.click();
  await page.getByRole("heading", { name: `Erased customer ${id}`, level: 1 }).waitFor();
  assert.equal((await getCustomer(await ctx(), id)).email, null);
});

test("customers are narrowed to those without a license, and the table goes out as a file", async () => {
  const license = await makeLicense(await ctx(), {
    customer: { name: "Having Ltd", email: "having@example.com" },
  });
  await createCustomer(await ctx(), { name: "Lacking Ltd", email: null });
  const { page, check } = await panel.visit("/customers?q=Ltd&hasLicenses=false");
  await page.getByRole("link", { name: "Lacking Ltd" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Having Ltd" }).count(), 0);
  await check();
  await page.goto(`/customers?productId=${license.productId}`);
  await page.getByRole("link", { name: "Having Ltd" }).waitFor();
  await page.getByRole("button", { name: "Export (current view)" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  assert.equal(file.suggestedFilename(), "customers.csv");
  const text = await Deno.readTextFile((await file.path())!);
  assert.match(text, /Having Ltd/);
  assert.doesNotMatch(text, /Lacking Ltd/);
});

test("a customer's page shows licenses, machines and users, and summarises the status", async () => {
  const license = await makeLicense(await ctx(), {
    customer: { name: "Full Hall", email: "full@example.com" },
    validUntil: addDays(dayOf(new Date()), 9),
  });
  await activateLicense(await ctx(), {
    licenseKey: license.key,
    hardwareId: "full",
    machineName: "FULL-PC",
    appVersion: null,
  });
  const user = await createListedUser(await ctx(), { name: "Full User", email: "user@full.example" });
  await assignLicense(await ctx(), { id: license.id, userId: user.id });
  const { page, check } = await panel.visit(`/customer/edit/${license.customerId}`);
  await page.getByText("1 active license · 1 expires within 30 days · 1 device").waitFor();
  await page.getByRole("link", { name: license.key }).waitFor();
  await check();
  await page.getByRole("tab", { name: /Devices/ }).click();
  await page.getByRole("row", { name: /FULL-PC/ }).waitFor();
  await check();
  await page.getByRole("tab", { name: /Users/ }).click();
  await page.getByRole("link", { name: "user@full.example" }).waitFor();
  await check();
});

test("who saves a name keeps the address that another tab has saved since", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Two Tabs", email: null });
  const path = `/customer/edit/${id}`;
  const { page: one, problems } = await panel.visit(path);
  await one.getByLabel("Name", { exact: true }).fill("Two Tabs Ltd");
  await holdQueries(one, /customers\.get/);
  const { page: other } = await panel.visit(path, { role: "manager" });
  await other.getByLabel("Email", { exact: true }).fill("office@tabs.example");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await other.getByText(/ saved\.$/).waitFor();

  await one.getByRole("button", { name: "Save", exact: true }).click();
  await one.getByText(/ saved\.$/).waitFor();
  const { name, email } = await getCustomer(await ctx(), id);
  assert.deepEqual([name, email], ["Two Tabs Ltd", "office@tabs.example"]);
  assert.equal(await one.getByLabel("Email", { exact: true }).inputValue(), "office@tabs.example");
  // The browser notes the refusal that was resolved.
  assert.equal(problems.filter((problem) => !problem.includes("412")).length, 0);
});

test("a field that two persons changed is asked about, with both values", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Both", email: "old@both.example" });
  const { page, check, problems } = await panel.visit(`/customer/edit/${id}`);
  const save = page.getByRole("button", { name: "Save", exact: true });
  const dialog = page.getByRole("dialog", { name: "Someone else changed this" });
  const theirs = async (changes: { name?: string; email?: string }) =>
    await updateCustomer(await ctx(), { id, changes });
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await page.getByLabel("Email", { exact: true }).fill("mine@both.example");
  await holdQueries(page, /customers\.get/);
  await theirs({ name: "Theirs" });
  await save.click();
  await dialog.getByRole("group", { name: "Name" }).getByText("Theirs").waitFor();
  assert.equal(await dialog.getByRole("group", { name: "Email" }).count(), 0);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal((await getCustomer(await ctx(), id)).name, "Theirs");

  await theirs({ email: "theirs@both.example" });
  await save.click();
  await dialog.waitFor();
  problems.length = 0;
  await check();
  const keep = dialog.getByRole("button", { name: "Save", exact: true });
  await dialog.getByRole("group", { name: "Name" }).getByRole("radio", { name: /Mine/ }).check();
  assert.equal(await keep.getAttribute("aria-disabled"), "true");
  await dialog.getByRole("group", { name: "Email" }).getByRole("radio", { name: /theirs@/ }).check();
  await keep.click();
  await page.getByText(/ saved\.$/).waitFor();
  const { name, email } = await getCustomer(await ctx(), id);
  assert.deepEqual([name, email], ["Mine", "theirs@both.example"]);
  assert.equal(await page.getByLabel("Email", { exact: true }).inputValue(), "theirs@both.example");
});

test("a draft does not put back what was saved since it was typed", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Drafted", email: "old@draft.example" });
  const { page } = await panel.visit(`/customer/edit/${id}`);
  await page.getByLabel("Name", { exact: true }).fill("Drafted Ltd");
  page.on("dialog", (dialog) => dialog.accept());
  await page.getByRole("link", { name: "Customers" }).first().click();
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
  await updateCustomer(await ctx(), { id, changes: { email: "new@draft.example" } });
  await page.goto(`/customer/edit/${id}`);
  await page.getByLabel("Name", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Drafted Ltd");
  assert.equal(await page.getByLabel("Email", { exact: true }).inputValue(), "new@draft.example");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/ saved\.$/).waitFor();
  const { name, email } = await getCustomer(await ctx(), id);
  assert.deepEqual([name, email], ["Drafted Ltd", "new@draft.example"]);
});

test("what is typed for one customer is never saved to another, whose page it was before", async () => {
  const one = await createCustomer(await ctx(), { name: "Object One", email: null });
  const two = await createCustomer(await ctx(), { name: "Object Two", email: null });
  const { page } = await panel.visit(`/customer/edit/${one.id}`);
  const title = (name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();
  await title("Object One");
  // As a link from one page to the other does, without loading the panel again.
  await page.evaluate((id) => {
    history.pushState(null, "", `/customer/edit/${id}`);
    dispatchEvent(new PopStateEvent("popstate"));
  }, two.id);
  await title("Object Two");
  await page.goBack();
  await title("Object One");
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Object One");
  await page.getByLabel("Email", { exact: true }).fill("one@object.example");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await eventually(async () => (await getCustomer(await ctx(), one.id)).email === "one@object.example");
  const { name, email } = await getCustomer(await ctx(), two.id);
  assert.deepEqual([name, email], ["Object Two", null]);
});

test("a session that ended asks for the password in place and goes on", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Juniper", email: null });
  const { page, who } = await panel.visit(`/customer/edit/${id}`, { isNew: true });
  await page.getByLabel("Name").fill("Juniper & Sons");
  await panel.server
    .db`update administrator_sessions set expires_at = now() where administrator_id = ${who.id}`;
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("dialog", { name: "Your session has expired" }).waitFor();
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Continue" }).click();
  await eventually(async () => (await getCustomer(await ctx(), id)).name === "Juniper & Sons");
});

test("who may only read sees why the buttons are off", async () => {
  const { customerId } = await makeLicense(await ctx());
  const { page, check } = await panel.visit(`/customer/edit/${customerId}`, { role: "viewer" });
  const remove = page.getByRole("button", { name: "Delete" });
  assert.equal(await remove.getAttribute("aria-disabled"), "true");
  await remove.hover();
  await page.getByRole("tooltip", { name: /Requires the Manager role/ }).or(
    page.getByText(/Requires the Manager role/),
  ).first()
    .waitFor();
  await check();
});

test("the pages fit a telephone in both themes", async () => {
  const { customerId } = await makeLicense(await ctx());
  for (const path of ["/customers", "/customer/new", `/customer/edit/${customerId}`]) {
    const { page, check } = await panel.visit(path, { size: "phone" });
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
  }
});

test("browser and server close", () => panel.stop());
