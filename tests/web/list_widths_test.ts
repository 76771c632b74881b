// Every list fits a window of 1360 pixels: no column is lost, and no cell of a fixed kind is cut off.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { createListedUser } from "../../server/domain/accounts/list_users.ts";
import { createLead } from "../../server/domain/leads/leads.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { makeLicense, makeRelease } from "../support/fixtures.ts";
import { sizes, startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();
const today = () => dayOf(new Date());

/** A row in every list. */
async function fillLists() {
  const license = await makeLicense(await ctx(), {
    customer: { name: "Wide Open Fields Cooperative", email: "accounting@wide-open-fields.example" },
    type: "subscription",
    validUntil: addDays(today(), 300),
    maxActivations: 250,
  });
  const { id: licenseId, productId, customerId } = license;
  const { activation } = await activateLicense(await ctx(), {
    licenseKey: license.key,
    hardwareId: "a-rather-long-fingerprint-0123456789abcdef",
    machineName: "WORKSTATION-17",
    appVersion: "10.20.30",
  });
  await startSeat(await ctx(), { licenseKey: license.key, hardwareId: activation.hardwareId });
  const user = await createListedUser(await ctx(), { name: "Wide User", email: "user@wide.example" });
  await assignLicense(await ctx(), { id: licenseId, userId: user.id });
  await makeRelease(await ctx(), productId, "10.20.30");
  await createPlan(await ctx(), {
    productId,
    code: "wide",
    name: "Wide",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 5,
    maxUsers: 4,
    features: ["wifi_upload", "ai_features"],
  });
  await createResource(await ctx(), { type: "server", identifier: "SRV-WIDE" });
  await createLead(await ctx(), { name: "Wide University", type: "university" });
  await panel.server.db`
    insert into anomalies (
      kind, subject, license_id, customer_id, activation_id, facts, threshold, severity, found_at, last_seen_at
    )
    values ('license_hopping', 'machine:1', ${licenseId}, ${customerId}, ${activation.id},
      '{"licensesWithinADay": 14}', 3, 'critical', now(), now())`;
  await makeLicense(await ctx(), { validFrom: addDays(today(), 200), validUntil: addDays(today(), 1200) });
  await panel.server.db`
    insert into notifications (kind, subject, severity, subject_id, facts, count, first_at, last_at)
    values ('account', 'wide', 'critical', 1,
      '{"type": "signInFailing", "failures": 20, "factor": "password", "ip": "2001:db8::1234:5678:9abc"}', 12, now(), now())`;
  await panel.server.db`
    insert into jobs (kind, input, total, requested_at)
    values ('issue_licenses', '{"count": 10}', 10, now())`;
  return { licenseId, customerId };
}

/** The cells of fixed kinds, such as dates and states, that are cut off: the titles of their columns and what they say. */
function cutCells(page: Page): Promise<string[]> {
  return page.locator("main").evaluate((main) => {
    for (const time of main.querySelectorAll("td time")) time.textContent = "in 59 min";
    return [...main.querySelectorAll<HTMLElement>("td[data-label]:not([data-text]), th")].flatMap((cell) =>
      [cell, ...cell.querySelectorAll<HTMLElement>(".truncate")].some(({ scrollWidth, clientWidth }) =>
          scrollWidth > clientWidth
        )
        ? [`${cell.dataset.label ?? "heading"}: ${cell.innerText}`]
        : []
    );
  });
}

test("every list fits a window of 1360 pixels without losing a column or cutting a cell of a fixed kind", async () => {
  const { licenseId, customerId } = await fillLists();
  const paths = [
    ...["/licenses", "/customers", "/users", "/devices", "/sessions", "/products", "/plans", "/releases"],
    ...[
      "/resources",
      "/leads",
      "/anomalies",
      "/jobs",
      "/activity",
      "/notifications",
      "/api-keys",
      "/webhooks",
    ],
    ...[
      `/license/edit/${licenseId}`,
      `/customer/edit/${customerId}`,
      `/customer/edit/${customerId}?tab=devices`,
    ],
  ];
  const { page } = await panel.visit("/licenses");
  await page.setViewportSize({ width: 1360, height: 800 });
  const wide: string[] = [];
  for (const path of paths) {
    await page.goto(path);
    await page.locator("main").getByText(/./).first().waitFor();
    await page.locator("main .animate-wait").first().waitFor({ state: "detached" });
    const tables = page.locator('[role=group][aria-label^="Table of"]');
    const widths = () =>
      tables.evaluateAll((groups) => groups.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
    // Columns get their final widths with the rows.
    const fits = async () => (await widths()).every((width) => width <= 0);
    if (!await eventually(fits, 3000).catch(() => false)) wide.push(`${path}: ${await widths()} px`);
    for (const cell of new Set(await cutCells(page))) wide.push(`${path}: ${cell}`);
  }
  assert.deepEqual(wide, []);
  // Narrower than the content allows: the table scrolls, its actions stay, and a shadow says that there is more.
  await page.setViewportSize({ width: 800, height: 800 });
  await page.goto("/devices");
  const button = page.getByRole("button", { name: "Actions for WORKSTATION-17" });
  await button.waitFor();
  const { x, width } = (await button.boundingBox())!;
  assert.ok(x + width <= 800, `the actions end at ${x + width}`);
  await page.locator("[data-edge]").waitFor();
  await page.setViewportSize(sizes.desktop);
});

test("browser and server close", () => panel.stop());
