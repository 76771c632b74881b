// The log of API requests in the panel: support finds why an app was rejected, and what to do.
import assert from "node:assert/strict";
import { writeApiRequests } from "../../server/domain/api_requests/write.ts";
import { apiRequest, makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;

test("support finds why the app says that the limit is reached, and follows it to the license", async () => {
  const license = await makeLicense(await server.ctx(), { maxActivations: 1 });
  const pc = { license_key: license.key, hardware_hash: "PC-1", machine_name: "Anne's PC" };
  await server.post("/api/license/activate", pc);
  const { page, check } = await panel.visit("/api-requests");
  await page.getByText("/api/license/activate").first().waitFor();
  // What comes later appears without a reload.
  await server.post("/api/license/activate", { ...pc, hardware_hash: "PC-2" });
  await page.getByText("ACTIVATION_LIMIT_REACHED").first().waitFor();
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("menuitem", { name: "Outcome" }).click();
  await page.getByRole("dialog", { name: "Outcome" }).getByRole("button", { name: "Rejected" }).click();
  await eventually(async () => (await page.getByRole("row").count()) === 2);
  assert.match(page.url(), /\?outcome=rejected$/);
  await page.getByRole("link", { name: "POST /api/license/activate" }).click();
  const drawer = page.getByRole("dialog", { name: "POST /api/license/activate" });
  await drawer.getByText(/As many devices as the license allows/).waitFor();
  await drawer.getByText(/Deactivate a device/).waitFor();
  await check();
  await drawer.getByRole("link", { name: license.key }).click();
  await page.waitForURL(new RegExp(`/license/edit/${license.id}`));
  await drawer.waitFor({ state: "detached" });
  await page.getByRole("tab", { name: "API requests" }).click();
  await page.getByRole("tabpanel").getByText("ACTIVATION_LIMIT_REACHED").waitFor();
  await check();
  await page.getByRole("link", { name: "View all API requests" }).click();
  await page.getByRole("heading", { name: "API requests", level: 1 }).waitFor();
  assert.match(page.url(), new RegExp(`\\?licenseId=${license.id}$`));
});

test("the list fits a phone in the dark and says what was left out, and an API key leads to its requests", async () => {
  await writeApiRequests(server.db, [apiRequest(new Date(), { seen: 412, kept: 10 })]);
  const small = await panel.visit("/api-requests", { size: "phone", dark: true });
  await small.page.getByText("Under load only some requests are kept", { exact: false }).waitFor();
  await small.page.getByText("10 of 412 kept").waitFor();
  await small.check();
  const { page, check } = await panel.visit("/api-keys");
  await page.getByRole("button", { name: "Log bodies tests" }).click();
  await page.getByRole("button", { name: "Stop tests" }).waitFor();
  await check();
  await page.getByRole("button", { name: "Stop tests" }).click();
  await page.getByRole("button", { name: "Log bodies tests" }).waitFor();
  await page.getByRole("link", { name: "View requests of tests" }).click();
  await page.waitForURL(/api-requests\?apiKeyId=\d+$/);
  await page.getByRole("button", { name: "Remove filter API key" }).waitFor();
});

test("viewers read the log with masked keys", async () => {
  const { page } = await panel.visit("/api-requests", { role: "viewer" });
  await page.getByText("ACTIVATION_LIMIT_REACHED").first().waitFor();
  const [{ key }] = await server.db<{ key: string }[]>`select key from licenses order by id limit 1`;
  assert.ok(!(await page.content()).includes(key));
});

test("browser and server close", () => panel.stop());
