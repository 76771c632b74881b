// The panel by keyboard: where the focus goes after dialogs, menus, the palette, notifications and actions that remove their
// own button; what a page change does; how undo is reached.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { maskKey } from "../../server/domain/licenses/pasted_key.ts";
import { createProduct } from "../../server/domain/products/products.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();
const open = (license: LicenseRow, options = {}) => panel.visit(`/license/edit/${license.id}`, options);
const isActive = async ({ id }: LicenseRow) => (await getLicenseById(await ctx(), id)).isActive;

/** Menus that are opened on a page; those of the rows of a table are alike. */
const MOST_MENUS = 4;

async function hasFocus(locator: Locator): Promise<void> {
  await locator.waitFor();
  await eventually(() => locator.evaluate((element) => element === document.activeElement)).catch(async () =>
    assert.fail(`${locator} has no focus, but ${await focusOf(locator.page())}`)
  );
}

const focusOf = (page: Page) => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));

/** What the element with the focus is called. */
const nameOfFocus = (page: Page) =>
  page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent?.trim());

test("a dialog starts in its first field, and its end leads back to the button that opened it", async () => {
  const { page, checkOpen } = await open(await makeLicense(await ctx()));
  const edit = page.getByRole("button", { name: "Edit license" });
  const dialog = page.getByRole("dialog", { name: "Edit license" });
  await edit.press("Enter");
  await hasFocus(dialog.getByLabel("Type"));
  await checkOpen();
  await page.keyboard.press("Escape");
  await hasFocus(edit);
  await edit.click();
  await hasFocus(dialog.getByLabel("Type"));
  // Beside the dialog, above the margin of the page.
  await page.mouse.click(3, 450);
  await dialog.waitFor({ state: "detached" });
  await hasFocus(edit);
});

test("a dialog that a menu has opened leads back to the menu's button", async () => {
  const { page, checkOpen } = await open(await makeLicense(await ctx()));
  const more = page.getByRole("button", { name: "More actions" });
  await more.press("Enter");
  await checkOpen();
  await page.keyboard.press("Escape");
  await hasFocus(more);
  await more.press("Enter");
  await page.getByRole("menuitem", { name: "Assign to user" }).click();
  const dialog = page.getByRole("dialog", { name: "Assign to user" });
  await hasFocus(dialog.getByRole("combobox"));
  // The first Escape may close the list of choices only.
  await eventually(async () => {
    await page.keyboard.press("Escape");
    return await dialog.count() === 0;
  });
  await hasFocus(more);
});

test("the palette leads back to where it was opened, and an entry to the heading of its page", async () => {
  const { page, checkOpen } = await panel.visit("/customers");
  const heading = page.getByRole("heading", { level: 1 });
  const link = page.getByRole("link", { name: "Licenses", exact: true });
  await link.focus();
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  await hasFocus(field);
  await checkOpen();
  await page.keyboard.press("Escape");
  await hasFocus(link);
  await page.keyboard.press("Control+k");
  await field.fill("anomalies");
  await field.press("Enter");
  await page.waitForURL("**/anomalies");
  await hasFocus(heading);
});

test("a page change moves the focus to the heading and announces the title", async () => {
  const { page } = await panel.visit("/customers");
  // The announcement is there for a moment.
  await page.locator("p[aria-live=polite]").evaluate((live) => {
    const note = () => live.dataset.said = `${live.dataset.said ?? ""} ${live.textContent}`;
    new MutationObserver(note).observe(live, { childList: true, characterData: true, subtree: true });
  });
  await page.getByRole("link", { name: "Products", exact: true }).press("Enter");
  await page.locator("p[aria-live=polite][data-said*=Products]").waitFor({ state: "attached" });
  const heading = page.getByRole("heading", { name: "Products", level: 1 });
  await hasFocus(heading);
  await page.goBack();
  await hasFocus(page.getByRole("heading", { name: "Customers", level: 1 }));
  // The same page with another filter is no other page.
  const search = page.getByRole("searchbox");
  await search.fill("nothing");
  await page.waitForURL(({ search }) => search === "?q=nothing");
  await hasFocus(search);
});

test("the menu of a telephone keeps the focus inside, and leads back to its button", async () => {
  const { page, check } = await panel.visit("/customers", { size: "phone" });
  const button = page.getByRole("button", { name: "Open menu" });
  await button.press("Enter");
  const menu = page.getByRole("dialog", { name: "Menu" });
  await menu.waitFor();
  await check();
  for (const _ of Array.from({ length: 3 })) await page.keyboard.press("Shift+Tab");
  assert.ok(await menu.evaluate((element) => element.contains(document.activeElement)));
  await page.keyboard.press("Escape");
  await hasFocus(button);
});

test("an action that removes its own button leads to what stands there then", async () => {
  const license = await makeLicense(await ctx());
  for (const machine of ["ONE-PC", "TWO-PC"]) {
    await activateLicense(await ctx(), {
      licenseKey: license.key,
      hardwareId: machine,
      machineName: machine,
      appVersion: null,
    });
  }
  const { page } = await open(license);
  const row = page.getByRole("row", { name: /ONE-PC/ });
  await row.getByRole("button", { name: "Deactivate" }).press("Enter");
  await hasFocus(row.getByRole("button", { name: "Reactivate" }));
  await page.getByRole("button", { name: "Disable", exact: true }).press("Enter");
  await hasFocus(page.getByRole("button", { name: "Enable", exact: true }).first());
  await eventually(async () => !await isActive(license));
});

