// Licenses in the panel: finding them, issuing one or many, and previewing and making bulk changes.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { listLicenseIds, listLicenses } from "../../server/domain/licenses/list.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();
const keyForm = /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/;

async function pick(page: Page, label: string, name: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).fill(name.slice(0, 6));
  await page.getByRole("option", { name }).click();
}

test("an empty list says what a license is and leads to the first", async () => {
  const { page, check } = await panel.visit("/licenses");
  await page.getByText("No licenses yet").waitFor();
  await check();
  await page.getByRole("link", { name: "New license" }).first().click();
  await page.getByRole("heading", { name: "New license", level: 1 }).waitFor();
});

test("a license is made from a plan whose terms can be another, and its page shows the key", async () => {
  const { id: customerId } = await createCustomer(await ctx(), { name: "Blue Harbor Studios", email: null });
  const product = await makeProduct(await ctx(), "bridge");
  const plan = await createPlan(await ctx(), {
    productId: product.id,
    code: "yearly",
    name: "Yearly",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 5,
    maxUsers: 4,
    features: ["wifi_upload"],
  });
  const { page, check } = await panel.visit(`/license/new?customerId=${customerId}`);
  await eventually(async () =>
    await page.getByRole("combobox", { name: "Customer" }).inputValue() === "Blue Harbor Studios"
  );
  await page.getByRole("button", { name: "Create license" }).click();
  await page.getByText("Required", { exact: true }).waitFor();
  await pick(page, "Product", product.name);
  await page.getByLabel("Plan", { exact: true }).selectOption(String(plan.id));
  await page.getByLabel("Starts").fill("2030-02-01");
  assert.equal(await page.getByLabel("Expires").inputValue(), "2031-01-31");
  assert.equal(await page.getByLabel("Concurrent users").inputValue(), "4");
  await page.getByLabel("Activation limit").fill("7");
  await page.getByText("Overrides plan (5)").waitFor();
  await check();
  await page.getByRole("button", { name: "Create license" }).click();
  const heading = page.getByRole("heading", { name: keyForm, level: 1 });
  await heading.waitFor();
  await page.getByText("wifi_upload").waitFor();
  const [license] = (await listLicenses(await ctx(), { customerId })).rows;
  assert.deepEqual(
    [
      license.planId,
      license.type,
      license.validFrom,
      license.validUntil,
      license.maxActivations,
      license.maxUsers,
    ],
    [plan.id, "subscription", "2030-02-01", "2031-01-31", 7, 4],
  );
  await heading.getByRole("button", { name: "Copy key" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), license.key);
});

test("a customer who is not there yet is added on the way", async () => {
  await makeProduct(await ctx(), "studio");
  const { page, check } = await panel.visit("/license/new");
  await page.getByRole("button", { name: "New customer" }).click();
  const dialog = page.getByRole("dialog", { name: "New customer" });
  await dialog.getByLabel("Name").fill("Copperfield Uniforms");
  await check();
  await dialog.getByRole("button", { name: "Create customer" }).click();
  await dialog.waitFor({ state: "detached" });
  await eventually(async () =>
    await page.getByRole("combobox", { name: "Customer" }).inputValue() === "Copperfield Uniforms"
  );
  await pick(page, "Product", "Product studio");
  await page.getByLabel("License key").fill("OURS-2024-000017");
  await page.getByRole("button", { name: "Create license" }).click();
  await page.getByRole("heading", { name: "OURS-2024-000017", level: 1 }).waitFor();
});

test("many licenses are made as a job, with progress and a list of what it made", async () => {
  const { customerId, productId } = await makeLicense(await ctx());
  const worker = await startTestWorker(panel.server);
  const { page, check } = await panel.visit(`/license/new?customerId=${customerId}&productId=${productId}`);
  await page.getByLabel("Quantity").fill("1200");
  await page.getByRole("button", { name: "Create 1200 licenses" }).click();
  await page.getByText("1,200 licenses created").waitFor({ timeout: 30_000 });
  await check();
  await page.getByRole("link", { name: "View licenses" }).click();
  await page.getByText("Showing 1–50 of 1,200 licenses").waitFor();
  await page.getByRole("button", { name: /^Created by job:/ }).waitFor();
  await worker.stop();
});

