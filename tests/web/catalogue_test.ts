// Products, plans and releases in the panel: creating, validation errors, what apps are offered, deleting and
// restoring.
import assert from "node:assert/strict";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { getProduct } from "../../server/domain/products/products.ts";
import { createPlan, getPlan, type PlanRow } from "../../server/domain/plans/plans.ts";
import { listPlans } from "../../server/domain/plans/list.ts";
import { listProducts } from "../../server/domain/products/list.ts";
import { getRelease, listReleases } from "../../server/domain/releases/releases.ts";
import { makeLicense, makeProduct, makeRelease } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

async function makePlan(productId: number, more: Partial<PlanRow> = {}): Promise<PlanRow> {
  return await createPlan(await ctx(), {
    productId,
    code: "yearly",
    name: "Yearly",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 5,
    maxUsers: 5,
    features: ["wifi_upload"],
    ...more,
  });
}

test("an empty server says what to do first, page by page", async () => {
  const { page, check } = await panel.visit("/products");
  for (
    const [path, said] of [["/products", "No products yet"], ["/plans", "No plans yet"], [
      "/releases",
      "No releases yet",
    ]]
  ) {
    await page.goto(path);
    await page.getByText(said).waitFor();
    await check();
  }
});

test("a product, its plan and its release are made in one go", async () => {
  const { page, check } = await panel.visit("/products");
  await page.getByRole("link", { name: "New product" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Photo Studio");
  await page.getByLabel("Code").fill("Photo Studio!");
  await page.getByRole("button", { name: "Create product" }).click();
  await page.getByText("Must be lower case letters, digits, - and _.").waitFor();
  assert.equal(await page.getByLabel("Code").getAttribute("aria-invalid"), "true");
  await check();
  await page.getByLabel("Code").fill("photo-studio");
  await page.getByRole("button", { name: "Create product" }).click();
  await page.getByRole("heading", { name: "Photo Studio", level: 1 }).waitFor();
  await page.getByText("No plans yet").waitFor();
  await check();

  await page.getByRole("link", { name: "New plan" }).first().click();
  const product = page.getByRole("combobox", { name: "Product" });
  await eventually(async () => await product.inputValue() === "Photo Studio");
  await page.getByLabel("Name").fill("Half a year");
  await page.getByLabel("Code").fill("half-year");
  await page.getByLabel("Duration", { exact: true }).fill("6");
  await page.getByLabel("Duration: days, months or years").selectOption("months");
  await page.getByLabel("Activation limit").fill("3");
  const features = page.getByRole("combobox", { name: "Features" });
  await features.fill("raw_import");
  await features.press("Enter");
  await features.fill("mistake");
  await features.press(",");
  await features.press("Backspace");
  await features.fill("Wi-Fi");
  await features.press("Enter");
  await page.getByText("“Wi-Fi” must be lower case letters, digits, - and _.").waitFor();
  await check();
  await page.getByRole("button", { name: "Remove Wi-Fi" }).click();
  // Text that was typed but not yet added counts, too.
  await features.fill("cloud");
  await page.getByRole("button", { name: "Create plan" }).click();
  await page.getByRole("heading", { name: "Half a year", level: 1 }).waitFor();
  await check();
  const { rows: [{ id: productId }] } = await listProducts(await ctx(), { q: "photo-studio" });
  const { rows: [plan] } = await listPlans(await ctx(), { productId });
  const { code, duration, maxActivations, maxUsers, features: codes } = plan;
  assert.deepEqual([code, duration, maxActivations, maxUsers, codes], [
    "half-year",
    "P6M",
    3,
    1,
    ["raw_import", "cloud"],
  ]);

  await page.goto(`/release/new?productId=${productId}`);
  await page.getByLabel("Version").fill("one");
  await page.getByLabel("Download URL").fill("photo.zip");
  await page.getByRole("button", { name: "Publish release" }).click();
  await page.getByText("Enter a valid URL.").waitFor();
  await page.getByLabel("Download URL").fill("https://example.com/photo.zip");
  await page.getByRole("button", { name: "Publish release" }).click();
  await page.getByText("version must follow Semantic Versioning").waitFor();
  assert.equal(await page.getByLabel("Version").getAttribute("aria-invalid"), "true");
  await page.getByLabel("Version").fill("1.0.0");
  await page.getByLabel("Release notes").fill("<b>First</b> release\nof many");
  await page.getByLabel("Mandatory").check();
  await page.getByRole("button", { name: "Publish release" }).click();
  await page.getByRole("heading", { name: "Photo Studio 1.0.0", level: 1 }).waitFor();
  await page.getByText("Latest stable release").waitFor();
  await page.getByRole("tab", { name: "Notes" }).click();
  await page.getByText("<b>First</b> release").last().waitFor();
  const { rows: [release] } = await listReleases(await ctx(), { productId });
  assert.deepEqual([release.version, release.isMandatory], ["1.0.0", true]);
});

test("a code that is taken is said at its field, and nothing is made", async () => {
  const { id, code } = await makeProduct(await ctx());
  const { page, problems } = await panel.visit("/product/new");
  await page.getByLabel("Name").fill("Another");
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Create product" }).click();
  await page.getByText("A product with this code already exists, perhaps a deleted one.").waitFor();
  assert.equal(await page.getByLabel("Code").getAttribute("aria-invalid"), "true");
  problems.length = 0;
  const { rows } = await listProducts(await ctx(), { q: code });
  assert.deepEqual(rows.map((row) => row.id), [id]);
});

test("a plan lasts for ever once that is chosen, and its features reach its licenses", async () => {
  const { id: productId } = await makeProduct(await ctx());
  const { id } = await makePlan(productId);
  await makeLicense(await ctx(), { productId, planId: id });
  const { page, check } = await panel.visit(`/plan/edit/${id}`);
  await page.getByText("Applies immediately to 1 existing license.").waitFor();
  await page.getByLabel("Duration", { exact: true }).fill("");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Enter a number from 1 to 9999.").waitFor();
  await check();
  await page.getByLabel("Duration: days, months or years").selectOption("Perpetual");
  const features = page.getByRole("combobox", { name: "Features" });
  await features.press("Backspace");
  await features.fill("ai_features");
  await features.press("Enter");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await eventually(async () => (await getPlan(await ctx(), id)).duration === null);
  assert.deepEqual((await getPlan(await ctx(), id)).features, ["ai_features"]);
  await page.getByText("Plan updated").waitFor();
});

test("a product with licenses is not deleted, and the button says why", async () => {
  const { productId } = await makeLicense(await ctx());
  const { page } = await panel.visit(`/product/edit/${productId}`);
  const remove = page.getByRole("button", { name: "Delete" });
  await eventually(async () => await remove.getAttribute("aria-disabled") === "true");
  await remove.hover();
  await page.getByText("Can't delete: this product has 1 license. Delete it first.").first().waitFor();
  assert.equal((await getProduct(await ctx(), productId)).deletedAt, null);
});

test("a product is deleted, the deletion taken back, and a deleted one restored from the list", async () => {
  const { id, name } = await makeProduct(await ctx(), "short-lived");
  const { page, check } = await panel.visit(`/product/edit/${id}`);
  const isDeleted = async () => (await getProduct(await ctx(), id)).deletedAt !== null;
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText(`${name} deleted`).waitFor();
  assert.ok(await isDeleted());
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => !await isDeleted());

  await page.goto(`/product/edit/${id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: "Products", level: 1 }).waitFor();
  await page.goto("/products?deleted=true");
  await page.getByRole("link", { name }).click();
  await page.getByText("It can be restored until").waitFor();
  await check();
  await page.getByRole("button", { name: "Restore" }).click();
  await eventually(async () => !await isDeleted());
});

test("plans and releases are deleted and restored the same way", async () => {
  const { id: productId } = await makeProduct(await ctx());
  const { id: planId } = await makePlan(productId);
  const { id: releaseId } = await makeRelease(await ctx(), productId, "1.0.0");
  for (
    const [path, deletedAt] of [
      [`/plan/edit/${planId}`, async () => (await getPlan(await ctx(), planId)).deletedAt],
      [`/release/edit/${releaseId}`, async () => (await getRelease(await ctx(), releaseId)).deletedAt],
    ] as const
  ) {
    const { page } = await panel.visit(path);
    await page.getByRole("button", { name: "Delete" }).click();
    await eventually(async () => await deletedAt() !== null);
    await page.getByRole("button", { name: "Undo" }).click();
    await eventually(async () => await deletedAt() === null);
  }
});

test("a release's page tells what apps of a version are told, and what runs out there", async () => {
  const license = await makeLicense(await ctx());
  await activateLicense(await ctx(), {
    licenseKey: license.key,
    hardwareId: "machine",
    machineName: "Machine",
    appVersion: "1.0.0",
  });
  await makeRelease(await ctx(), license.productId, "1.1.0", { isMandatory: true });
  const { id } = await makeRelease(await ctx(), license.productId, "1.2.0");
  const { page, check } = await panel.visit(`/release/edit/${id}`);
  const row = page.getByRole("row", { name: /1\.0\.0/ });
  await row.getByText("mandatory").waitFor();
  await row.getByRole("link", { name: "1 device runs 1.0.0" }).waitFor();
  const answer = page.getByRole("region", { name: "Update check preview" }).getByRole("status");
  await page.getByLabel("Installed version").fill("1.1");
  await answer.getByText("Update to 1.2.0.").waitFor();
  await page.getByLabel("Installed version").fill("1.2.0");
  await answer.getByText("Up to date.").waitFor();
  assert.match(page.url(), /runs=1\.2\.0/);
  await page.getByLabel("Installed version").fill("apple");
  await answer.getByText("Not a valid version").waitFor();
  await check();
});

test("a release with a date ahead is scheduled, and its channel can be changed", async () => {
  const product = await makeProduct(await ctx());
  const releaseDate = addDays(dayOf(new Date()), 40);
  const { id } = await makeRelease(await ctx(), product.id, "2026.11.3", { releaseDate });
  const { page, check } = await panel.visit(`/releases?productId=${product.id}`);
  await page.getByRole("row", { name: /2026\.11\.3.*Scheduled.*Stable/ }).waitFor();
  await page.goto(`/release/edit/${id}`);
  await page.getByText(/^Scheduled for/).waitFor();
  await page.getByLabel("Channel").selectOption("Beta");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await eventually(async () => (await getRelease(await ctx(), id)).channel === "beta");
  await check();
});

test("plans and releases are narrowed to a product, and the new one is for it", async () => {
  const [mine, other] = [await makeProduct(await ctx()), await makeProduct(await ctx())];
  await makePlan(mine.id, { name: "Mine" });
  await makePlan(other.id, { name: "Theirs" });
  const { page } = await panel.visit(`/plans?productId=${mine.id}`);
  await page.getByRole("link", { name: "Mine" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Theirs" }).count(), 0);
  await page.getByRole("link", { name: "New plan" }).click();
  await page.getByRole("heading", { name: "New plan", level: 1 }).waitFor();
  assert.match(page.url(), new RegExp(`productId=${mine.id}$`));
});

test("who may only read sees everything and can change nothing", async () => {
  const { productId } = await makeLicense(await ctx());
  const { id: planId } = await makePlan(productId);
  const { id: releaseId } = await makeRelease(await ctx(), productId, "1.0.0");
  const { page, check } = await panel.visit("/products", { role: "viewer" });
  for (const path of [`/product/edit/${productId}`, `/plan/edit/${planId}`, `/release/edit/${releaseId}`]) {
    await page.goto(path);
    for (const name of ["Delete", "Save"]) {
      const button = page.getByRole("button", { name, exact: true });
      assert.equal(await button.getAttribute("aria-disabled"), "true");
    }
    await check();
  }
});

test("the pages fit a telephone in both themes", async () => {
  const license = await makeLicense(await ctx());
  const { productId } = license;
  const { id: planId } = await makePlan(productId, {
    features: ["a_long_feature_name_that_goes_on_and_on"],
  });
  const { id } = await makeRelease(await ctx(), productId, "1.0.0-beta.1", { isMandatory: true });
  await activateLicense(await ctx(), {
    licenseKey: license.key,
    hardwareId: "machine",
    machineName: null,
    appVersion: "1.0.0-alpha.20250101",
  });
  const things = [
    `/product/edit/${productId}`,
    `/product/edit/${productId}?tab=releases`,
    `/product/edit/${productId}?tab=versions`,
    `/plan/edit/${planId}`,
    `/release/edit/${id}`,
  ];
  const rest = ["/product/new", "/plans", "/plan/new", "/releases", "/release/new"];
  const { page, check } = await panel.visit("/products", { size: "phone" });
  for (const path of [...things, ...rest]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
  }
});

test("browser and server close", () => panel.stop());
