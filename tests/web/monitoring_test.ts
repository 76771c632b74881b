// Monitoring: the parts of the system, queues, open and cleared alerts, the status and the notifications in the top bar.
import assert from "node:assert/strict";
import { updateAlerts } from "../../server/domain/monitoring/alerts.ts";
import { queueNames } from "../../server/domain/monitoring/queues.ts";
import { startPanel } from "../support/panel_browser.ts";
import { test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const panel = await startPanel();
const HOUR = 3_600_000;

test("without a worker it says so, in the page and at the top", async () => {
  const { page, check } = await panel.visit("/monitoring");
  const worker = page.getByRole("listitem").filter({ hasText: "Worker" });
  await worker.getByText("No heartbeat").waitFor();
  await worker.getByText("Emails, webhooks and jobs are queued until a worker runs.").waitFor();
  await page.getByText("No queue data yet").waitFor();
  await check();

  await page.getByRole("button", { name: /Worker: no heartbeat/ }).click();
  const state = page.getByRole("dialog", { name: "System status" });
  for (const part of ["Server", "Database", "Worker", "Redis", "Live updates"]) {
    await state.getByText(part, { exact: true }).waitFor();
  }
  await state.getByText("On", { exact: true }).waitFor();
  await check();
  await page.keyboard.press("Escape");
  await state.waitFor({ state: "detached" });
});

test("alerts are shown while they last, on the dashboard too, and afterwards as over", async () => {
  const began = Date.now() - 2 * HOUR;
  const trouble = {
    kind: "queue",
    subject: "mail",
    severity: "warning",
    message: "1200 jobs wait in the queue mail",
  } as const;
  await updateAlerts(await panel.server.ctx(new Date(began)), [trouble]);
  const { page, check } = await panel.visit("/dashboard");
  await page.getByRole("list", { name: "Alerts" }).getByText(trouble.message).waitFor();
  await check();
  await page.getByRole("link", { name: "View alert" }).first().click();
  const alerts = page.getByRole("region", { name: "Alerts" });
  await alerts.getByText("Warning", { exact: true }).waitFor();
  await page.getByText(/· 1 open alert$/).waitFor();
  await updateAlerts(await panel.server.ctx(new Date(began + HOUR)), []);
  await alerts.getByText("Resolved", { exact: true }).waitFor();
  await alerts.getByText("No open alerts.").waitFor();
  await check();
});

test("the bell counts what is new, announces it, and leads to it", async () => {
  const { page, check, live } = await panel.visit("/notifications", { isNew: true });
  const bell = page.getByRole("link", { name: /^Notifications: / });
  await page.getByText("0 unread · kept for 90 days").waitFor();
  await page.getByText("No notifications").waitFor();
  await check();
  await live();
  const condition = {
    kind: "redis",
    subject: "vm1",
    severity: "critical",
    message: "Redis is not responding on vm1",
  } as const;
  for (const minute of [0, 10, 20]) {
    await updateAlerts(await panel.server.ctx(new Date(Date.now() + minute * 60_000)), [condition]);
    await updateAlerts(await panel.server.ctx(new Date(Date.now() + (minute + 5) * 60_000)), []);
  }
  await updateAlerts(await panel.server.ctx(new Date(Date.now() + 30 * 60_000)), [condition]);
  await page.getByRole("link", { name: "Notifications: 1 unread" }).waitFor();
  await page.getByRole("status").filter({ hasText: "Notifications: 1 unread" }).waitFor();
  const row = page.getByRole("row").filter({ hasText: condition.message });
  await row.getByText("Critical").waitFor();
  await row.getByText(/· 4 times since /).waitFor();
  await check();
  await row.getByRole("button", { name: /^Mark as read/ }).click();
  await row.getByRole("button", { name: /^Mark as unread/ }).click();
  await bell.waitFor();
  await row.getByRole("link", { name: /^Unread: Redis is not responding/ }).click();
  await page.getByRole("heading", { name: "Monitoring", level: 1 }).waitFor();
  await bell.waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search and commands" }).fill("inbox");
  await page.getByRole("option", { name: /^Notifications/ }).click();
  await updateAlerts(await panel.server.ctx(new Date(Date.now() + 40 * 60_000)), []);
  await row.getByText("Resolved").waitFor();
});

test("kinds of notifications are turned off in the account's settings, and on again by an undo", async () => {
  const { page, who, check } = await panel.visit("/profile", { isNew: true });
  const card = page.getByRole("region", { name: "Notifications" });
  await card.getByText("Always in the panel").waitFor();
  await check();
  await card.getByLabel("Email: System alerts").uncheck();
  await page.getByText("System alerts: emails turned off.").waitFor();
  const stored = async () =>
    (await panel.server.db`
      select kind, is_shown, is_mailed from notification_settings where administrator_id = ${who.id}`)
      .map((row) => ({ ...row }));
  assert.deepEqual(await stored(), [{ kind: "system", isShown: null, isMailed: false }]);
  await page.keyboard.press("u");
  await page.getByText("Undone: System alerts: emails turned off.").waitFor();
  assert.deepEqual(await stored(), [{ kind: "system", isShown: null, isMailed: true }]);
});

test("with a worker everything is up, and its queues are counted", async () => {
  const worker = await startTestWorker(panel.server, {}, ["mail"]);
  const { page, check } = await panel.visit("/monitoring");
  await page.getByRole("row", { name: /^Housekeeping/ }).waitFor();
  await page.getByRole("listitem").filter({ hasText: "Worker" }).getByText("Up").waitFor();
  const table = page.getByRole("group", { name: "Queue sizes" });
  assert.equal(await table.getByRole("row").count(), 1 + queueNames.length);
  assert.deepEqual(await table.getByRole("columnheader").allInnerTexts(), [
    "Queue",
    "Waiting",
    "Active",
    "Delayed",
    "Failed",
  ]);
  await check();
  await worker.stop();
});

test("owners are led to the queues, others are told why not", async () => {
  const owner = await panel.visit("/monitoring");
  assert.equal(
    await owner.page.getByRole("link", { name: "Open queue dashboard" }).getAttribute("href"),
    "/admin/queues",
  );
  const { page, check } = await panel.visit("/monitoring", { role: "viewer" });
  const button = page.getByRole("button", { name: "Open queue dashboard" });
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  await button.hover();
  await page.getByText(/Requires the Owner role/).first().waitFor();
  await check();
});

test("a server that does not answer is told at the top", async () => {
  const { page } = await panel.visit("/monitoring");
  await page.route("**/trpc/**", (route) => route.abort());
  await page.getByRole("listitem").filter({ hasText: "Server" }).getByText("Not responding").waitFor({
    timeout: 20_000,
  });
});

test("monitoring fits a telephone in both themes", async () => {
  const { page, check } = await panel.visit("/monitoring?span=24h", { size: "phone" });
  await page.getByText("Hourly · last 24 hours · Europe/Berlin").first().waitFor();
  await page.locator(".animate-wait").first().waitFor({ state: "detached" });
  await check();
});

test("browser and server close", () => panel.stop());
