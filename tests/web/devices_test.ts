// Devices and sessions in the panel: a machine appears when it is activated, is deactivated and activated again.
import assert from "node:assert/strict";
import { listDevices } from "../../server/domain/devices/list.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { listSeats } from "../../server/domain/seats/list.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { incrementUsage } from "../../server/domain/meters/take.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { makeLicense } from "../support/fixtures.ts";
import { unarmour } from "../support/license_files.ts";
import { use } from "../support/meters.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

async function activate({ key }: LicenseRow, hardwareId: string, machineName: string, appVersion = "1.0.0") {
  const report = { licenseKey: key, hardwareId, machineName, appVersion };
  return (await activateLicense(await ctx(), report)).activation;
}

test("without any device the page says where they come from", async () => {
  for (const path of ["/devices", "/sessions"]) {
    const { page, check } = await panel.visit(path);
    await page.getByText(/No devices yet|No active sessions/).first().waitFor();
    await check();
  }
});

test("a machine appears in the open list as its app activates, and is marked", async () => {
  const license = await makeLicense(await ctx(), {
    customer: { name: "Blue Harbor Studios", email: "office@blue.example" },
  });
  await activate(license, "there-before", "DESK-OLD");
  const { page, check, live } = await panel.visit("/devices");
  await page.getByRole("row", { name: /DESK-OLD/ }).waitFor();
  await live();
  const reply = await panel.server.post("/api/license/activate", {
    license_key: license.key,
    hardware_hash: "just-come",
    machine_name: "DESK-NEW",
    app_version: "2.0.0",
  });
  assert.equal(reply.status, 201);
  const row = page.getByRole("row", { name: /DESK-NEW/ });
  await row.waitFor({ timeout: 2000 });
  await row.getByText("New", { exact: true }).waitFor();
  for (const text of ["Active", license.key, "Blue Harbor Studios", "2.0.0"]) {
    await row.getByText(text).waitFor();
  }
  assert.equal(
    await page.getByRole("row", { name: /DESK-OLD/ }).getByText("New", { exact: true }).count(),
    0,
  );
  await page.getByText("2 devices · 2 active").waitFor();
  await check();
});

test("a machine that comes moves nothing under the pointer and closes no menu", async () => {
  const license = await makeLicense(await ctx(), { maxActivations: 100 });
  for (let n = 1; n <= 40; n++) await activate(license, `many-${n}`, `MANY-${n}`);
  const { page, live } = await panel.visit(`/devices?licenseId=${license.id}`);
  const row = page.getByRole("row", { name: /MANY-38 / });
  await live();
  await row.getByRole("button", { name: "Actions for MANY-38" }).click();
  await page.getByRole("menuitem", { name: /Deactivate/ }).waitFor();
  await activate(license, "one-more", "ONE-MORE");
  // Rows behind an open menu are hidden from the accessibility tree.
  await page.locator("tr", { hasText: "ONE-MORE" }).waitFor({ state: "attached" });
  assert.equal(await page.getByRole("menuitem", { name: /Deactivate/ }).isVisible(), true);
  await page.keyboard.press("Escape");

  await row.hover();
  const before = (await row.boundingBox())!.y;
  await activate(license, "and-one", "AND-ONE");
  await page.getByRole("row", { name: /AND-ONE/ }).waitFor({ state: "attached" });
  assert.ok(Math.abs((await row.boundingBox())!.y - before) < 2);
});

test("a machine is deactivated from its row, and undo activates it again", async () => {
  const license = await makeLicense(await ctx());
  const { id } = await activate(license, "to-free", "WORKSHOP");
  const isActive = async () =>
    (await listDevices(await ctx(), { licenseId: license.id })).rows.find((row) => row.id === id)!.isActive;
  const { page, check } = await panel.visit(`/devices?licenseId=${license.id}`);
  await page.getByRole("button", { name: "Actions for WORKSHOP" }).click();
  await page.getByRole("menuitem", { name: /Deactivate/ }).click();
  await page.getByText("WORKSHOP deactivated.").waitFor();
  await page.getByRole("row", { name: /WORKSHOP/ }).getByText("Deactivated").waitFor();
  assert.equal(await isActive(), false);
  await check();
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(isActive);
  await page.getByRole("row", { name: /WORKSHOP/ }).getByText("Active").waitFor();
});

