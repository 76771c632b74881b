// Anomalies are described and resolved with a note; jobs are followed until they have finished.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { detectAnomalies } from "../../server/domain/anomalies/detect.ts";
import { listAnomalies } from "../../server/domain/anomalies/resolve.ts";
import { getJob, requestJob, storeFile } from "../../server/domain/jobs/job.ts";
import { claimJob, finishJob, saveProgress } from "../../server/domain/jobs/lease.ts";
import { requestLicenses } from "../../server/domain/licenses/issue_many.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

/** A license with an anomaly: so many machines were activated within minutes. */
async function makeAnomaly(machines: number) {
  const license = await makeLicense(await ctx(), { maxActivations: 50 });
  for (let n = 1; n <= machines; n++) {
    await activateLicense(await ctx(), {
      licenseKey: license.key,
      hardwareId: `${license.id}-${n}`,
      machineName: `RENTAL-${n}`,
      appVersion: null,
    });
  }
  await detectAnomalies(await ctx());
  return license;
}

async function requestMany(count: number) {
  const customer = await createCustomer(await ctx(), { name: "Merrow Resellers", email: null });
  const product = await makeProduct(await ctx());
  return await requestLicenses(await ctx(), { customerId: customer.id, productId: product.id, count });
}

test("where nothing unusual was seen, the page says what is looked for", async () => {
  const { page, check } = await panel.visit("/anomalies");
  await page.getByText("No anomalies detected").waitFor();
  await check();
  await page.getByRole("link", { name: "Jobs", exact: true }).click();
  await page.getByText("No jobs yet").waitFor();
  await check();
});

test("an anomaly is read in plain words and resolved with a note", async () => {
  const license = await makeAnomaly(6);
  await makeAnomaly(8);
  const { page, check, who } = await panel.visit("/anomalies");
  await page.getByText("2 unresolved of 2 anomalies").waitFor();
  const row = page.getByRole("row").filter({ hasText: license.key });
  await row.getByText("6 new devices within an hour").waitFor();
  await row.getByText("RENTAL-6").waitFor();
  await check();
  await row.getByRole("button", { name: /^Resolve/ }).click();
  const dialog = page.getByRole("dialog", { name: "Resolve anomaly" });
  await dialog.getByText("It can be reopened.").waitFor();
  await check();
  await dialog.getByLabel("Note").fill("x".repeat(2001));
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await dialog.getByText("At most 2000 characters.").waitFor();
  await dialog.getByLabel("Note").fill("Rented for a fair.");
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await row.getByText("Resolved").waitFor();
  await page.getByText("1 unresolved of 2 anomalies").waitFor();
  const { rows: [resolved] } = await listAnomalies(await ctx(), { licenseId: license.id });
  assert.deepEqual([resolved.note, resolved.resolvedBy], [
    "Rented for a fair.",
    `owner ${who.email.match(/\d+/)}`,
  ]);

  await page.getByRole("button", { name: "Unresolved only" }).click();
  await row.waitFor({ state: "detached" });
  assert.match(page.url(), /\?unresolved=true$/);
  await page.reload();
  await page.getByText("8 new devices within an hour").waitFor();
  assert.equal(await row.count(), 0);
});

test("an anomaly shows what led to it and what can be done, and is resolved and reopened there", async () => {
  const license = await makeAnomaly(9);
  const { page, check } = await panel.visit("/anomalies?unresolved=true");
  const row = page.getByRole("row").filter({ hasText: license.key });
  await row.getByText("Warning", { exact: true }).waitFor();
  await row.getByRole("link", { name: "Activation spike" }).click();
  const drawer = page.getByRole("dialog", { name: "Activation spike" });
  await drawer.getByText("9 new devices within an hour (threshold: 5)").waitFor();
  await drawer.getByText("Device activated").nth(8).waitFor();
  assert.match(page.url(), /unresolved=true&anomaly=\d+$/);
  await check();
  const isActive = async () => (await getLicenseById(await ctx(), license.id)).isActive;
  await drawer.getByRole("button", { name: "Disable license" }).click();
  await drawer.getByRole("button", { name: "Enable license" }).waitFor();
  assert.equal(await isActive(), false);
  await drawer.getByRole("button", { name: "Enable license" }).click();
  await eventually(isActive);
  await drawer.getByRole("button", { name: "Deactivate device" }).click();
  await page.getByText("RENTAL-9 deactivated.").waitFor();
  await drawer.getByLabel("Resolution note (optional)").fill("A training room.");
  await drawer.getByRole("button", { name: "Resolve" }).click();
  await drawer.getByText("A training room.").waitFor();
  await drawer.getByRole("button", { name: "Reopen" }).click();
  await drawer.getByRole("button", { name: "Resolve" }).waitFor();
  const { rows: [anomaly] } = await listAnomalies(await ctx(), { licenseId: license.id });
  assert.deepEqual([anomaly.resolvedAt, anomaly.note], [null, "A training room."]);
  await page.goto(`/anomalies?anomaly=${anomaly.id}`);
  await drawer.getByRole("link", { name: "View devices" }).click();
  await page.waitForURL((url) => url.searchParams.get("licenseId") === String(license.id));
  await page.getByRole("row", { name: /RENTAL-9/ }).waitFor();
});

