// The page of one license: why it is refused and what helps, machines as they arrive, terms and history.
import assert from "node:assert/strict";
import { addDays, dayOf } from "../../server/domain/calendar.ts";
import { startOrQueue, startSeat } from "../../server/domain/seats/start.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { setLicensesEnabled, updateLicense } from "../../server/domain/licenses/manage.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { allocateResources, releaseResources } from "../../server/domain/resources/allocate.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { getResource } from "../../server/domain/resources/list.ts";
import { makeLicense } from "../support/fixtures.ts";
import { holdQueries, startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";
import { makeUser } from "../support/users.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();
const read = async ({ id }: LicenseRow) => await getLicenseById(await ctx(), id);
const activate = ({ key }: LicenseRow, machine: string, version = "1.2.0") =>
  panel.server.post("/api/license/activate", {
    license_key: key,
    hardware_hash: `hash-of-${machine}`,
    machine_name: machine,
    app_version: version,
  });
const open = (license: LicenseRow, query = "", options = {}) =>
  panel.visit(`/license/edit/${license.id}${query}`, options);

test("a machine that activates arrives in the open page", async () => {
  const license = await makeLicense(await ctx());
  await activate(license, "FIRST-PC");
  const { page, check } = await open(license);
  await page.getByRole("row", { name: /FIRST-PC.*1\.2\.0/ }).waitFor();
  // Once one change arrives, the stream is connected and misses nothing from then on.
  let patch = 0;
  await eventually(async () => {
    await activate(license, "FIRST-PC", `1.3.${++patch}`);
    return await page.getByRole("row", { name: /FIRST-PC.*1\.3\./ }).isVisible();
  });
  assert.equal((await activate(license, "STUDIO-PC01")).status, 201);
  await page.locator("tr.animate-arrive", { hasText: "STUDIO-PC01" }).waitFor();
  await page.getByText("2 of 5 activations used · never expires").waitFor();
  await check();
});

test("a license is disabled, says so, and is enabled again by undo", async () => {
  const license = await makeLicense(await ctx());
  const { page, check } = await open(license);
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByText(`License ${license.key} disabled.`, { exact: true }).waitFor();
  assert.equal((await read(license)).isActive, false);
  const told = page.getByRole("region", { name: "All devices are rejected" });
  await told.getByRole("button", { name: "Enable" }).waitFor();
  await page.getByText(/^Disabled just now by owner/).waitFor();
  await check();
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await read(license)).isActive);
  await told.waitFor({ state: "detached" });
});

test("trying a verification shows the limit, and the remedy raises it", async () => {
  const license = await makeLicense(await ctx(), { maxActivations: 1 });
  await activate(license, "OLD-PC");
  const { page, check } = await open(license);
  await page.getByRole("region", { name: "New devices are rejected" }).waitFor();
  const why = page.getByRole("region", { name: "License check" });
  await why.getByLabel("Device").selectOption({ label: "Other (enter fingerprint)" });
  await why.getByLabel("Fingerprint").fill("hash-of-NEW-PC");
  await why.getByRole("button", { name: "Check" }).click();
  await why.getByText("Activation limit reached").waitFor();
  await why.getByText("1 of 1 activations used").waitFor();
  assert.match(page.url(), /machine=hash-of-NEW-PC/);
  await check();
  await why.getByRole("button", { name: "Add 1 activation (limit 1 → 2)" }).click();
  await why.getByText("1 of 2 activations used").waitFor();
  await why.getByRole("button", { name: "Activate this device" }).click();
  await why.getByText("Device is activated").waitFor();
  assert.deepEqual(
    await read(license).then(({ maxActivations, activationsInUse }) => [maxActivations, activationsInUse]),
    [2, 2],
  );
});

test("the machine that was silent longest is freed, and let in again by undo", async () => {
  const license = await makeLicense(await ctx(), { maxActivations: 2 });
  await activate(license, "QUIET-PC");
  await activate(license, "BUSY-PC");
  await panel.server.db`
    update activations
    set last_heartbeat = now() - interval '40 days'
    where license_id = ${license.id} and machine_name = 'QUIET-PC'`;
  const { page } = await open(license);
  const told = page.getByRole("region", { name: "New devices are rejected" });
  await told.getByRole("button", { name: "Deactivate QUIET-PC (last seen last month)" }).click();
  await page.getByText("QUIET-PC deactivated.").waitFor();
  await page.getByRole("row", { name: /QUIET-PC.*Deactivated/ }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("row", { name: /QUIET-PC.*Active/ }).waitFor();
});

test("an expired license says so without being asked, and is extended by a month", async () => {
  const day = (days: number) => addDays(dayOf(new Date()), days);
  const license = await makeLicense(await ctx(), { validFrom: day(-40), validUntil: day(-3) });
  const { page } = await open(license);
  await page.getByText(/^Expired 3 days ago/).first().waitFor();
  const told = page.getByRole("region", { name: "All devices are rejected" });
  await told.getByText(/^Expired 3 days ago/).waitFor();
  await told.getByRole("button", { name: "Extend by 1 month" }).click();
  await told.waitFor({ state: "detached" });
  assert.ok((await read(license)).validUntil! > day(26));
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await read(license)).validUntil === day(-3));
});