test("undo says so when the activation was used meanwhile", async () => {
  const license = await makeLicense(await ctx(), { maxActivations: 1 });
  await activate(license, "first", "FIRST");
  const { page, problems } = await panel.visit(`/devices?licenseId=${license.id}`);
  await page.getByRole("button", { name: "Actions for FIRST" }).click();
  await page.getByRole("menuitem", { name: /Deactivate/ }).click();
  await page.getByText("FIRST deactivated").waitFor();
  await activate(license, "second", "SECOND");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText(/limit/i).first().waitFor();
  const { rows } = await listDevices(await ctx(), { licenseId: license.id, isActive: true });
  assert.deepEqual(rows.map(({ machineName }) => machineName), ["SECOND"]);
  problems.length = 0;
});

test("devices are narrowed to a product, a version and their state; the address shows the same again", async () => {
  const license = await makeLicense(await ctx());
  await activate(license, "v1", "RUNS-ONE", "1.5.0");
  await activate(license, "v2", "RUNS-TWO", "2.5.0");
  const { page, check } = await panel.visit(`/devices?productId=${license.productId}&isActive=true`);
  await page.getByRole("row", { name: /RUNS-ONE/ }).waitFor();
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("menuitem", { name: "Version" }).click();
  await page.getByRole("textbox", { name: "Version" }).fill("2.5.0");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("row", { name: /RUNS-ONE/ }).waitFor({ state: "detached" });
  await page.getByRole("row", { name: /RUNS-TWO/ }).waitFor();
  assert.match(page.url(), /appVersion=2\.5\.0/);
  await page.reload();
  await page.getByText("Showing 1 of 1 device").waitFor();
  await check();
  const exported = await page.request.get(
    `/api/admin/devices/export?format=csv&product_id=${license.productId}&app_version=2.5.0&is_active=true`,
  );
  assert.equal(exported.status(), 200);
  assert.match(await exported.text(), /RUNS-TWO/);
});

test("a session appears by itself, and is ended by hand", async () => {
  const license = await makeLicense(await ctx());
  const machine = { licenseKey: license.key, hardwareId: "seated" };
  await activate(license, "seated", "EDIT-SUITE");
  const { page, check, live } = await panel.visit(`/sessions?licenseId=${license.id}`);
  await page.getByText("No sessions match").waitFor();
  await live();
  await startSeat(await ctx(), machine);
  const row = page.getByRole("row", { name: /EDIT-SUITE/ });
  await row.waitFor({ timeout: 3000 });
  await row.getByText("New", { exact: true }).waitFor();
  await page.getByText("1 active session").waitFor();
  await check();
  await page.getByRole("button", { name: "Actions for the session on EDIT-SUITE" }).click();
  await page.getByRole("menuitem", { name: /End session/ }).click();
  await page.getByText("Session on EDIT-SUITE ended.").waitFor();
  await row.waitFor({ state: "detached" });
  assert.equal((await listSeats(await ctx(), { licenseId: license.id })).total, 0);
});

test("who may only read sees why a machine cannot be deactivated", async () => {
  const license = await makeLicense(await ctx());
  await activate(license, "read-only", "LOOK-ONLY");
  const { page, check } = await panel.visit(`/devices?licenseId=${license.id}`, { role: "viewer" });
  await page.getByRole("button", { name: "Actions for LOOK-ONLY" }).click();
  const item = page.getByRole("menuitem", { name: /Deactivate/ });
  await item.getByText(/Requires the Manager role/).waitFor();
  assert.equal(await item.getAttribute("aria-disabled"), "true");
  await page.keyboard.press("Escape");
  await check();
});

test("the drawer of a machine that changed a part names its components and the fingerprint it had", async () => {
  const license = await makeLicense(await ctx());
  await panel.server.db`update licenses set machine_matching = 'two' where id = ${license.id}`;
  const machine = { licenseKey: license.key, machineName: "DRIFTER", appVersion: null };
  const parts = { board: "b-1", disk: "d-1", mac: "m-1" };
  const { activation } = await activateLicense(await ctx(), {
    ...machine,
    hardwareId: "before",
    components: parts,
  });
  await activateLicense(await ctx(), {
    ...machine,
    hardwareId: "after",
    components: { ...parts, disk: "d-2" },
  });
  const { page, check } = await panel.visit(`/license/edit/${license.id}?device=${activation.id}`);
  const drawer = page.getByRole("dialog", { name: /DRIFTER/ });
  await drawer.getByText("board", { exact: true }).waitFor();
  await drawer.getByText(/recognised although disk changed/).waitFor();
  await drawer.getByText("before", { exact: true }).waitFor();
  await check();
});

