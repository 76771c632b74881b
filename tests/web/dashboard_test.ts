// The dashboard: live figures, and charts that can be read visually, by keyboard, as a table and as a file.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { dayOf } from "../../server/domain/calendar.ts";
import { rollUpStatistics } from "../../server/domain/monitoring/statistics.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();
const DAY = 86_400_000;

async function activate(key: string, hardwareId: string, appVersion = "3.1.0") {
  await activateLicense(await ctx(), { licenseKey: key, hardwareId, machineName: "DESK", appVersion });
}

/** A chart by its title, once it is drawn. */
async function chart(page: Page, title: string) {
  const card = page.getByRole("region", { name: title, exact: true });
  await card.locator("canvas").first().waitFor();
  return card;
}

test("an empty server leads to the first steps", async () => {
  const { page, check } = await panel.visit("/dashboard");
  await page.getByRole("heading", { name: "Get started" }).waitFor();
  await page.getByText("1 of 6 done").waitFor();
  await page.getByText("No licenses expire in this period.").waitFor();
  await check();
  assert.equal(
    await page.getByRole("link", { name: "Continue setup" }).getAttribute("href"),
    "/start",
  );
});

test("the figures and the latest activity move when a machine activates", async () => {
  const { key } = await makeLicense(await ctx());
  const { page, check } = await panel.visit("/dashboard");
  await page.getByRole("link", { name: /^Active devices\s*0$/ }).waitFor();
  await panel.server.post("/api/license/activate", { license_key: key, hardware_hash: "first" });
  await page.getByRole("link", { name: /^Active devices\s*1$/ }).waitFor();
  const arrived = page.getByRole("listitem").filter({ hasText: "Device activated" });
  await arrived.and(page.locator(".animate-arrive")).waitFor();
  assert.match(await arrived.innerText(), new RegExp(key));
  await page.getByRole("heading", { name: "Get started" }).waitFor({ state: "detached" });
  await check();
});

test("the chosen span is in the address, and the chart says it with its zone", async () => {
  const { page, check } = await panel.visit("/dashboard");
  await page.getByText("Hourly · last 7 days · Europe/Berlin").first().waitFor();
  await page.getByRole("button", { name: "30 days" }).click();
  await page.getByText("Daily · last 30 days · UTC").first().waitFor();
  assert.match(page.url(), /\?span=30d$/);
  await page.reload();
  await page.getByText("Daily · last 30 days · UTC").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "30 days" }).getAttribute("aria-pressed"), "true");
  await check();
});

test("a chart tells its numbers by pointer and by keyboard, as a table and as a file", async () => {
  const { key } = await makeLicense(await ctx());
  for (const machine of ["a", "b", "c"]) await activate(key, machine);
  await eventually(async () => {
    await rollUpStatistics(await ctx());
    const [{ count }] = await panel.server.db`
      select coalesce(sum(value), 0)::integer as count
      from statistics
      where measure = 'license.activated' and span = 'day'`;
    return count === 4;
  });
  const { page, check } = await panel.visit("/dashboard?span=30d");
  const card = await chart(page, "Activations");
  await card.getByText("Activated4").or(card.getByText("Activated 4")).first().waitFor();
  const points = card.getByRole("slider", { name: "Activations, point by point" });
  assert.match(await points.getAttribute("aria-valuetext") ?? "", /: Activated 4, Deactivated 0$/);
  await points.focus();
  await page.keyboard.press("ArrowLeft");
  assert.match(await points.getAttribute("aria-valuetext") ?? "", /: Activated 0, Deactivated 0$/);
  await page.keyboard.press("End");
  assert.match(await points.getAttribute("aria-valuetext") ?? "", /: Activated 4, Deactivated 0$/);
  const box = (await card.locator(".u-over").boundingBox())!;
  await page.mouse.move(box.x + 4, box.y + box.height / 2);
  assert.match(await points.getAttribute("aria-valuetext") ?? "", /: Activated 0, Deactivated 0$/);

  await card.getByRole("button", { name: "Activations as a table" }).click();
  const rows = card.getByRole("row");
  assert.equal(await rows.count(), 31);
  assert.deepEqual(await rows.nth(1).getByRole("cell").allInnerTexts(), ["4", "0"]);
  await check();

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    card.getByRole("button", { name: "Activations as a CSV file" }).click(),
  ]);
  assert.equal(file.suggestedFilename(), "activations.csv");
  const lines = (await readFile(await file.path(), "utf8")).replace("\uFEFF", "").trim().split("\r\n");
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [
    31,
    "From,Activated,Deactivated",
    `${dayOf(new Date())},4,0`,
  ]);
  await check();
});

