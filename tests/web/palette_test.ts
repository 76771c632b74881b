// The command palette and the shortcuts: any object by part of its name, any action by its verb, without a mouse.
import assert from "node:assert/strict";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

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

test("a license is disabled by its verb, and on again by the undo", async () => {
  const { id, key } = await makeLicense(await ctx());
  const isActive = async () => (await getLicenseById(await ctx(), id)).isActive;
  const { page } = await panel.visit("/customers");
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  await field.fill("disab");
  await page.getByRole("option", { name: "Disable…" }).click();
  assert.equal(await field.inputValue(), "disable ");
  await field.pressSequentially(key.slice(0, 9));
  await page.getByRole("option", { name: `Disable ${key}` }).waitFor();
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
  await page.getByRole("button", { name: "Search or run a command…" }).click();
  await page.getByRole("option", { name: "Activity" }).waitFor();
  await check();
});

test("browser and server close", () => panel.stop());
