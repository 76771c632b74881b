// Leads in the panel: finding, creating, moving, winning, contacts and activities.
import assert from "node:assert/strict";
import { createLead, deleteLead } from "../../server/domain/leads/leads.ts";
import { getLead } from "../../server/domain/leads/leads.ts";
import { listLeads } from "../../server/domain/leads/list.ts";
import { createContact } from "../../server/domain/leads/contacts.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const ctx = () => panel.server.ctx();
const leadOf = async (id: number) => await getLead(await ctx(), id);

test("without leads the page says how to start", async () => {
  const { page, check } = await panel.visit("/leads");
  await page.getByText("No leads yet").waitFor();
  await check();
});

test("a lead is added with its first contact, once what is wrong was said at the field", async () => {
  const { page, check } = await panel.visit("/leads/");
  await page.getByRole("link", { name: "New lead" }).first().click();
  await page.getByLabel("Email").fill("not an address");
  await page.getByRole("button", { name: "Create lead" }).click();
  await page.getByText("Required", { exact: true }).first().waitFor();
  assert.equal(await page.getByLabel("Contact’s name").getAttribute("aria-invalid"), "true");
  await check();
  await page.getByLabel("Name", { exact: true }).fill("Copperfield Academy");
  await page.getByLabel("Type").fill("University");
  await page.getByLabel("City").fill("Ghent");
  await page.getByLabel("Contact’s name").fill("Mara Lind");
  await page.getByLabel("Email").fill("mara@copperfield.example");
  await page.getByRole("button", { name: "Create lead" }).click();
  await page.getByRole("heading", { name: /Copperfield Academy/, level: 1 }).waitFor();
  const { rows } = await listLeads(await ctx(), { q: "copperfield" });
  assert.deepEqual(rows.map(({ type, city, stage, contactEmail }) => [type, city, stage, contactEmail]), [
    ["university", "Ghent", "new", "mara@copperfield.example"],
  ]);
  await check();
});

test("the stage is changed in the list, and the change is undone", async () => {
  const { id } = await createLead(await ctx(), { name: "Harbour Weavers" });
  await createLead(await ctx(), { name: "Someone Else", stage: "lost" });
  const { page, check } = await panel.visit("/leads/?stage=new&q=weav");
  await page.getByRole("button", { name: /^Stage of Harbour Weavers/ }).click();
  await page.getByRole("menuitem", { name: "Qualified" }).click();
  await page.getByText("Harbour Weavers: New → Qualified.").waitFor();
  await page.getByText("No leads match").waitFor();
  assert.equal((await leadOf(id)).stage, "qualified");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "Harbour Weavers" }).waitFor();
  assert.equal((await leadOf(id)).stage, "new");
  await check();
});

