// Settings in the panel: each is saved by itself, refused at its field, and reset to its default.
import assert from "node:assert/strict";
import { readSettings } from "../../server/domain/settings/settings.ts";
import { defaultSettings } from "../../server/domain/settings/schema.ts";
import { PASSWORD } from "../support/administrators.ts";
import { startPanel } from "../support/panel_browser.ts";
import { expireAuthentication } from "../support/second_factor.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const settings = () => readSettings(panel.server.db);

test("every setting is there, with its standard", async () => {
  const { page, check } = await panel.visit("/settings");
  await page.getByText("All defaults").waitFor();
  const names = await page.locator("[data-setting]").evaluateAll((lines) =>
    lines.map((line) => line.getAttribute("data-setting"))
  );
  assert.deepEqual(names.toSorted(), Object.keys(defaultSettings).toSorted());
  await check();
});

test("a number is refused outside its limits, saved within, and reset to its default", async () => {
  const { page, check } = await panel.visit("/settings");
  const field = page.getByLabel("Keep hourly statistics for");
  const line = page.locator("[data-setting=keepStatisticsFor]");
  await field.fill("5");
  await line.getByRole("button", { name: "Save" }).click();
  await line.getByText("At least 7.").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await field.fill("31.5");
  await line.getByRole("button", { name: "Save" }).click();
  await line.getByText("Enter a whole number.").waitFor();
  await check();
  await field.fill("60");
  await line.getByRole("button", { name: "Save" }).click();
  await line.getByText("Modified").waitFor();
  await page.getByText("1 setting modified").waitFor();
  assert.equal((await settings()).keepStatisticsFor, 60);
  await line.getByRole("button", { name: "Reset to default" }).click();
  await line.getByText("Modified").waitFor({ state: "detached" });
  assert.equal((await settings()).keepStatisticsFor, 90);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => (await settings()).keepStatisticsFor === 60);
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByText("Setting updated").first().waitFor();
  await check();
});

test("what only the server refuses is said at the field, too, and changes nothing", async () => {
  const { page, problems } = await panel.visit("/settings");
  const line = page.locator("[data-setting=keepEventsFor]");
  await page.getByLabel("Keep the audit log for").fill("7");
  await line.getByRole("button", { name: "Save" }).click();
  await line.getByText("0 or at least 30").waitFor();
  assert.equal((await settings()).keepEventsFor, 0);
  const link = page.locator("[data-setting=appLink]");
  await page.getByLabel("App deep link").fill("nowhere");
  await link.getByRole("button", { name: "Save" }).click();
  await link.getByText("Enter a URL with a scheme").waitFor();
  assert.equal((await settings()).appLink, defaultSettings.appLink);
  problems.length = 0;
  page.on("dialog", (dialog) => dialog.accept());
});

test("a checkbox is saved at once, and back again", async () => {
  const { page } = await panel.visit("/settings");
  await page.getByLabel("Accept imported keys").check();
  await eventually(async () => (await settings()).acceptImportedKeys);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => !(await settings()).acceptImportedKeys);
});

test("the link of the app is changed only by who has just shown who they are, an ordinary setting by any owner", async () => {
  const { page, who, problems } = await panel.visit("/settings", { isNew: true });
  const link = page.locator("[data-setting=appLink]");
  await page.getByLabel("App deep link").fill("myapp://open/{token}");
  await expireAuthentication(panel.server, who);
  await page.getByLabel("Device swaps per day").fill("7");
  await page.locator("[data-setting=anomalyMachineChangesPerDay]").getByRole("button", { name: "Save" })
    .click();
  await eventually(async () => (await settings()).anomalyMachineChangesPerDay === 7);
  await link.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog", { name: "Confirm your identity" }).waitFor();
  assert.equal((await settings()).appLink, defaultSettings.appLink);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Continue" }).click();
  await link.getByText("Modified").waitFor();
  assert.equal((await settings()).appLink, "myapp://open/{token}");
  problems.length = 0;
});

test("an email template is previewed while it is typed, refused with the place, saved and reset", async () => {
  const { page, check } = await panel.visit("/settings");
  const logo = page.locator("[data-setting=mailLogo]");
  await logo.getByLabel("Logo URL").fill("https://logo.example/mail.png");
  await logo.getByRole("button", { name: "Save" }).click();
  await logo.getByText("Modified").waitFor();
  await page.getByRole("tab", { name: "Email templates" }).click();
  await page.getByRole("button", { name: "Edit License delivered" }).click();
  await page.getByLabel("Subject").and(page.locator(":focus")).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("template"), "licenseDelivered", "a reload keeps it");
  const mail = page.locator("[data-preview=mail]");
  await mail.getByText("K7QM-2R9X-WD4T-8F2K").waitFor();
  assert.equal(await mail.locator("img").count(), 0, "the panel loads nothing from elsewhere");
  await check();
  const text = page.getByLabel("Text", { exact: true });
  await text.fill("Thank you, {{nam}}\n\n{{licenseKey}}");
  await page.getByText("Line 1, character 12: there is no variable {{nam}}.").waitFor();
  await text.fill("Thank you, {{name}} & welcome\n\n{{licenseKey}}");
  await mail.getByText("Thank you, Grace Liu & welcome").waitFor();
  await page.getByLabel("Dark").check();
  await check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const item = page.getByRole("listitem").filter({ hasText: "A license was created for the customer" });
  await item.getByText("Modified").waitFor();
  await item.locator("button:focus").waitFor();
  const stored = () => panel.server.db`select body from mail_templates where kind = 'licenseDelivered'`;
  assert.match((await stored())[0].body, /^Thank you, \{\{name\}\} & welcome/);
  await item.getByRole("button").click();
  await page.getByRole("button", { name: "Reset to default" }).click();
  await item.waitFor();
  await item.getByText("Modified").waitFor({ state: "detached" });
  assert.equal((await stored()).length, 0);
  await check();
});

test("an email template that another owner saved meanwhile is shown and not overwritten", async () => {
  const { page, check, problems } = await panel.visit("/settings?tab=templates&template=licenseExpired");
  await page.getByLabel("Subject").fill("Mine");
  await panel.server.db`
    insert into mail_templates (kind, subject, body, updated_at)
    values ('licenseExpired', 'Theirs', 'A text of someone else', now())`;
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const other = page.getByRole("status", { name: "Saved by someone else" });
  await other.getByText("A text of someone else").waitFor();
  problems.length = 0;
  await check();
  const stored = async () =>
    (await panel.server.db`select subject from mail_templates where kind = 'licenseExpired'`)[0].subject;
  assert.equal(await stored(), "Theirs");
  await other.getByRole("button", { name: "Keep mine" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Edit License expired" }).waitFor();
  assert.equal(await stored(), "Mine");
});

for (const role of ["manager", "viewer"] as const) {
  test(`a ${role} reads that settings are for owners`, async () => {
    const { page, check } = await panel.visit("/settings", { role });
    await page.getByText(`Your role is ${role}.`).waitFor();
    await check();
  });
}

test("the settings fit a telephone in both themes", async () => {
  const { page, check } = await panel.visit("/settings", { size: "phone" });
  await page.locator("[data-setting=appLink]").waitFor();
  await check();
});

test("browser and server close", () => panel.stop());
