// The import of licenses and their devices in the panel: from the list of licenses to the devices, with what is wrong on the way.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { utils, write } from "@e965/xlsx";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { createProduct } from "../../server/domain/products/products.ts";
import { startPanel } from "../support/panel_browser.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const { db } = panel.server;
const ctx = await panel.server.ctx();
const product = await createProduct(ctx, { code: "stitch", name: "Stitch" });
await createPlan(ctx, {
  productId: product.id,
  code: "classic",
  name: "Classic",
  licenseType: "perpetual",
  duration: null,
  maxActivations: 1,
  maxUsers: 1,
  features: [],
});

const licenses = [
  ["Key", "Customer", "Email", "Product code", "Plan code", "max_activations", "metadata.crm_id"],
  ["PANEL-IMPORT-0001", "Lumen & Sons", "it@lumen.example", "stitch", "classic", "2", "4711"],
  ["PANEL-IMPORT-0002", "Lumen & Sons", "it@lumen.example", "stitch", "classic", "", ""],
  ["PANEL-IMPORT-0003", "Lumen & Sons", "it@lumen.example", "knit", "classic", "", ""],
];
const activations = [
  ["License", "Fingerprint", "Device", "Last seen"],
  ["PANEL-IMPORT-0001", "9f86d081884c7d65", "LUMEN-PC1", "2026-01-15 17:40"],
  ["PANEL-IMPORT-0002", "60303ae22b998861", "LUMEN-PC2", ""],
  ["PANEL-IMPORT-0002", "fd61a03af4f77d87", "LUMEN-PC3", ""],
];

/** A workbook with both sheets, the one of devices first. */
function workbook() {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(activations), "Activations");
  utils.book_append_sheet(book, utils.aoa_to_sheet(licenses), "Licenses");
  return {
    name: "moved.xlsx",
    mimeType: "application/octet-stream",
    buffer: Buffer.from(write(book, { type: "array", bookType: "xlsx" }) as ArrayBuffer),
  };
}

test("a workbook of licenses is checked, its customers are created when that is chosen, and their devices follow", async () => {
  const { page, check } = await panel.visit("/licenses");
  await page.getByRole("link", { name: "Import" }).click();
  await page.getByRole("heading", { name: "Import licenses", level: 1 }).waitFor();
  const [template] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download template" }).click(),
  ]);
  assert.match(
    await Deno.readTextFile(await template.path()),
    /^\ufeff?Key,Customer,Email,User,Product code,/,
  );
  await check();

  await page.getByLabel("Upload a file").setInputFiles(workbook());
  await page.getByText(/^0 of 3 rows ready$/).waitFor();
  await page.getByText("is no existing customer's").first().waitFor();
  assert.equal(await page.getByLabel("Field for column metadata.crm_id").inputValue(), "metadata.crm_id");
  await check();
  await page.getByLabel("Create customers that do not exist").check();
  await page.getByText(/^2 of 3 rows ready$/).waitFor();
  await page.getByText("1 customer will be created.").waitFor();
  await page.getByText("is the code of no product").waitFor();
  await check();
  await page.getByRole("button", { name: "Import 2 licenses" }).click();
  await page.getByText("2 licenses imported").waitFor();
  await page.getByText("1 customer created.").waitFor();
  await check();

  await page.getByRole("link", { name: "Import their devices" }).click();
  await page.getByRole("heading", { name: "Import devices", level: 1 }).waitFor();
  await page.getByLabel("Upload a file").setInputFiles(workbook());
  await page.getByText(/^2 of 3 rows ready$/).waitFor();
  await page.getByText(/has all 1 activations in use/).waitFor();
  await check();
  await page.getByRole("button", { name: "Import 2 devices" }).click();
  await page.getByText("2 devices imported").waitFor();
  await page.getByRole("link", { name: "View devices" }).click();
  await page.getByText("LUMEN-PC1").first().waitFor();
  const saved = await db`
    select key, max_activations, activations_in_use, metadata
    from licenses
    order by key`;
  assert.deepEqual(saved.map((row) => ({ ...row })), [
    {
      key: "PANEL-IMPORT-0001",
      maxActivations: 2,
      activationsInUse: 1,
      metadata: { crm_id: { value: 4711, public: false } },
    },
    { key: "PANEL-IMPORT-0002", maxActivations: 1, activationsInUse: 1, metadata: {} },
  ]);
});

test("the same file again is skipped, or reported, and what is missing is said", async () => {
  const { page, check } = await panel.visit("/licenses/import");
  await page.getByLabel("Upload a file").setInputFiles(workbook());
  await page.getByRole("heading", { name: "2 duplicates" }).waitFor();
  await page.getByText("2 duplicates will be skipped.").waitFor();
  await page.getByRole("link", { name: "existing license" }).first().waitFor();
  await page.getByRole("radio", { name: /^Report/ }).check();
  await page.getByText("is an existing license, number").first().waitFor();
  await check();
  await page.getByLabel("Field for column Product code").selectOption("");
  await page.getByText("No column is mapped to Product code yet. Licenses need the code of a product.")
    .waitFor();
});

test("who may only read is told that importing is not theirs, and a telephone fits it", async () => {
  const viewer = await panel.visit("/licenses/import", { role: "viewer" });
  await viewer.page.getByText("Requires the Manager role").waitFor();
  const { page, check } = await panel.visit("/devices/import", { size: "phone" });
  await page.getByLabel("Upload a file").setInputFiles(workbook());
  await page.getByText(/of 3 rows ready$/).waitFor();
  await check();
});

test("browser and server close", () => panel.stop());