test("what is shown is exported with the same filters", async () => {
  await createLead(await ctx(), { name: "Only Museum", type: "museum" });
  const { page } = await panel.visit("/leads/?type=museum");
  await page.getByRole("link", { name: "Only Museum" }).waitFor();
  await page.getByRole("button", { name: "Export (current view)" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  assert.equal(file.suggestedFilename(), "leads.csv");
  const lines = (await Deno.readTextFile(await file.path())).trim().split("\r\n");
  assert.deepEqual(lines.slice(1).map((line) => line.split(",")[0]), ["Only Museum"]);
});

test("a lead that is won becomes a customer, which is said before and linked after", async () => {
  const contact = { name: "Ada", email: "ada@blue.example" };
  const { id } = await createLead(await ctx(), { name: "Blue Harbor", contact });
  const { page, check } = await panel.visit(`/leads/edit/${id}`);
  await page.getByText("Created when won").waitFor();
  await page.getByLabel("Stage", { exact: true }).selectOption("won");
  await page.getByText("Saving creates a customer").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Blue Harbor: won – customer created.").waitFor();
  await page.getByRole("link", { name: "View customer" }).click();
  await page.getByRole("heading", { name: "Blue Harbor", level: 1 }).waitFor();
  const [customer] = await panel.server.db`select email from customers where name = 'Blue Harbor'`;
  assert.equal(customer.email, "ada@blue.example");
  await check();
});

test("contacts are added, changed, deleted and taken back", async () => {
  const { id } = await createLead(await ctx(), { name: "Greenfield" });
  const { page, check } = await panel.visit(`/leads/edit/${id}?tab=contacts`);
  await page.getByRole("button", { name: "Add contact" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Noor");
  await dialog.getByLabel("Email").fill("noor@greenfield.example");
  await check();
  await dialog.getByRole("button", { name: "Add contact" }).click();
  await page.getByRole("link", { name: "noor@greenfield.example" }).waitFor();
  await dialog.waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Edit Noor" }).click();
  await dialog.getByLabel("Job title").fill("Director");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Director", { exact: true }).waitFor();

  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Delete Noor" }).click();
  await page.getByText("No contacts yet").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "noor@greenfield.example" }).waitFor();
  assert.deepEqual((await leadOf(id)).contacts.map(({ name, position }) => [name, position]), [
    ["Noor", "Director"],
  ]);
});

test("what was said is noted with whom and when", async () => {
  const { id } = await createLead(await ctx(), { name: "Northwind", contact: { name: "Sol" } });
  const { page, check } = await panel.visit(`/leads/edit/${id}`);
  const form = page.getByRole("region", { name: "Log activity" });
  await form.getByRole("button", { name: "Log activity" }).click();
  await form.getByText("Required", { exact: true }).waitFor();
  await form.getByLabel("Type").selectOption("meeting");
  await form.getByLabel("Contact").selectOption({ label: "Sol" });
  await form.getByLabel("Time").fill("2026-01-15T09:30");
  await form.getByLabel("Notes").fill("Wants twenty places.\nCalls back.");
  await form.getByRole("button", { name: "Log activity" }).click();
  await page.getByText("with Sol, logged by").waitFor();
  assert.equal(await form.getByLabel("Notes").inputValue(), "");
  const [activity] = (await leadOf(id)).activities;
  assert.deepEqual([activity.kind, activity.text, activity.happenedAt.toISOString()], [
    "meeting",
    "Wants twenty places.\nCalls back.",
    "2026-01-15T08:30:00.000Z",
  ]);
  await check();
});

test("a lead is deleted, found among the deleted, and restored", async () => {
  const { id } = await createLead(await ctx(), { name: "Cinder Path" });
  const { page } = await panel.visit(`/leads/edit/${id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("Cinder Path deleted").waitFor();
  assert.notEqual((await leadOf(id)).deletedAt, null);
  await page.goto("/leads/?deleted=true");
  await page.getByRole("link", { name: "Cinder Path" }).click();
  await page.getByRole("button", { name: "Restore" }).click();
  await eventually(async () => (await leadOf(id)).deletedAt === null);
  await page.getByRole("button", { name: "Delete" }).waitFor();
});

test("on the board a lead is moved by the keyboard", async () => {
  const { id } = await createLead(await ctx(), { name: "Lowland Prints" });
  const { page, check } = await panel.visit("/leads/?tab=board");
  const move = page.getByRole("button", { name: /^Stage of Lowland Prints/ });
  await move.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Proposal" }).waitFor();
  for (let step = 0; step < 10; step++) {
    if (
      await page.getByRole("menuitem", { name: "Proposal" }).evaluate((item) =>
        item.matches("[data-highlighted]")
      )
    ) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Proposal" }).getByRole("link", { name: "Lowland Prints" })
    .waitFor();
  assert.equal((await leadOf(id)).stage, "proposal");
  await check();
});

test("who may only read sees stages and no way to change them", async () => {
  const { id } = await createLead(await ctx(), { name: "Quiet Mill", contact: { name: "Lou" } });
  const { page, check } = await panel.visit(`/leads/edit/${id}?tab=contacts`, { role: "viewer" });
  await page.getByText("Lou", { exact: true }).waitFor();
  for (const name of ["Delete", "Save", "Add contact"]) {
    const button = page.getByRole("button", { name, exact: true });
    assert.equal(await button.getAttribute("aria-disabled"), "true", name);
  }
  assert.equal(await page.getByRole("button", { name: /^Stage of/ }).count(), 0);
  await check();
});

test("the pages of leads fit a telephone in both themes", async () => {
  const name = "Königlich-Niederländische Gesellschaft für Textilveredelung und Uniformkunde";
  const { id } = await createLead(await ctx(), { name, contact: { name: "Jo", email: "jo@long.example" } });
  await createContact(await ctx(), {
    institutionId: id,
    name: "Bo",
    email: `${"b".repeat(60)}@long.example`,
  });
  const paths = [
    "/leads/",
    "/leads/?tab=board",
    "/leads/create",
    `/leads/edit/${id}`,
    `/leads/edit/${id}?tab=contacts`,
  ];
  for (const path of paths) {
    const { page, check } = await panel.visit(path, { size: "phone" });
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
  }
  await deleteLead(await ctx(), id);
});

test("browser and server close", () => panel.stop());
