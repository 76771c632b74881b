// Merging customers in the panel, by two persons, and the hint about possible duplicates.
import assert from "node:assert/strict";
import { createCustomer, getCustomer } from "../../server/domain/customers/customers.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

test("two customers are merged while another person edits the one that disappears", async () => {
  const merged = await createCustomer(await ctx(), {
    name: "Lighthouse Ltd",
    email: "old@lighthouse.example",
  });
  const into = await createCustomer(await ctx(), {
    name: "Lighthouse Books",
    email: "new@lighthouse.example",
  });
  const license = await makeLicense(await ctx(), { customerId: merged.id });
  const { page: other, live } = await panel.visit(`/customer/edit/${merged.id}`, { isNew: true });
  await live();
  await other.getByLabel("Name").fill("Lighthouse Limited");

  const { page, check } = await panel.visit(`/customer/edit/${merged.id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: /^Merge into another customer/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Customer that stays" }).fill("Lighthouse B");
  await page.getByRole("option", { name: /Lighthouse Books/ }).click();
  await dialog.getByText("1 license", { exact: false }).waitFor();
  await dialog.getByText("This can't be undone.", { exact: false }).waitFor();
  await dialog.getByRole("group", { name: "Email" }).getByLabel("Merged customer").check();
  await check();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await page.getByText("Lighthouse Ltd merged into Lighthouse Books.").waitFor();
  await page.waitForURL(`**/customer/edit/${into.id}`);
  await page.getByRole("heading", { name: "Lighthouse Books", level: 1 }).waitFor();
  const { id, email } = await getCustomer(await ctx(), merged.id);
  assert.deepEqual([id, email], [into.id, "old@lighthouse.example"]);

  await other.getByText("This customer was merged into Lighthouse Books.", { exact: false }).waitFor();
  assert.equal(await other.getByLabel("Name").inputValue(), "Lighthouse Limited");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await other.getByText(`This customer was merged into customer ${into.id}. Use that one.`).first().waitFor();
  assert.equal((await getCustomer(await ctx(), into.id)).name, "Lighthouse Books");
  await other.getByRole("link", { name: "Open Lighthouse Books" }).waitFor();

  // A link that someone kept leads on.
  await page.goto(`/customer/edit/${merged.id}`);
  await page.waitForURL(`**/customer/edit/${into.id}`);
  await page.getByRole("heading", { name: "Lighthouse Books", level: 1 }).waitFor();
  assert.equal((await getLicenseById(await ctx(), license.id)).customerId, into.id);
});

test("a possible duplicate is offered on the page, and leads to the merge", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Twin Peaks", email: "hi@twin.example" });
  await createCustomer(await ctx(), { name: "Twin Peaks Inc.", email: "HI@twin.example" });
  const { page, check } = await panel.visit(`/customer/edit/${id}`);
  await page.getByText("Same email").waitFor();
  await check();
  await page.getByRole("link", { name: /Merge into this customer.*Twin Peaks Inc/ }).click();
  const dialog = page.getByRole("dialog", { name: "Merge Twin Peaks Inc. into another customer" });
  await dialog.getByRole("button", { name: "Merge" }).click();
  await page.getByText("Twin Peaks Inc. merged into Twin Peaks.").waitFor();
});

test("browser and server close", () => panel.stop());
