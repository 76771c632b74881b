// The audit log page.
import assert from "node:assert/strict";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { updateCustomer } from "../../server/domain/customers/customers.ts";
import { startPanel } from "../support/panel_browser.ts";
import { makeLicense } from "../support/fixtures.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

test("what happens appears by itself, and opens with before and after", async () => {
  const { id } = await createCustomer(await ctx(), { name: "Old Name", email: null });
  const { page, check, live } = await panel.visit("/activity");
  await page.getByRole("link", { name: "Customer created" }).first().waitFor();
  await live();
  await updateCustomer(await ctx(), { id, changes: { name: "New Name" } });
  await page.getByRole("link", { name: "Customer updated" }).click();
  const drawer = page.getByRole("dialog", { name: "Customer updated" });
  await drawer.getByRole("row", { name: "name Old Name New Name" }).waitFor();
  assert.match(page.url(), /\?event=\d+$/);
  await check();
  await page.reload();
  await drawer.waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
});

test("events are narrowed by what they are about, and the address says so", async () => {
  await makeLicense(await ctx());
  const { page } = await panel.visit("/activity");
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("menuitem", { name: "Event" }).click();
  await page.getByRole("dialog", { name: "Event" }).getByRole("button", { name: "Licenses" }).click();
  await page.getByRole("link", { name: "Customer created" }).first().waitFor({ state: "detached" });
  await page.getByRole("link", { name: "License created" }).first().waitFor();
  assert.match(page.url(), /\?type=license\.$/);

  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("menuitem", { name: "Save view…" }).click();
  await page.getByLabel("Name").fill("Licenses only");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("button", { name: "Remove filter Event" }).click();
  await page.getByRole("link", { name: "Customer created" }).first().waitFor();
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("menuitem", { name: "Licenses only" }).click();
  await page.getByRole("link", { name: "Customer created" }).first().waitFor({ state: "detached" });
});

test("views and columns are there on another machine, too", async () => {
  const first = await panel.visit("/activity");
  await first.page.getByRole("button", { name: "Columns" }).click();
  await Promise.all([
    first.page.waitForResponse((response) => response.url().includes("setPreference")),
    first.page.getByLabel("Request ID", { exact: true }).check(),
  ]);
  const second = await panel.visit("/activity", { who: first.who });
  await second.page.getByRole("columnheader", { name: "Request ID" }).waitFor();
});

test("what is shown goes out as a file", async () => {
  const { page } = await panel.visit("/activity?type=customer.created");
  await page.getByRole("button", { name: "Export (current view)" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  const text = await Deno.readTextFile(await download.path());
  const lines = text.trim().split("\n");
  assert.match(lines[0], /^\W*Id,Time,Event,Actor/);
  assert.ok(lines.length > 1 && lines.slice(1).every((line) => line.includes("customer.created")), text);
});

test("the list fits a telephone in the dark", async () => {
  const { page, check } = await panel.visit("/activity", { size: "phone", dark: true });
  await page.getByRole("link", { name: "License created" }).first().waitFor();
  await check();
});

test("browser and server close", () => panel.stop());
