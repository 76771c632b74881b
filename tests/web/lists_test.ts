// What every list of the panel has in common: paging, selection, filters, and cards on a telephone.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { listLicenseIds } from "../../server/domain/licenses/list.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

/** A customer with so many licenses, the newest of which has the last key. */
async function makeLicenses(count: number, name: string) {
  const { customerId, productId } = await makeLicense(await ctx(), { key: `${name}-0000` });
  await panel.server.db`
    insert into licenses (
      key, key_digest, product_id, customer_id, type, valid_from, max_activations, max_users, created_at, updated_at
    )
    select key, sha256(key::bytea), ${productId}, ${customerId}, 'perpetual', '2030-01-01', 1, 1, now(), now()
    from (
      select ${name}::text || '-' || lpad(n::text, 4, '0') as key
      from generate_series(1, ${count - 1}::integer) as n
    ) keys
    order by key`;
  return { customerId, productId };
}

const rows = (page: Page) => page.locator("tbody tr[data-id]");
const box = (page: Page, index: number) => rows(page).nth(index).getByRole("checkbox");
const firstKey = (page: Page) => rows(page).first().getByRole("link").first().innerText();

test("a selection survives other pages, filters and a reload; shift selects a range", async () => {
  const { customerId } = await makeLicenses(120, "KEPT");
  const { page, check } = await panel.visit(`/licenses?customerId=${customerId}`);
  await page.getByRole("link", { name: "KEPT-0119" }).waitFor();
  await box(page, 1).click();
  await box(page, 4).click({ modifiers: ["Shift"] });
  await page.getByText("4 selected", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Next page" }).click();
  await page.getByRole("link", { name: "KEPT-0069" }).waitFor();
  await box(page, 0).click();
  await page.getByText("5 selected · 4 not on this page").waitFor();
  await check();
  await page.getByRole("searchbox").fill("KEPT-0118");
  await page.getByText("Showing 1 of 1 license", { exact: true }).waitFor();
  await page.getByText("5 selected · 4 not on this page").waitFor();
  await page.reload();
  await page.getByText("5 selected · 4 not on this page").waitFor();
  await page.getByRole("button", { name: "Keep only this page" }).click();
  await page.getByText("1 selected", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Customers", exact: true }).click();
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "KEPT-0118" }).waitFor();
  assert.equal(await page.getByRole("region", { name: "Selected rows" }).count(), 0);
});

test("a range is selected with the keyboard", async () => {
  const { customerId } = await makeLicenses(6, "TYPED");
  const { page } = await panel.visit(`/licenses?customerId=${customerId}`);
  await page.getByRole("link", { name: "TYPED-0005" }).waitFor();
  for (const key of ["j", "x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
  await page.getByText("3 selected", { exact: true }).waitFor();
});

test("previous and next lead through the pages and back", async () => {
  const { customerId } = await makeLicenses(120, "PAGED");
  const { page, check } = await panel.visit(`/licenses?customerId=${customerId}`);
  const previous = page.getByRole("button", { name: "Previous page" });
  await page.getByRole("link", { name: "PAGED-0119" }).waitFor();
  await page.getByText("Showing 1–50 of 120 licenses", { exact: true }).waitFor();
  assert.equal(await previous.getAttribute("aria-disabled"), "true");
  for (const [key, rows] of [["PAGED-0069", "51–100"], ["PAGED-0019", "101–120"]]) {
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByRole("link", { name: key }).waitFor();
    await page.getByText(`Showing ${rows} of 120 licenses`, { exact: true }).waitFor();
  }
  await check();
  await previous.click();
  await eventually(async () => await firstKey(page) === "PAGED-0069");
  await page.getByText("Showing 51–100 of 120 licenses", { exact: true }).waitFor();
  await previous.click();
  await eventually(async () => await firstKey(page) === "PAGED-0119");
  assert.equal(await rows(page).count(), 50);
  await eventually(async () => await previous.getAttribute("aria-disabled") === "true");
});

test("licenses of a customer are changed together on the customer's page", async () => {
  const { customerId } = await makeLicenses(4, "BULK");
  const { page, check } = await panel.visit(`/customer/edit/${customerId}`);
  await page.getByRole("link", { name: "BULK-0003" }).waitFor();
  await box(page, 0).click();
  await box(page, 2).click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Disable", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Disable 3 licenses" });
  await dialog.getByText("3 licenses will change.").waitFor();
  await check();
  await dialog.getByRole("button", { name: "Disable 3 licenses" }).click();
  await page.getByText("Disabled 3 licenses.").waitFor();
  const disabled = async () =>
    (await listLicenseIds(await ctx(), { customerId, state: "inactive" })).ids.length;
  assert.equal(await disabled(), 3);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => await disabled() === 0);
});

