// API keys and signing keys in the panel: a key is shown once and works, a revoked one is refused, rotation keeps
// tokens valid. And license files for devices without a network.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createApiKey, listApiKeys } from "../../server/domain/api_keys/api_keys.ts";
import { listSigningKeys } from "../../server/domain/signing/public_keys.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { offlineRequest } from "../support/license_files.ts";
import { PASSWORD, startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";
import { claimsOf } from "../support/verifier/customer.ts";
import { removalCode } from "../support/verifier/removal_code.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

const statusWith = async (key: string) =>
  (await panel.server.post("/api/license/verify", {
    license_key: "AAAA-AAAA-AAAA-AAAA",
    hardware_hash: "x",
  }, { "x-api-key": key })).status;

test("an API key for one product is made, shown once, and works", async () => {
  const product = await makeProduct(await ctx());
  const { page, check } = await panel.visit("/api-keys");
  await page.getByRole("button", { name: "New API key" }).click();
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByText("Required", { exact: true }).waitFor();
  await page.getByLabel("Name", { exact: true }).fill("Desktop app");
  await page.getByRole("combobox", { name: "Product" }).fill(product.name);
  await page.getByRole("option", { name: product.name }).first().click();
  await check();
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog", { name: "API key Desktop app" });
  const key = (await dialog.locator("pre").first().textContent())!;
  assert.match(key, /^lk_live_[\w-]{43}$/);
  await dialog.getByText(`X-API-Key: ${key}`).waitFor();
  await dialog.getByRole("button", { name: "Copy the key" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  await check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("cell", { name: "Desktop app", exact: true }).waitFor();
  assert.ok(!(await page.locator("body").innerText()).includes(key));
  const { rows: [made] } = await listApiKeys(await ctx(), { q: "Desktop" });
  assert.equal(made.productId, product.id);
  // The key is accepted, so the error is about the license.
  assert.notEqual(await statusWith(key), 401);
  await check();
});

test("an API key is revoked once its name is typed, and refused from then on", async () => {
  const { key } = await createApiKey(await ctx(), { name: "Old build server", productId: null });
  const { page, check } = await panel.visit("/api-keys?q=Old+build");
  await page.getByRole("button", { name: "Revoke" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke Old build server" });
  const revoke = dialog.getByRole("button", { name: "Revoke permanently" });
  assert.equal(await revoke.getAttribute("aria-disabled"), "true");
  await dialog.getByRole("textbox").fill("Old build server");
  await check();
  await revoke.click();
  await page.getByText("API key Old build server revoked.").waitFor();
  await eventually(async () => await statusWith(key) === 401);
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("menuitem", { name: "Revoked" }).click();
  await page.getByRole("button", { name: "Revoked only" }).click();
  await page.getByRole("cell", { name: "Old build server", exact: true }).waitFor();
});

test("a key is made only by who has just shown who they are, and then it goes on", async () => {
  const { page, who, problems } = await panel.visit("/api-keys", { isNew: true });
  await page.getByRole("button", { name: "New API key" }).click();
  await panel.server.db`
    update administrator_sessions set authenticated_at = now() - interval '1 day' where administrator_id = ${who.id}`;
  await page.getByLabel("Name", { exact: true }).fill("After proof");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("dialog", { name: "API key After proof" }).waitFor();
  problems.length = 0;
});

test("a signing key is rotated; the one before is still published", async () => {
  const [before] = await listSigningKeys(await ctx());
  await panel.server.db`update signing_keys set signed_until = now() + interval '3 days'`;
  const { page, check } = await panel.visit("/signing-keys");
  await page.getByText(before.kid).first().waitFor();
  await check();
  await page.getByRole("button", { name: "Announce next the next default key" }).click();
  const announcement = page.getByRole("dialog", { name: "Announce next signing key" });
  await announcement.getByRole("textbox").fill("announce");
  await check();
  await announcement.getByRole("button", { name: "Announce" }).click();
  await page.getByText("Next default key", { exact: true }).waitFor();
  const [, next] = await listSigningKeys(await ctx());
  await page.getByRole("button", { name: "Rotate" }).click();
  const dialog = page.getByRole("dialog", { name: "Rotate signing key" });
  await dialog.getByRole("textbox").fill("rotate");
  await dialog.getByRole("button", { name: "Rotate" }).click();
  await page.getByText("The new key signs now.").waitFor();
  await page.getByText("Valid until").waitFor();
  const kids = (await listSigningKeys(await ctx())).map(({ kid }) => kid);
  assert.deepEqual(kids, [next.kid, before.kid]);
  await page.getByText("Signing key rotated").waitFor();
  const jwks = await panel.server.get("/.well-known/jwks.json");
  assert.deepEqual(jwks.body.keys.map(({ kid }: { kid: string }) => kid), kids);
  await check();
});

test("a product gets a signing key of its own, which is retired again", async () => {
  const product = await makeProduct(await ctx());
  const { page, check } = await panel.visit("/signing-keys");
  await page.getByRole("button", { name: "New product key" }).click();
  await page.getByRole("combobox", { name: "Product" }).fill(product.name);
  await page.getByRole("option", { name: product.name }).first().click();
  await check();
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByText(`Current key of ${product.code}`).waitFor();
  await check();
  await page.getByRole("button", { name: `Retire the key of ${product.code}` }).click();
  const dialog = page.getByRole("dialog", { name: `Retire signing key of ${product.code}` });
  await dialog.getByRole("textbox").fill("retire");
  await dialog.getByRole("button", { name: "Retire" }).click();
  await page.getByText(`Signing key of ${product.code} retired.`).waitFor();
  await page.getByText(`Current key of ${product.code}`).waitFor({ state: "detached" });
  await page.getByText("Signing key of a product retired").waitFor();
});

for (const role of ["manager", "viewer"] as const) {
  test(`a ${role} reads that keys are for owners`, async () => {
    for (const path of ["/api-keys", "/signing-keys"]) {
      const { page, check } = await panel.visit(path, { role });
      await page.getByText(`Your role is ${role}.`).waitFor();
      await check();
    }
  });
}

test("the pages of keys fit a telephone in both themes", async () => {
  for (const path of ["/api-keys", "/api-keys?new=true", "/signing-keys"]) {
    const { page, check } = await panel.visit("/api-keys", { size: "phone" });
    await page.goto(path);
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
  }
});

test("the request of an app without a network is previewed, refused or issued", async () => {
  const license = await makeLicense(await ctx(), { maxActivations: 2 });
  const request = offlineRequest({
    license_key: license.key,
    hardware_hash: "island",
    machine_name: "Island",
  });
  const { page, check, problems } = await panel.visit("/devices/offline", { size: "phone" });
  const preview = page.getByRole("button", { name: "Preview" });
  await page.getByRole("textbox", { name: "Request" }).fill(request.slice(0, -50));
  await preview.click();
  await page.getByText(/Copy all of it/).waitFor();
  problems.length = 0;
  await page.getByRole("textbox", { name: "Request" }).fill(`Hello,\n${request}Bye`);
  await preview.click();
  await page.getByText(/Set “Days without a connection” in its terms/).waitFor();
  await panel.server.db`update licenses set offline_days = 30 where id = ${license.id}`;
  await page.getByLabel("Or choose its file").setInputFiles({
    name: "island.req",
    mimeType: "text/plain",
    buffer: Buffer.from(request),
  });
  await page.getByText("0 of 2 in use, this device needs 1 more").waitFor();
  await page.getByText("New device").waitFor();
  await check();
  await page.getByRole("button", { name: "Issue license file" }).click();
  await page.getByRole("img", { name: "QR code of the license file" }).waitFor();
  await page.getByRole("button", { name: "Download license file" }).waitFor();
  await check();
});

test("a removal code deactivates the device of an app without a network, once", async () => {
  const license = await makeLicense(await ctx(), { offlineDays: 30 });
  const request = offlineRequest({ license_key: license.key, hardware_hash: "reef", machine_name: "Reef" });
  const manager = await makeAdministrator(panel.server, "manager");
  const { body } = await manager.post("/api/admin/license-files", { request });
  const code = removalCode(claimsOf(body.license_file));
  const { page, check, problems } = await panel.visit("/devices/offline", { size: "phone" });
  const entry = page.getByRole("textbox", { name: "Code" });
  const deactivate = page.getByRole("button", { name: "Deactivate device" });
  await entry.fill(`${code.slice(0, -1)}Q`);
  await deactivate.click();
  await page.getByText(/not a removal code of a device/).waitFor();
  problems.length = 0;
  await entry.fill(code.toLowerCase());
  await deactivate.click();
  await page.getByText("Reef is deactivated.").waitFor();
  await check();
  await deactivate.click();
  await page.getByText("Reef was deactivated already; nothing changed.").waitFor();
  await page.getByRole("link", { name: "Reef" }).click();
  await page.getByRole("dialog").getByText("Deactivated", { exact: true }).first().waitFor();
});

test("browser and server close", () => panel.stop());
