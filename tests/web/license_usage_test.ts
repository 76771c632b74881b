// Metered use in the panel: the meters of a plan, and what is used of a license's, which can be corrected.
import assert from "node:assert/strict";
import { dayOf } from "../../server/domain/calendar.ts";
import { getLicenseUsage } from "../../server/domain/meters/administer.ts";
import { incrementUsage } from "../../server/domain/meters/take.ts";
import { listPlans } from "../../server/domain/plans/list.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { use } from "../support/meters.ts";
import { startPanel } from "../support/panel_browser.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

/** A license that used 8 of 10 exports this month, and 6 two months ago. */
async function meteredLicense(): Promise<LicenseRow> {
  const now = await ctx();
  const license = await makeLicense(now);
  const meters = { exports: { limit: 10, period: "month", overage: 25 } };
  await panel.server.db`
    update licenses
    set meters = ${meters as never}
    where id = ${license.id}`;
  const before = new Date(now.now);
  before.setUTCMonth(before.getUTCMonth() - 2, 1);
  await panel.server.db`
    insert into meter_usage (license_id, meter, period, starts_on, ends_on, max_units, used, updated_at)
    values (${license.id}, 'exports', 'month', ${dayOf(before)}, ${dayOf(before)}, 10, 6, ${before})`;
  await incrementUsage(now, use(license, 8));
  return license;
}

const usedOf = async ({ id }: LicenseRow) => (await getLicenseUsage(await ctx(), id)).meters[0].used;

test("use is corrected with a reason, whatever is counted meanwhile, and undone", async () => {
  const license = await meteredLicense();
  const { page, check, checkOpen } = await panel.visit(`/license/edit/${license.id}?tab=usage`);
  await page.getByText("8 / 10 used").waitFor();
  await page.getByText("Up to 12 a month: 10 and 25 % overage.").waitFor();
  await page.getByRole("button", { name: "Use of exports as a table" }).click();
  assert.deepEqual(
    await page.getByRole("table", { name: "Use of exports" }).locator("td").allInnerTexts(),
    ["8", "0", "6"],
  );
  await check();
  await page.getByRole("button", { name: /^Correct/ }).click();
  const dialog = page.getByRole("dialog", { name: "Correct exports" });
  await checkOpen();
  await dialog.getByLabel("Units").fill("9");
  await dialog.getByRole("button", { name: "Correct" }).hover();
  await page.getByText("Only 8 units can be subtracted.").first().waitFor();
  await dialog.getByLabel("Units").fill("3");
  await dialog.getByRole("button", { name: "Correct" }).click();
  await dialog.getByText(/must not be empty|Required/i).first().waitFor();
  await dialog.getByLabel("Reason").fill("Three exports failed");
  await incrementUsage(await ctx(), use(license, 1));
  await dialog.getByRole("button", { name: "Correct" }).click();
  await page.getByText("exports: 6 used now.").waitFor();
  await page.getByText("6 / 10 used").first().waitFor();
  assert.equal(await usedOf(license), 6);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("9 / 10 used").waitFor();
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByText("Usage corrected").first().waitFor();
  await page.getByText("Three exports failed").first().waitFor({ state: "attached" });
  await check();
});

test("use is set, and downloaded as a file", async () => {
  const license = await meteredLicense();
  const { page } = await panel.visit(`/license/edit/${license.id}?tab=usage`);
  await page.getByRole("button", { name: /^Correct/ }).click();
  const dialog = page.getByRole("dialog", { name: "Correct exports" });
  await dialog.getByLabel("Correction").selectOption("Set to");
  await dialog.getByLabel("Units").fill("0");
  await dialog.getByLabel("Reason").fill("A new start");
  await dialog.getByRole("button", { name: "Correct" }).click();
  await page.getByText("0 / 10 used").waitFor();
  assert.equal(await usedOf(license), 0);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  const text = await Deno.readTextFile(await download.path());
  assert.match(text, /Meter.*Used.*exports.*month.*6/s);
});

test("viewers see the use on a phone and correct nothing", async () => {
  const license = await meteredLicense();
  const { page, check } = await panel.visit(`/license/edit/${license.id}?tab=usage`, {
    size: "phone",
    role: "viewer",
  });
  await page.getByText("8 / 10 used").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Correct/ }).getAttribute("aria-disabled"), "true");
  await check();
});

test("a customer's page shows the use of their licenses, on a phone too", async () => {
  const license = await meteredLicense();
  const { page, check } = await panel.visit(`/customer/edit/${license.customerId}`, {
    size: "phone",
    role: "viewer",
  });
  await page.getByRole("tab", { name: /^Usage ?1$/ }).click();
  await page.getByText("8 / 10 used").waitFor();
  await page.getByText("Up to 12 a month: 10 and 25 % overage.").waitFor();
  await check();
  const other = await makeLicense(await ctx());
  const without = await panel.visit(`/customer/edit/${other.customerId}?tab=usage`);
  await without.page.getByText("None of this customer's licenses has meters.").waitFor();
  await without.check();
  const list = await panel.visit(`/licenses?usage=near_limit&customerId=${license.customerId}`);
  await list.page.getByText("From 80 % of a limit").first().waitFor();
  await list.page.locator(`a[href^="/license/edit/${license.id}"]`).first().waitFor();
});

test("a plan gets meters, each with its name, limit, period and overage", async () => {
  const product = await makeProduct(await ctx());
  const { page, check } = await panel.visit(`/plan/new?productId=${product.id}`);
  await page.getByLabel("Name", { exact: true }).first().fill("Exports");
  await page.getByLabel("Code").fill("exports");
  await page.locator("summary", { hasText: "Metered use" }).click();
  await page.getByRole("button", { name: "Add meter" }).click();
  const first = page.getByRole("group", { name: "New meter" });
  await first.getByLabel("Name").fill("exports");
  const row = page.getByRole("group", { name: "exports" });
  await row.getByLabel("Limit").fill("1000");
  await row.getByLabel("Period").selectOption("Calendar month (UTC)");
  await row.getByLabel("Overage").selectOption("25 %");
  await row.getByText("Up to 1,250 a month: 1,000 and 25 % overage.").waitFor();
  // Two meters of one name are told at the second.
  await page.getByRole("button", { name: "Add meter" }).click();
  const second = page.getByRole("group", { name: "New meter" });
  await second.getByLabel("Name").fill("exports");
  await page.getByText("Another meter has this name.").waitFor();
  await check();
  await page.getByRole("button", { name: "Remove meter" }).last().click();
  await page.getByRole("button", { name: "Create plan" }).click();
  await page.getByRole("heading", { name: "Exports", level: 1 }).waitFor();
  const { rows: [plan] } = await listPlans(await ctx(), { productId: product.id });
  assert.deepEqual(plan.meters, { exports: { limit: 1000, period: "month", overage: 25 } });
  const small = await panel.visit(`/plan/edit/${plan.id}`, { size: "phone", dark: true });
  await small.page.locator("summary", { hasText: "Metered use" }).click();
  await small.check();
});

test("browser and server close", () => panel.stop());
