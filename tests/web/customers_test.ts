// Customers in the panel: finding one by half a name, adding, changing, deleting and taking it back.
import assert from "node:assert/strict";
import { createCustomer, getCustomer, listCustomers } from "../../server/domain/customers.ts";
import { makeLicense } from "../support/made.ts";
import { startPanel } from "../support/panel_browser.ts";
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
  await page.getByText("This is needed.").waitFor();
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
  await page.getByText("This is what you typed before").waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "Half a na");
});

test("a customer is deleted, and the deletion taken back", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Cinder Path Theatre", email: null });
  const { page } = await panel.visit(`/customer/edit/${id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("Cinder Path Theatre is deleted").waitFor();
  assert.notEqual((await getCustomer(await ctx(), id)).deletedAt, null);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await getCustomer(await ctx(), id)).deletedAt === null);
});

test("a session that ended asks for the password in place and goes on", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Juniper", email: null });
  const { page, who } = await panel.visit(`/customer/edit/${id}`);
  await page.getByLabel("Name").fill("Juniper & Sons");
  await panel.server
    .db`update administrator_sessions set expires_at = now() where administrator_id = ${who.id}`;
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Go on" }).click();
  await eventually(async () => (await getCustomer(await ctx(), id)).name === "Juniper & Sons");
});

test("who may only read sees why the buttons are off", async () => {
  const { customerId } = await makeLicense(await ctx());
  const { page, check } = await panel.visit(`/customer/edit/${customerId}`, { role: "viewer" });
  const remove = page.getByRole("button", { name: "Delete" });
  assert.equal(await remove.getAttribute("aria-disabled"), "true");
  await remove.hover();
  await page.getByRole("tooltip", { name: /needs the role manager/ }).or(
    page.getByText(/needs the role manager/),
  ).first()
    .waitFor();
  await check();
});

for (const dark of [false, true]) {
  test(`the pages fit a telephone${dark ? " in the dark" : ""}`, async () => {
    const { customerId } = await makeLicense(await ctx());
    for (const path of ["/customers", "/customer/new", `/customer/edit/${customerId}`]) {
      const { page, check } = await panel.visit(path, { size: "phone", dark });
      await page.locator(".animate-wait").first().waitFor({ state: "detached" });
      await check();
      await page.context().close();
    }
  });
}

test("browser and server close", () => panel.stop());