test("charts are drawn in a browser whose language is no language tag, as on a Linux machine without a locale", async () => {
  const { page, check } = await panel.visit("/customers", { isNew: true });
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "language", { get: () => "en-US@posix", configurable: true });
  });
  await page.goto("/dashboard");
  await page.locator("canvas").first().waitFor();
  await check();
});

test("charts take the colors of light and dark at once, and the width of the window", async () => {
  const { page } = await panel.visit("/dashboard");
  const canvas = (await chart(page, "Activations")).locator("canvas").first();
  const picture = () => canvas.evaluate((drawn) => (drawn as HTMLCanvasElement).toDataURL());
  const light = await picture();
  await page.getByRole("button", { name: /account menu/ }).click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await eventually(async () => await picture() !== light);
  const wide = (await canvas.boundingBox())!.width;
  await page.setViewportSize({ width: 800, height: 900 });
  await eventually(async () => {
    const { width } = (await canvas.boundingBox())!;
    return width !== wide && width < 800;
  });
});

test("what draws charts is fetched where a chart is shown", async () => {
  const { page } = await panel.visit("/customers");
  const drawers = () =>
    page.evaluate(() =>
      performance.getEntriesByType("resource").filter(({ name }) => /\/Plot-[^/]*\.js$/.test(name)).length
    );
  assert.equal(await drawers(), 0);
  await page.getByRole("link", { name: "Dashboard", exact: true }).click();
  await chart(page, "Activations");
  assert.equal(await drawers(), 1);
});

test("what ends and what runs lead to their lists", async () => {
  const soon = dayOf(new Date(Date.now() + 9 * DAY));
  await makeLicense(await ctx(), { validUntil: soon });
  const { page } = await panel.visit("/dashboard?ahead=28");
  const card = await chart(page, "Expiring licenses");
  await card.getByText("Daily · next 28 days · UTC").waitFor();
  const points = card.getByRole("slider");
  await points.focus();
  await page.keyboard.press("Home");
  for (let day = 0; day < 9; day++) await page.keyboard.press("ArrowRight");
  assert.match(await points.getAttribute("aria-valuetext") ?? "", /: Licenses 1$/);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) =>
    url.pathname === "/licenses" && url.searchParams.get("endsFrom") === soon &&
    url.searchParams.get("endsBy") === soon
  );
  await page.goBack();
  await page.getByRole("region", { name: "Version adoption" }).getByRole("link", { name: "3.1.0" }).click();
  await page.waitForURL((url) =>
    url.pathname === "/devices" && url.searchParams.get("appVersion") === "3.1.0"
  );
});

test("a point of a chart leads to the events that it counts", async () => {
  const { page, check } = await panel.visit("/dashboard?span=30d");
  const points = (await chart(page, "Activations")).getByRole("slider");
  await points.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/activity");
  const { searchParams } = new URL(page.url());
  assert.equal(searchParams.get("type"), "license.activated");
  assert.equal(searchParams.get("since"), `${dayOf(new Date())}T00:00:00.000Z`);
  await page.getByRole("link", { name: "Device activated" }).first().waitFor();
  await page.getByRole("button", { name: "Event: Device activated" }).waitFor();
  await check();
});

test("who may only read sees everything and why the button is off", async () => {
  const { page, check } = await panel.visit("/dashboard", { role: "viewer" });
  await chart(page, "Activations");
  const button = page.getByRole("button", { name: "New license" });
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  await button.hover();
  await page.getByText(/Requires the Manager role/).first().waitFor();
  await check();
});

test("the dashboard fits a telephone in both themes", async () => {
  const { page, check } = await panel.visit("/dashboard", { size: "phone" });
  await chart(page, "Activations");
  await page.locator(".animate-wait").first().waitFor({ state: "detached" });
  await check();
});

test("browser and server close", () => panel.stop());