test("licenses are transferred to another customer, and back", async () => {
  const { customerId } = await makeLicenses(3, "MOVED");
  const other = await createCustomer(await ctx(), { name: "Quarry Road Records", email: null });
  const { page, check } = await panel.visit(`/customer/edit/${customerId}`);
  await page.getByRole("link", { name: "MOVED-0002" }).waitFor();
  await box(page, 0).click();
  await box(page, 1).click();
  await page.getByRole("button", { name: "Transfer", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Transfer 2 licenses" });
  const button = dialog.getByRole("button", { name: "Transfer 2 licenses" });
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  await dialog.getByRole("combobox", { name: "New customer" }).fill("quarry");
  await page.getByRole("option", { name: "Quarry Road Records" }).click();
  await dialog.getByText("2 licenses will change.").waitFor();
  await check();
  await button.click();
  await page.getByText("Transferred 2 licenses.").waitFor();
  await page.getByRole("link", { name: "MOVED-0002" }).waitFor({ state: "detached" });
  const theirs = async () => (await listLicenseIds(await ctx(), { customerId: other.id })).ids.length;
  assert.equal(await theirs(), 2);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "MOVED-0002" }).waitFor();
  assert.equal(await theirs(), 0);
});

test("dates are filtered by a suggested range and by operators, which the address keeps", async () => {
  const recent = await makeLicense(await ctx(), { key: "DATED-NEW" });
  const { customerId } = recent;
  const old = await makeLicense(await ctx(), {
    key: "DATED-OLD",
    customerId,
    validUntil: addDays(today(), 300),
  });
  await panel.server.db`update licenses set created_at = now() - interval '40 days' where id = ${old.id}`;
  const { page, check } = await panel.visit(`/licenses?customerId=${customerId}`);
  const filter = async (title: string) => {
    await page.getByRole("button", { name: "Add filter" }).click();
    await page.getByRole("menuitem", { name: title, exact: true }).click();
    return page.getByRole("dialog", { name: title });
  };
  const created = await filter("Created");
  await check();
  await created.getByRole("button", { name: "Last 30 days" }).click();
  await page.getByRole("button", { name: "Created: last 30 days" }).waitFor();
  await page.getByRole("link", { name: "DATED-OLD" }).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).searchParams.get("createdSince"), "today-29");

  await page.getByRole("button", { name: "Created: last 30 days" }).click();
  await created.getByRole("combobox", { name: "Created" }).selectOption("is on or before");
  await created.getByLabel("Day", { exact: true }).fill(addDays(today(), -39));
  await created.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("link", { name: "DATED-OLD" }).waitFor();
  await page.getByRole("link", { name: "DATED-NEW" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^Created: until / }).waitFor();
  await page.getByRole("button", { name: "Remove filter Created" }).click();
  await page.getByRole("link", { name: "DATED-NEW" }).waitFor();

  const expires = await filter("Expires");
  await expires.getByLabel("First day").fill(addDays(today(), 301));
  await expires.getByLabel("Last day").fill(addDays(today(), 300));
  assert.equal(
    await expires.getByRole("button", { name: "Filter", exact: true }).getAttribute("aria-disabled"),
    "true",
  );
  await expires.getByLabel("First day").fill(addDays(today(), 299));
  await expires.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByText("Showing 1 of 1 license", { exact: true }).waitFor();
  await page.getByRole("link", { name: "DATED-OLD" }).waitFor();
  await check();
});

const today = () => dayOf(new Date());

test("a telephone shows cards, with the names of the values, and sorts them by a menu", async () => {
  const { customerId } = await makeLicenses(3, "CARDS");
  const { page, check } = await panel.visit(`/licenses?customerId=${customerId}`, { size: "phone" });
  const card = rows(page).first();
  await card.getByRole("link", { name: "CARDS-0002" }).waitFor();
  assert.ok((await card.boundingBox())!.height > 90, "values are below each other");
  assert.equal(
    await card.locator("td[data-label=Product]").evaluate((cell) =>
      getComputedStyle(cell, "::before").content
    ),
    '"Product"',
  );
  await check();
  await page.getByRole("button", { name: "Sort" }).click();
  await page.getByRole("menuitem", { name: "Key, ascending" }).click();
  await page.waitForURL(/sort=key/);
  await eventually(async () => await firstKey(page) === "CARDS-0000");
  await page.getByLabel("Select all licenses on this page").check();
  await page.getByText("3 selected", { exact: true }).waitFor();
  await check();
});

test("browser and server close", () => panel.stop());