test("a row that goes leads to the next one, also from the dialog that was in between", async () => {
  for (const name of ["Alpha", "Beta", "Gamma"]) await createApiKey(await ctx(), { name, productId: null });
  const { page } = await panel.visit("/api-keys");
  const row = (name: string) => page.getByRole("row", { name: new RegExp(name) });
  await row("Beta").getByRole("button", { name: "Revoke Beta" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await hasFocus(dialog.getByRole("textbox"));
  await page.keyboard.type("Beta");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await row("Beta").waitFor({ state: "detached" });
  await eventually(async () => /^Revoke /.test(await nameOfFocus(page) ?? ""));
});

test("what opens above a page is accessible in both themes, takes the focus and gives it back", async () => {
  const license = await makeLicense(await ctx(), { validUntil: "2040-01-01" });
  for (
    const [path, dialogs] of [
      ["/licenses", []],
      ["/administrators", ["Invite member"]],
      ["/api-keys", ["New API key"]],
      ["/profile", ["New token"]],
      [`/license/edit/${license.id}`, ["Extend", "Edit license", "Add device"]],
    ] as const
  ) {
    const { page, checkOpen } = await panel.visit(path);
    const menus = page.locator("main").locator("[aria-haspopup=menu], [aria-haspopup=dialog]");
    const openers = [
      ...(await menus.all()).slice(0, MOST_MENUS),
      ...dialogs.map((name) => page.getByRole("button", { name, exact: true }).first()),
    ];
    assert.ok(openers.length > 0, path);
    for (const opener of openers) {
      await opener.press("Enter");
      const opened = page.locator("[role=dialog], [role=menu]");
      await eventually(() => opened.evaluate((element) => element.contains(document.activeElement)));
      await checkOpen();
      await page.keyboard.press("Escape");
      await opened.waitFor({ state: "detached" });
      await hasFocus(opener);
    }
  }
});

test("undo is reached by a shortcut, and by going to the notifications", async () => {
  const license = await makeLicense(await ctx());
  const { page } = await open(license);
  const disable = page.getByRole("button", { name: "Disable", exact: true });
  await disable.press("Enter");
  const undo = page.getByRole("button", { name: /^Undo/ });
  // The page shows what was done; until then the button is the one of before.
  const enable = page.getByRole("button", { name: "Enable", exact: true }).first();
  await Promise.all([undo.waitFor(), enable.waitFor()]);
  assert.equal(await isActive(license), false);
  await page.keyboard.press("u");
  await disable.waitFor();
  assert.equal(await isActive(license), true);

  await disable.press("Enter");
  await Promise.all([undo.waitFor(), enable.waitFor()]);
  await page.keyboard.press("Alt+t");
  for (
    let steps = 0;
    steps < 6 && !await undo.evaluate((element) => element === document.activeElement);
    steps++
  ) {
    await page.keyboard.press("Tab");
  }
  await hasFocus(undo);
  await page.keyboard.press("Enter");
  await disable.waitFor();
  assert.equal(await isActive(license), true);
  // The focus is in the page again.
  await eventually(() =>
    page.evaluate(() => document.querySelector("main")!.contains(document.activeElement))
  );
});

test("notifications name their object, and cover no control at the end of a page", async () => {
  const license = await makeLicense(await ctx());
  const { page } = await open(license, { size: "phone" });
  await page.getByRole("button", { name: "Disable", exact: true }).click();
  const toast = page.getByRole("status").filter({ hasText: license.key });
  await toast.waitFor();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const covered = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("main a, main button, main input, main select")]
      .filter((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const over = document.elementFromPoint(left + width / 2, top + height / 2);
        return over?.closest("[data-kb-top-layer]");
      }).map((element) => element.outerHTML.slice(0, 100))
  );
  assert.deepEqual(covered, []);
});

test("a certificate has the terms and the key, masked for viewers, and prints without the panel around it", async () => {
  const license = await makeLicense(await ctx(), {
    customer: { name: "Orchid Press", email: "o@orchid.example" },
  });
  for (const [role, key] of [["viewer", maskKey(license.key)], ["manager", license.key]] as const) {
    const { page, check } = await panel.visit(`/license/${license.id}/certificate`, { role });
    const certificate = page.getByRole("article", { name: "Certificate" });
    for (const text of ["Orchid Press", "o@orchid.example", key, "Never expires", "Issued on"]) {
      await certificate.getByText(text).first().waitFor();
    }
    assert.equal(await certificate.getByText(license.key).count(), role === "viewer" ? 0 : 1);
    await check();
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.getByRole("navigation", { name: "Main" }).isVisible(), false);
    assert.equal(await page.getByRole("button", { name: "Print or save as PDF" }).isVisible(), false);
    assert.ok(await certificate.isVisible());
    await page.emulateMedia({ media: "screen" });
  }
});

test("a picker finds similar names, Enter takes the only hit, and a code follows the name until it is edited", async () => {
  await createProduct(await ctx(), { code: "marble", name: "Marble Workshop" });
  const { page } = await panel.visit("/plan/new");
  const product = page.getByRole("combobox", { name: "Product" });
  // Two letters are the wrong way round. Enter does not wait for the list, and does not send the form.
  await product.fill("Marbel Workshop");
  await product.press("Enter");
  await eventually(async () => await product.inputValue() === "Marble Workshop");
  await page.getByRole("listbox").waitFor({ state: "detached" });
  assert.equal(await page.getByText("Required").count(), 0);

  const [name, code] = [page.getByLabel("Name"), page.getByLabel("Code")];
  await name.fill("Éclair Pro, 2");
  assert.equal(await code.inputValue(), "eclair-pro-2");
  await code.fill("eclair");
  await name.fill("Éclair Pro 3");
  assert.equal(await code.inputValue(), "eclair");
});

test("browser and server close", () => panel.stop());