test("a device's license file is downloaded and shown as a QR code, or the page says which term to set", async () => {
  const license = await makeLicense(await ctx(), { offlineDays: 30, offlineBorrowing: true });
  const { id } = await activate(license, "files", "Café 1");
  const { page, check } = await panel.visit(`/license/edit/${license.id}?device=${id}`, { size: "phone" });
  const card = page.getByRole("region", { name: "License file" });
  await card.getByText("No license file was issued for this device.").waitFor();
  const download = async () => {
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      card.getByRole("button", { name: "Download license file" }).click(),
    ]);
    const product = (await getLicenseById(await ctx(), license.id)).productCode;
    assert.equal(saved.suggestedFilename(), `${product}-${license.id}-cafe-1.lic`);
    return unarmour(await Deno.readTextFile(await saved.path()));
  };
  assert.equal((await download()).split(".").length, 3);
  await card.getByRole("img", { name: "QR code of the license file" }).waitFor();
  await card.getByText("The activation is kept until the file ends").waitFor();
  assert.match(await card.innerText(), /Ends\s+in 4 wk/);
  await check();
  await card.getByLabel("Encrypted").check();
  assert.equal((await download()).split(".").length, 5);
  await panel.server.db`
    update license_files
    set returned_at = now(), cloned_at = now()
    where activation_id = ${id}`;
  await panel.server
    .db`update licenses set offline_days = 0, offline_borrowing = false where id = ${license.id}`;
  await page.reload();
  await card.getByText("Given back", { exact: true }).waitFor();
  await card.getByText("Copy seen", { exact: true }).waitFor();
  await card.getByText(/Set “Days without a connection” in its terms/).waitFor();
  assert.equal(await card.getByRole("button").count(), 0);
});

test("devices and sessions fit a telephone in both themes", async () => {
  const license = await makeLicense(await ctx());
  await activate(license, "phone", "A-MACHINE-WITH-A-RATHER-LONG-NAME-OF-ITS-OWN");
  await startSeat(await ctx(), { licenseKey: license.key, hardwareId: "phone" });
  for (const path of ["/devices", "/sessions"]) {
    const { page, check } = await panel.visit(path, { size: "phone" });
    await page.getByRole("row", { name: /A-MACHINE/ }).first().waitFor();
    await check();
  }
});

test("a changed device is checked by its components; limits of new devices and meters have remedies", async () => {
  const license = await makeLicense(await ctx(), {
    machineMatching: "any",
    maxNewMachines: 1,
    meters: { exports: { limit: 1, period: "month", overage: 0 } },
  });
  await activateLicense(await ctx(), {
    licenseKey: license.key,
    hardwareId: "old",
    machineName: "WORKSTATION",
    appVersion: null,
    components: { board: "11aa22" },
  });
  await incrementUsage(await ctx(), use(license));
  const { page, check } = await panel.visit(`/license/edit/${license.id}`);
  const why = page.getByRole("region", { name: "License check" });
  const typeIn = async (fingerprint: string, components: string) => {
    await why.getByLabel("Fingerprint").fill(fingerprint);
    await why.getByLabel("Components").fill(components);
    await why.getByRole("button", { name: "Check" }).click();
  };
  await why.getByLabel("Device").selectOption({ label: "Other (enter fingerprint)" });
  await typeIn("changed", "11aa22");
  await why.getByText("At most 16 components, each a name, a colon and a value.").waitFor();
  await check();
  await typeIn("changed", "board:11aa22, disk:33bb44");
  await why.getByText("The device has 1 component of WORKSTATION, and is recognised as it").waitFor();
  await typeIn("new", "board:99ff99");
  await why.getByText("All new devices of 30 days are used: 1 of 1.").waitFor();
  await why.getByRole("button", { name: "Raise new devices in 30 days to 2" }).click();
  await why.getByText("1 of 2 new devices were activated within 30 days.").waitFor();
  assert.equal((await getLicenseById(await ctx(), license.id)).maxNewMachines, 2);
  // A meter that is used up refuses no device.
  assert.equal(await page.getByRole("region", { name: "New devices are rejected" }).count(), 0);
  await check();
  await why.getByRole("button", { name: "Edit limit of exports" }).click();
  await page.getByRole("dialog", { name: "Edit license" }).waitFor();
  await page.keyboard.press("Escape");
  await why.getByRole("button", { name: "Correct use of exports" }).click();
  await page.getByRole("dialog", { name: "Correct exports" }).waitFor();
});

test("browser and server close", () => panel.stop());