test("a license that is made elsewhere arrives in the open list", async () => {
  const { page, live } = await panel.visit("/licenses");
  await live();
  await page.getByRole("link", { name: keyForm }).first().waitFor();
  const { key, id } = await makeLicense(await ctx());
  await page.getByRole("link", { name: key }).waitFor();
  await page.locator(`tr[data-id="${id}"].animate-arrive`).waitFor();
});

test("filters and sort are in the address, and the export takes them", async () => {
  const { customerId, key } = await makeLicense(await ctx(), { validUntil: "2031-05-01" });
  await makeLicense(await ctx(), { customerId, validUntil: "2032-05-01" });
  const { page, check } = await panel.visit(`/licenses?customerId=${customerId}&endsBy=2031-12-31`);
  await page.getByText("Showing 1 of 1 license", { exact: true }).waitFor();
  await page.getByRole("link", { name: key }).waitFor();
  await check();
  await page.getByRole("button", { name: "Export (current view)" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  const text = await Deno.readTextFile((await file.path())!);
  assert.equal(text.trim().split("\n").length, 2);
  assert.ok(text.includes(key));
});

test("licenses are extended across pages: previewed, changed in chunks, undone", async () => {
  const { customerId, productId } = await makeLicense(await ctx(), { validUntil: null });
  await panel.server.db`
    insert into licenses (
      key, key_digest, product_id, customer_id, type, valid_from, valid_until, max_activations, max_users,
      created_at, updated_at
    )
    select 'bulk-' || n, sha256(('bulk' || n)::bytea), ${productId}, ${customerId}, 'subscription', '2030-01-01',
      '2030-12-31', 1, 1, now(), now()
    from generate_series(1, 1100) as n`;
  const endingIn = async (year: number) =>
    (await listLicenses(await ctx(), { customerId, endsBy: `${year}-12-31`, limit: 1 })).total;
  const { page, check, live } = await panel.visit(`/licenses?customerId=${customerId}`);
  // The license of above is news to the page until it is live.
  await live();
  await page.getByRole("row", { name: /Dec 31, 2030/ }).nth(10).waitFor();
  await page.getByLabel("Select all licenses on this page").check();
  await page.getByRole("button", { name: "Select all 1,101 matching licenses" }).click();
  await page.getByText("1,101 selected").waitFor();
  await page.getByRole("button", { name: "Extend", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Extend 1,101 licenses" });
  await dialog.getByText("1,100 licenses will change.").waitFor();
  await dialog.getByText("1 unchanged: never expire, or expire on Dec 31, 9999.").waitFor();
  await dialog.getByRole("row", { name: /Dec 31, 2030.*Dec 31, 2031/ }).first().waitFor();
  await dialog.getByLabel("Extend by", { exact: true }).fill("2");
  await dialog.getByRole("row", { name: /Dec 31, 2030.*Dec 31, 2032/ }).first().waitFor();
  await check();
  assert.equal(await endingIn(2030), 1100);
  await dialog.getByRole("button", { name: "Extend 1,100 licenses" }).click();
  await page.getByText("Extended 1,100 licenses.").waitFor();
  assert.deepEqual([await endingIn(2030), await endingIn(2032)], [0, 1100]);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => await endingIn(2030) === 1100);
});

test("licenses are renewed by their own durations from the list, and one from its page", async () => {
  const monthly = await makeLicense(await ctx(), { validUntil: "2040-01-31" });
  const { customerId, productId } = monthly;
  await makeLicense(await ctx(), { customerId, productId, validUntil: "2040-01-31" });
  await panel.server.db`update licenses set duration = 'P1M' where id = ${monthly.id}`;
  const { page, live } = await panel.visit(`/licenses?customerId=${customerId}`);
  await live();
  await page.getByLabel("Select all licenses on this page").check();
  await page.getByRole("button", { name: "Renew", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 unchanged: no duration").waitFor();
  await dialog.getByRole("row", { name: /Jan 31, 2040.*Feb 29, 2040/ }).waitFor();
  await dialog.getByRole("button", { name: "Renew 1 license" }).click();
  await page.getByText("Renewed 1 license.").waitFor();
  await page.goto(`/license/edit/${monthly.id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: /Renew/ }).click();
  await dialog.getByRole("button", { name: "Renew 1 license" }).click();
  await page.getByText("Renewed 1 license.").waitFor();
  const endsOn = async () =>
    (await listLicenses(await ctx(), { customerId, q: monthly.key })).rows[0].validUntil;
  assert.equal(await endsOn(), "2040-03-31");
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => await endsOn() === "2040-02-29");
});

test("a license is disabled with a reason, and at a time that can be cancelled", async () => {
  const { id } = await makeLicense(await ctx());
  const { page, live } = await panel.visit(`/license/edit/${id}`);
  await live();
  const dialog = page.getByRole("dialog");
  const open = async (item: string) => {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await open("Disable with a reason or later…");
  await dialog.getByLabel("Reason").fill("Ends with the contract");
  await dialog.getByLabel("Time").fill("2099-01-31T18:00");
  await dialog.getByRole("row", { name: /Nothing scheduled.*Disabled Jan 31, 2099/ }).waitFor();
  await dialog.getByRole("button", { name: "Disable 1 license" }).click();
  await page.getByText("Scheduled for 1 license.").waitFor();
  await page.getByText(/: Ends with the contract/).first().waitFor();
  await open("Cancel the scheduled change");
  await page.getByText(/Nothing is scheduled for license/).waitFor();
  await page.getByText(/: Ends with the contract/).first().waitFor({ state: "detached" });
  await open("Disable with a reason or later…");
  await dialog.getByLabel("Reason").fill("Chargeback");
  await dialog.getByLabel("Reason").blur();
  await dialog.getByRole("button", { name: "Disable 1 license" }).click();
  await page.getByText(/Disabled .* by .*: Chargeback/).waitFor();
});

test("work on many is stopped between two pieces, and undo takes back only what it changed", async () => {
  const { customerId, productId } = await makeLicense(await ctx());
  await panel.server.db`
    insert into licenses (
      key, key_digest, product_id, customer_id, type, is_active, valid_from, max_activations, max_users,
      created_at, updated_at
    )
    select 'stop-' || n, sha256(('stop' || n)::bytea), ${productId}, ${customerId}, 'perpetual', n % 2 = 0,
      '2030-01-01', 1, 1, now(), now()
    from generate_series(1, 1200) as n`;
  const off = async () => (await listLicenseIds(await ctx(), { customerId, state: "inactive" })).ids.length;
  const { page } = await panel.visit(`/licenses?customerId=${customerId}`);
  let goOn = () => {};
  const held = new Promise<void>((resolve) => goOn = resolve);
  await page.route("**/trpc/licenses.disable**", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByLabel("Select all licenses on this page").check();
  await page.getByRole("button", { name: "Select all 1,201 matching licenses" }).click();
  await page.getByText("1,201 selected").waitFor();
  await page.getByRole("button", { name: "Disable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("600 unchanged: already disabled.").waitFor();
  await dialog.getByRole("button", { name: "Disable 601 licenses" }).click();
  await dialog.getByRole("progressbar", { name: "Disable…" }).waitFor();
  await dialog.getByRole("button", { name: "Stop" }).click();
  goOn();
  await page.getByText("Stopped; the rest is unchanged.").waitFor();
  const after = await off();
  assert.ok(after > 600 && after < 1200, `${after} are off`);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => await off() === 600);
});

test("who may only read may look, and sees why the rest is off", async () => {
  const { key } = await makeLicense(await ctx());
  const { page, check } = await panel.visit("/licenses", { role: "viewer" });
  await page.getByRole("row").filter({ hasText: maskKey(key) }).first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Copy key" }).count(), 0, "it would copy stars");
  await page.getByPlaceholder("Search by customer or full key…").fill(key);
  await page.waitForURL(/q=/);
  await page.getByRole("row").filter({ hasText: maskKey(key) }).waitFor();
  await page.getByLabel("Select this license").first().check();
  for (const name of ["Extend", "Disable", "Delete"]) {
    const button = page.getByRole("button", { name, exact: true });
    assert.equal(await button.getAttribute("aria-disabled"), "true");
  }
  await check();
});

test("the list and the form fit a telephone in both themes", async () => {
  for (const path of ["/licenses", "/license/new"]) {
    const { page, check } = await panel.visit(path, { size: "phone" });
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
  }
});

test("browser and server close", () => panel.stop());