test("terms are changed, refused where they make no sense, and put back", async () => {
  const license = await makeLicense(await ctx(), { validFrom: "2026-01-01", validUntil: "2040-01-01" });
  const { page, check, problems } = await open(license);
  await page.getByRole("button", { name: "Edit license" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit license" });
  await dialog.getByLabel("Expires").fill("2025-01-01");
  await dialog.getByLabel("Activation limit").fill("9");
  await dialog.getByRole("button", { name: "Save" }).click();
  await eventually(async () => await dialog.getByLabel("Expires").getAttribute("aria-invalid") === "true");
  assert.equal((await read(license)).maxActivations, 5);
  problems.length = 0;
  await check();
  await dialog.getByLabel("Expires").fill("2041-01-01");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText(`License ${license.key} updated.`).waitFor();
  assert.deepEqual([(await read(license)).maxActivations, (await read(license)).validUntil], [
    9,
    "2041-01-01",
  ]);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await read(license)).maxActivations === 5);
});

test("terms that someone else has changed since are kept or asked about, also by undo", async () => {
  const license = await makeLicense(await ctx(), { validFrom: "2026-01-01", validUntil: "2040-01-01" });
  const { page, check, problems } = await open(license);
  await page.getByRole("button", { name: "Edit license" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit license" });
  const question = page.getByRole("dialog", { name: "Someone else changed this" });
  const theirs = async (changes: Parameters<typeof updateLicense>[1]["changes"]) =>
    await updateLicense(await ctx(), { id: license.id, changes });
  await dialog.getByLabel("Activation limit").fill("9");
  await holdQueries(page, /licenses\.get/);
  await theirs({ validUntil: "2041-01-01", maxActivations: 7 });
  await dialog.getByRole("button", { name: "Save" }).click();
  await question.getByRole("radio", { name: /7/ }).waitFor();
  problems.length = 0;
  await check();
  await question.getByRole("radio", { name: /9/ }).check();
  await question.getByRole("button", { name: "Save" }).click();
  await page.getByText(`License ${license.key} updated.`).waitFor();
  const saved = await read(license);
  assert.deepEqual([saved.maxActivations, saved.validUntil], [9, "2041-01-01"]);

  await theirs({ maxActivations: 11, maxUsers: 12 });
  await page.getByRole("button", { name: "Undo" }).click();
  await question.getByRole("radio", { name: /7/ }).check();
  await question.getByRole("button", { name: "Save" }).click();
  await eventually(async () => (await read(license)).maxActivations === 7);
  assert.equal((await read(license)).maxUsers, 12);
});

test("a license is assigned to a user and taken away again", async () => {
  const license = await makeLicense(await ctx());
  const user = await makeUser(await ctx(), { email: "kim@harbor.example" });
  const { page } = await open(license);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Assign to user…" }).click();
  await page.getByRole("combobox", { name: "User" }).fill("kim@");
  await page.getByRole("option", { name: "kim@harbor.example" }).click();
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  await page.getByRole("link", { name: "kim@harbor.example" }).waitFor();
  assert.equal((await read(license)).userId, user.id);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: /Unassign user/ }).click();
  await eventually(async () => (await read(license)).userId === null);
});