test("an anomaly that is found appears by itself, and who may only read cannot resolve it", async () => {
  const { page, check } = await panel.visit("/anomalies", { role: "viewer" });
  const { key } = await makeAnomaly(7);
  const row = page.getByRole("row").filter({ hasText: maskKey(key) });
  await row.waitFor();
  const button = row.getByRole("button", { name: /^Resolve/ });
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  await button.hover();
  await page.getByText(/Requires the Manager role/).first().waitFor();
  await check();
});

test("a job's progress moves by itself until it is done", async () => {
  const { id } = await requestMany(3000);
  const { page, check } = await panel.visit(`/job/${id}`);
  await page.getByText("0 of 3,000 done · starts when a worker is available").waitFor();
  assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "0");
  await check();
  const { job } = (await claimJob(await ctx()))!;
  await saveProgress(await ctx(), job, { done: 1500, now: new Date() });
  await page.getByText("1,500 of 3,000 done").first().waitFor();
  await page.getByText("Running").waitFor();
  assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "50");
  await saveProgress(await ctx(), job, { done: 3000, now: new Date() });
  await finishJob(await ctx(), job, { issued: 3000 }, new Date());
  await page.getByText("3,000 licenses created.").waitFor();
  assert.equal(
    await page.getByRole("link", { name: "View licenses" }).getAttribute("href"),
    `/licenses?jobId=${id}`,
  );
  await check();
});

test("a job that waits is cancelled, and nothing comes of it", async () => {
  const { id } = await requestMany(10);
  const { page } = await panel.visit("/jobs?state=waiting");
  await page.getByRole("link", { name: "Create 10 licenses" }).click();
  await page.getByRole("button", { name: "Cancel job" }).click();
  await page.getByText(/^Job \d+ cancelled\.$/).waitFor();
  await page.getByText("No licenses were created.").waitFor();
  assert.equal((await getJob(await ctx(), id)).state, "cancelled");
  await page.getByRole("listitem").filter({ hasText: "Job cancelled" }).waitFor();
});

test("the errors of an import are shown and handed over as a file", async () => {
  const job = await requestJob(await ctx(), { kind: "import_leads", input: { dryRun: false }, total: null });
  await storeFile(
    await ctx(),
    job.id,
    pieces("Name,Contact email\nAlder Academy,a@alder.example\nDunmore,invalid\n"),
  );
  const worker = await startTestWorker(panel.server, {}, ["requests"]);
  await eventually(async () => (await getJob(await ctx(), job.id)).finishedAt);
  await worker.stop();
  const { page, check } = await panel.visit(`/job/${job.id}`);
  await page.getByText("1 lead imported from 2 rows. 1 row with errors skipped.").waitFor();
  await page.getByRole("row", { name: /^3 Contact email is not an email address/ }).waitFor();
  await check();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  const lines = (await readFile(await file.path(), "utf8")).replace("\uFEFF", "").trim().split("\r\n");
  assert.equal(lines[0], "Name,Contact email,Line,Errors");
  assert.equal(lines[1], "Dunmore,invalid,3,Contact email is not an email address");
  await check();
});

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new TextEncoder().encode(text));
}

test("anomalies and jobs fit a telephone in both themes", async () => {
  for (const path of ["/anomalies", "/jobs", "/job/1", "/job/3"]) {
    const { page, check } = await panel.visit(path, { size: "phone" });
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
  }
});

test("browser and server close", () => panel.stop());
