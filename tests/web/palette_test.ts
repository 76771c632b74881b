// The command palette and the shortcuts: any object by part of its name, any action by its verb, without a mouse.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { createProduct } from "../../server/domain/products/products.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { searchNames } from "../../server/domain/search/names.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { makeLicense, makeRelease } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";
import { makeUser } from "../support/users.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();

test("Ctrl-K finds a customer by half a name and opens it", async () => {
  await createCustomer(await ctx(), { name: "Harlequin Events", email: "office@harlequin.example" });
  const { page, check } = await panel.visit("/customers");
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  await field.fill("harleq");
  await page.getByRole("option", { name: /Harlequin Events/ }).waitFor();
  await check();
  await field.press("Enter");
  await page.getByRole("heading", { name: "Harlequin Events", level: 1 }).waitFor();

  await page.keyboard.press("/");
  await page.getByRole("group", { name: "Recent" }).getByRole("option", { name: "Harlequin Events" })
    .waitFor();
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
});

test("every kind of object is found by its name, and opened", async () => {
  const ctx = await panel.server.ctx();
  const product = await createProduct(ctx, { code: "heron", name: "Heron Studio" });
  const plan = await createPlan(ctx, {
    productId: product.id,
    code: "kestrel",
    name: "Kestrel Yearly",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 1,
    maxUsers: 1,
    features: [],
  });
  const release = await makeRelease(ctx, product.id, "7.3.1");
  const resource = await createResource(ctx, { type: "server", identifier: "OSPREY-01" });
  const user = await makeUser(ctx, { email: "plover@example.com" });
  const { row: webhook } = await createWebhook(ctx, {
    url: "http://127.0.0.1:9/curlew",
    description: "Curlew shop",
    eventTypes: ["*"],
    headers: {},
  }, readNetworks(["127.0.0.0/8"]));
  const license = await makeLicense(ctx);
  const { activation } = await activateLicense(ctx, {
    licenseKey: license.key,
    hardwareId: "bittern-hash",
    machineName: "BITTERN-PC",
    appVersion: null,
  });
  const { page } = await panel.visit("/customers");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  for (
    const [text, path] of [
      ["heron stu", `/product/edit/${product.id}`],
      ["kestrel", `/plan/edit/${plan.id}`],
      ["studio 7.3.1", `/release/edit/${release.id}`],
      ["osprey", `/resource/edit/${resource.id}`],
      ["plover", `/user/edit/${user.id}`],
      ["curlew", `/webhook/edit/${webhook.id}`],
      ["bittern", `/license/edit/${license.id}?device=${activation.id}`],
      // One letter is wrong.
      ["kestrol", `/plan/edit/${plan.id}`],
    ]
  ) {
    await page.keyboard.press("Control+k");
    await field.fill(text);
    await page.getByRole("group", { name: "Results" }).waitFor();
    await field.press("Enter");
    await page.waitForURL(({ pathname, search }) => pathname + search === path);
    if (text === "bittern") {
      await page.getByRole("dialog", { name: "BITTERN-PC" }).getByText("bittern-hash").waitFor();
      await page.keyboard.press("Escape");
      await page.waitForURL(({ search }) => search === "");
    }
    await page.getByRole("heading", { level: 1 }).waitFor();
  }
  const actor = { kind: "administrator", id: 1, name: "Vera", role: "viewer" } as const;
  assert.equal((await searchNames({ ...ctx, actor }, { q: "curlew" })).length, 0, "webhooks are the owners'");
});

test("actions are found by the words that people use, and lead to what they are about", async () => {
  const customer = await createCustomer(await ctx(), { name: "Avocet Books", email: null });
  const license = await makeLicense(await ctx(), { validUntil: "2040-01-01", customerId: customer.id });
  const user = await makeUser(await ctx(), { name: "Ann Whimbrel" });
  const { page } = await panel.visit("/customers");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  for (
    const [text, option] of [
      [`suspend ${license.key}`, `Disable license ${license.key}`],
      [`revoke ${license.key}`, `Disable license ${license.key}`],
      [`extend ${license.key}`, `Extend license ${license.key}`],
      ["renew avocet", `Renew license ${license.key}`],
      [`sign out ${user.name}`, `Sign out user ${user.name}`],
      [`disable ${user.name}`, `Disable user ${user.name}`],
      ["log out", "Sign out"],
    ]
  ) {
    await page.keyboard.press("Control+k");
    await field.fill(text);
    await page.getByRole("option", { name: option }).first().waitFor();
    await page.keyboard.press("Escape");
  }
  await page.keyboard.press("Control+k");
  await field.fill(`extend ${license.key}`);
  await page.getByRole("option", { name: `Extend license ${license.key}` }).waitFor();
  await field.press("Enter");
  await page.getByRole("dialog", { name: /Extend/ }).waitFor();
  assert.match(page.url(), new RegExp(`/license/edit/${license.id}\\?action=extend$`));
});

test("a license is disabled by its verb, and on again by the undo", async () => {
  const { id, key } = await makeLicense(await ctx());
  const isActive = async () => (await getLicenseById(await ctx(), id)).isActive;
  const { page } = await panel.visit("/customers");
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  await field.fill("disab");
  await page.getByRole("option", { name: "Disable license…" }).click();
  assert.equal(await field.inputValue(), "Disable license ");
  await field.pressSequentially(key.slice(0, 9));
  await page.getByRole("option", { name: `Disable license ${key}` }).waitFor();
  await field.press("Enter");
  await page.getByText(`License ${key} disabled.`).waitFor();
  assert.equal(await isActive(), false);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(isActive);
});

test("who may only read is offered no actions", async () => {
  const { key } = await makeLicense(await ctx());
  const { page } = await panel.visit("/customers", { role: "viewer" });
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  await field.fill(key);
  await page.getByRole("option", { name: maskKey(key) }).waitFor();
  await field.fill("new ");
  await page.getByText("No results for").waitFor();
  await field.fill("webhooks");
  await page.getByText("No results for").waitFor();
});

test("keys lead from page to page, and are listed behind the question mark", async () => {
  const { page, check } = await panel.visit("/customers");
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.getByRole("heading", { name: "Activity", level: 1 }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await check();
});

test("the palette fits a telephone", async () => {
  const { page, check } = await panel.visit("/customers", { size: "phone", dark: true });
  await page.getByRole("button", { name: "Search or run a command" }).click();
  await page.getByRole("option", { name: "Activity" }).waitFor();
  await check();
});

test("browser and server close", () => panel.stop());
