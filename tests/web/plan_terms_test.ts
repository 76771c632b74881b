// The terms of a plan in the panel: each is explained, the sections say what differs, and an example shows what they mean.
import assert from "node:assert/strict";
import { listPlans } from "../../server/domain/plans/list.ts";
import { makeProduct } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

test("a subscription with days of grace is made without code, and a license of it has them", async () => {
  const product = await makeProduct(await ctx());
  const { page, check, problems } = await panel.visit(`/plan/new?productId=${product.id}`);
  await page.getByLabel("Name", { exact: true }).fill("Yearly");
  await page.getByLabel("Code").fill("yearly");
  const open = (title: string) => page.locator("summary", { hasText: title }).click();
  await open("After the expiration date");
  await page.getByLabel("Days of grace").fill("14");
  await page.getByText(/Stays valid as a grace period/).waitFor();
  await open("Devices");
  await page.getByLabel("Devices beyond the limit, in percent").fill("25");
  await page.getByLabel("An activation lapses after", { exact: true }).selectOption("hours");
  await page.getByLabel("An activation lapses after", { exact: true }).fill("12");
  await open("Concurrent users");
  await page.getByLabel("Wait in a queue").check();
  await check();
  // What contradicts itself is refused at the field, with the name of the other.
  await page.getByLabel("Once expired").selectOption("allow");
  await page.getByRole("button", { name: "Create plan" }).click();
  await page.getByText("grace_days contradicts after_expiry. Change one of them.").waitFor();
  problems.splice(0);
  await page.getByLabel("Once expired").selectOption("refuse");
  await page.getByRole("button", { name: "Create plan" }).click();
  await page.getByRole("heading", { name: "Yearly", level: 1 }).waitFor();
  const { rows: [plan] } = await listPlans(await ctx(), { productId: product.id });
  assert.deepEqual(
    [plan.graceDays, plan.machineOverage, plan.machineLease, plan.seatQueue],
    [14, 25, "PT12H", true],
  );
  await page.getByText("Days of grace: 14").waitFor();
  await check();
});

test("the terms of a plan fit a phone in the dark", async () => {
  const { rows: [plan] } = await listPlans(await ctx(), { q: "yearly" });
  const { page, check } = await panel.visit(`/plan/edit/${plan.id}`, { size: "phone", dark: true });
  await page.getByText("A license issued today").waitFor();
  for (const title of await page.locator("details > summary").all()) await title.click();
  await check();
});

test("browser and server close", () => panel.stop());