test("a machine is registered by hand and deactivated", async () => {
  const license = await makeLicense(await ctx());
  const { page, check } = await open(license);
  await page.getByRole("button", { name: "Add device" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add device" });
  await dialog.getByRole("button", { name: "Add device", exact: true }).click();
  await dialog.getByText("Required", { exact: true }).waitFor();
  await dialog.getByLabel("Fingerprint").fill("offline-1");
  await dialog.getByLabel("Name").fill("OFFLINE-PC");
  await check();
  await dialog.getByRole("button", { name: "Add device", exact: true }).click();
  const row = page.getByRole("row", { name: /OFFLINE-PC/ });
  await row.getByRole("button", { name: "Deactivate" }).click();
  await row.getByText("Deactivated").waitFor();
  assert.equal((await read(license)).activationsInUse, 0);
});

test("seats, resources, deliveries and history are tabs with addresses", async () => {
  const license = await makeLicense(await ctx());
  await activate(license, "SEAT-PC");
  await startSeat(await ctx(), { licenseKey: license.key, hardwareId: "hash-of-SEAT-PC" });
  const resource = await createResource(await ctx(), { type: "server", identifier: "render-7" });
  const { page, check } = await open(license, "?tab=seats");
  await page.getByRole("tabpanel").getByText("SEAT-PC").waitFor();
  await panel.server.db`update licenses set seat_queue = true, max_users = 1 where id = ${license.id}`;
  await activate(license, "WAITING-PC");
  const waiting = { licenseKey: license.key, hardwareId: "hash-of-WAITING-PC", ticket: null, queue: true };
  await startOrQueue(await ctx(), waiting);
  await page.getByText("Queue: 1 app").waitFor();
  await page.getByRole("listitem").getByText("WAITING-PC").waitFor();
  await check();
  await page.getByRole("button", { name: "Remove from queue" }).click();
  await page.getByText("WAITING-PC removed from the queue.").waitFor();
  await page.getByText("Queue: 1 app").waitFor({ state: "detached" });
  await page.getByRole("tab", { name: /^Resources/ }).click();
  await page.getByRole("combobox", { name: "Available resource" }).fill("render");
  await page.getByRole("option", { name: "render-7" }).click();
  await page.getByRole("button", { name: "Allocate" }).click();
  await page.getByRole("link", { name: "render-7" }).waitFor();
  assert.equal((await getResource(await ctx(), resource.id)).licenseId, license.id);
  await page.getByRole("button", { name: "Release" }).click();
  await page.getByText("render-7 released.").waitFor();
  await check();
  await page.getByRole("tab", { name: "Webhook deliveries" }).click();
  await page.getByText("No webhook deliveries").waitFor();
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByText("Device activated").first().waitFor();
  assert.match(page.url(), /tab=history/);
  await check();
});

test("what someone else did before is not undone, and a resource that moved on is not released", async () => {
  const [license, other] = [await makeLicense(await ctx()), await makeLicense(await ctx())];
  const { id } = await createResource(await ctx(), { type: "server", identifier: "moves-on" });
  await allocateResources(await ctx(), { licenseId: license.id, resourceIds: [id] });
  const { page } = await open(license, "?tab=resources");
  await page.getByRole("link", { name: "moves-on" }).waitFor();
  await holdQueries(page, /licenses\.get|resources\.list/);
  await setLicensesEnabled(await ctx(), { ids: [license.id], enabled: false });
  await releaseResources(await ctx(), { resourceIds: [id] });
  await allocateResources(await ctx(), { licenseId: other.id, resourceIds: [id] });

  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByText(`No changes. Already done: License ${license.key} disabled.`).waitFor();
  assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
  await page.getByRole("button", { name: "Release" }).click();
  await page.getByText(/allocated to other licenses\. Nothing was changed/).waitFor();
  assert.equal((await getResource(await ctx(), id)).licenseId, other.id);
});

test("a license is deleted, can only be restored then, and is", async () => {
  const license = await makeLicense(await ctx());
  const { page, check } = await open(license);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByText(/Apps get “license not found”/).waitFor();
  assert.notEqual((await read(license)).deletedAt, null);
  await check();
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  await page.getByRole("button", { name: "Disable" }).waitFor();
  assert.equal((await read(license)).deletedAt, null);
});

test("who may only read sees the reasons, and why the remedies are off", async () => {
  const license = await makeLicense(await ctx());
  await setLicensesEnabled(await ctx(), { ids: [license.id], enabled: false });
  const { page, check } = await open(license, "", { role: "viewer" });
  await page.getByText(maskKey(license.key)).first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Copy key" }).count(), 0, "it would copy stars");
  const told = page.getByRole("region", { name: "All devices are rejected" });
  assert.equal(
    await told.getByRole("button", { name: "Enable" }).getAttribute("aria-disabled"),
    "true",
  );
  assert.equal(
    await page.getByRole("button", { name: "Edit license" }).getAttribute("aria-disabled"),
    "true",
  );
  await check();
});

test("the page of a license fits a telephone in both themes", async () => {
  const license = await makeLicense(await ctx(), { maxActivations: 1 });
  await activate(license, "A-MACHINE-WITH-A-RATHER-LONG-NAME-THAT-MUST-NOT-BREAK-THE-PAGE");
  for (const query of ["", "?tab=history"]) {
    const { page, check } = await open(license, query, { size: "phone" });
    await page.getByText("Activation limit reached").waitFor();
    await check();
  }
});

test("browser and server close", () => panel.stop());
