// Whatever could hand over accounts asks again who one is: the change goes on after the password, and cancelling leaves
// everything as it was.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { readSettings } from "../../server/domain/settings/settings.ts";
import { PASSWORD, startPanel } from "../support/panel_browser.ts";
import { expireAuthentication } from "../support/second_factor.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;
const count = async (table: string) => (await server.db`select 1 from ${server.db(table)}`).length;

/** The changes, each ending with the button that asks; `is` tells whether it has been made. */
const changes: { title: string; path: string; act(page: Page): Promise<void>; is(): Promise<boolean> }[] = [
  {
    title: "a webhook is made",
    path: "/webhook/new",
    async act(page) {
      await page.getByLabel("Endpoint URL").fill("https://hooks.example.com/latchkey");
      await page.getByLabel("All events, including future ones").check();
      await page.getByRole("button", { name: "Create webhook" }).click();
    },
    is: async () => await count("webhooks") === 1,
  },
  {
    title: "an administrator is invited",
    path: "/administrators",
    async act(page) {
      await page.getByRole("button", { name: "Invite member" }).click();
      await page.getByLabel("Name", { exact: true }).fill("Vera");
      await page.getByLabel("Email", { exact: true }).fill("vera@example.com");
      await page.getByRole("button", { name: "Send invitation" }).click();
    },
    is: async () => await count("administrator_invitations") === 1,
  },
  {
    title: "the signing key is rotated",
    path: "/signing-keys",
    async act(page) {
      await page.getByRole("button", { name: "Rotate" }).click();
      const dialog = page.getByRole("dialog", { name: "Rotate signing key" });
      await dialog.getByRole("textbox").fill("rotate");
      await dialog.getByRole("button", { name: "Rotate" }).click();
    },
    is: async () => await count("signing_keys") === 2,
  },
  {
    title: "the audit log is kept for a shorter time",
    path: "/settings",
    async act(page) {
      await page.getByLabel("Keep the audit log for (days)").fill("45");
      await page.locator("[data-setting=keepEventsFor]").getByRole("button", { name: "Save" }).click();
    },
    is: async () => (await readSettings(server.db)).keepEventsFor === 45,
  },
  {
    title: "second factors are demanded of everybody",
    path: "/settings",
    act: (page) => page.getByLabel("Require 2FA for all members").click(),
    is: async () => (await readSettings(server.db)).requireSecondFactor,
  },
];

for (const { title, path, act, is } of changes) {
  test(`${title} only after showing who one is`, async () => {
    const { page, who, check, problems } = await panel.visit(path, { isNew: true });
    const dialog = page.getByRole("dialog", { name: "Confirm your identity" });
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await expireAuthentication(server, who);
    await act(page);
    await dialog.waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "password");
    problems.length = 0;
    await check();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal(await is(), false);
    await page.goto("/profile");
    await page.goto(path);
    await act(page);
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Continue" }).click();
    await eventually(is);
  });
}

test("browser and server close", () => panel.stop());
