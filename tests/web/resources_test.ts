// Resources in the panel: the list, allocation, and bulk actions.
import assert from "node:assert/strict";
import { allocateResources } from "../../server/domain/resources/allocate.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { getResource } from "../../server/domain/resources/list.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();
const make = async (identifier: string, type = "server") =>
  (await createResource(await ctx(), { type, identifier })).id;
const holderOf = async (id: number) => (await getResource(await ctx(), id)).licenseId;

test("an empty pool says what to do first", async () => {
  const { page, check } = await panel.visit("/resources");
  await page.getByText("No resources yet").waitFor();
  await check();
});

test("a resource is added, and one of the same name refused", async () => {
  const { page, check, problems } = await panel.visit("/resource/new");
  const add = async () => {
    await page.getByLabel("Identifier").fill("SRV-100");
    await page.getByLabel("Type").fill("Server");
    await page.getByRole("button", { name: "Create resource" }).click();
  };
  await add();
  await page.getByRole("heading", { name: /SRV-100/, level: 1 }).waitFor();
  await page.getByText("None (available)").waitFor();
  await check();
  await page.goto("/resource/new");
  await add();
  await page.getByText("A resource with this type and name already exists").waitFor();
  // The browser reports error responses on its console.
  problems.length = 0;
  await check();
  page.on("dialog", (dialog) => dialog.accept());
});

test("a resource is given to a license and back, and both can be undone", async () => {
  const license = await makeLicense(await ctx());
  const id = await make("SRV-200");
  const { page, check } = await panel.visit(`/resource/edit/${id}`);
  await page.getByRole("button", { name: "Allocate to license…" }).click();
  await page.getByRole("combobox", { name: "License" }).fill(license.key.slice(0, 9));
  await page.getByRole("option", { name: new RegExp(license.key) }).click();
  await check();
  await page.getByRole("button", { name: "Allocate", exact: true }).click();
  await page.getByRole("link", { name: license.key }).waitFor();
  assert.equal(await holderOf(id), license.id);
  const remove = page.getByRole("button", { name: "Delete" });
  assert.equal(await remove.getAttribute("aria-disabled"), "true");
  await check();

  await page.getByRole("button", { name: "Release" }).click();
  await page.getByText("1 resource released.").waitFor();
  assert.equal(await holderOf(id), null);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await eventually(async () => await holderOf(id) === license.id);
});

test("many are allocated at once or not at all, and the taken ones are named", async () => {
  const [mine, other] = [await makeLicense(await ctx()), await makeLicense(await ctx())];
  const ids = [await make("BULK-1"), await make("BULK-2"), await make("BULK-3")];
  await allocateResources(await ctx(), { licenseId: other.id, resourceIds: [ids[1]] });
  const { page, check, problems } = await panel.visit("/resources?q=BULK");
  await page.getByRole("link", { name: "BULK-3" }).waitFor();
  await page.getByLabel("Select all resources on this page").check();
  await page.getByRole("button", { name: "Allocate…" }).click();
  await page.getByRole("combobox", { name: "License" }).fill(mine.key.slice(0, 9));
  await page.getByRole("option", { name: new RegExp(mine.key) }).click();
  await page.getByRole("button", { name: "Allocate", exact: true }).click();
  await page.getByRole("alert").getByText(/Nothing was changed\. Already allocated: BULK-2\./).waitFor();
  assert.deepEqual(await Promise.all(ids.map(holderOf)), [null, other.id, null]);
  // The browser reports error responses on its console.
  problems.length = 0;
  await check();

  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Release" }).click();
  await page.getByText("1 resource released.").waitFor();
  assert.equal(await holderOf(ids[1]), null);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => await holderOf(ids[1]) === other.id);
});

test("the pool is narrowed to what is free, and exported so", async () => {
  const { page } = await panel.visit("/resources?status=available&q=BULK");
  await page.getByRole("link", { name: "BULK-1" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "BULK-2" }).count(), 0);
  await page.getByRole("button", { name: "Export (current view)" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  const lines = (await Deno.readTextFile(await file.path())).trim().split("\r\n");
  assert.deepEqual(lines.slice(1).map((line) => line.split(",")[2]).sort(), ["BULK-1", "BULK-3"]);
});

test("a resource is renamed, deleted and taken back", async () => {
  const id = await make("WS-1", "workstation");
  const { page } = await panel.visit(`/resource/edit/${id}`);
  await page.getByLabel("Identifier").fill("WS-01");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: /WS-01/, level: 1 }).waitFor();
  await page.getByText("Resource updated").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("WS-01 deleted").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await getResource(await ctx(), id)).deletedAt === null);
});

test("who may only read sees why the buttons are off", async () => {
  const id = await make("RO-1");
  const { page, check } = await panel.visit(`/resource/edit/${id}`, { role: "viewer" });
  for (const name of ["Delete", "Save", "Allocate to license…"]) {
    assert.equal(await page.getByRole("button", { name }).getAttribute("aria-disabled"), "true", name);
  }
  await check();
});

test("the pages of resources fit a telephone in both themes", async () => {
  const license = await makeLicense(await ctx());
  const id = await make(`DNG-with-quite-a-long-name-that-someone-has-written-on-it`, "dongle");
  await allocateResources(await ctx(), { licenseId: license.id, resourceIds: [id] });
  for (const path of ["/resources", "/resource/new", `/resource/edit/${id}`]) {
    const { page, check } = await panel.visit(path, { size: "phone" });
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
  }
});

test("browser and server close", () => panel.stop());
