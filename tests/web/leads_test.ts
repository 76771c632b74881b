// Leads in the panel: finding, creating, moving, winning, contacts and activities.
import assert from "node:assert/strict";
import { createLead, deleteLead, updateLead } from "../../server/domain/leads/leads.ts";
import { getLead } from "../../server/domain/leads/leads.ts";
import { listLeads } from "../../server/domain/leads/list.ts";
import { createContact, updateContact } from "../../server/domain/leads/contacts.ts";
import { holdQueries, startPanel } from "../support/panel_browser.ts";
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
  await form.getByLabel("Notes").fill("Wants twenty seats.\nCalls back.");
  await form.getByRole("button", { name: "Log activity" }).click();
  await page.getByText("with Sol, logged by").waitFor();
  assert.equal(await form.getByLabel("Notes").inputValue(), "");
  const [activity] = (await leadOf(id)).activities;
  assert.deepEqual([activity.kind, activity.text, activity.happenedAt.toISOString()], [
    "meeting",
    "Wants twenty seats.\nCalls back.",
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

test("a stage that was changed by its pill is not put back by Save", async () => {
  const { id } = await createLead(await ctx(), { name: "Pill and Form" });
  const { page, check } = await panel.visit(`/leads/edit/${id}`);
  const notesField = page.locator("textarea[name=notes]");
  await notesField.fill("Typed before the stage was changed.");
  await page.getByRole("button", { name: /^Stage of Pill and Form/ }).click();
  await page.getByRole("menuitem", { name: "Qualified" }).click();
  await eventually(async () => (await leadOf(id)).stage === "qualified");
  // The form shows it, and keeps what was typed.
  await eventually(async () => await page.getByLabel("Stage", { exact: true }).inputValue() === "qualified");
  assert.match(await notesField.inputValue(), /^Typed before/);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/ saved\.$/).waitFor();
  const { stage, notes } = await leadOf(id);
  assert.deepEqual([stage, notes], ["qualified", "Typed before the stage was changed."]);
  await check();
});

test("a lead that someone else has moved since is moved only after asking, and undo asks as well", async () => {
  const { id } = await createLead(await ctx(), { name: "Moved Twice" });
  const { page } = await panel.visit("/leads/?tab=board");
  const pill = page.getByRole("button", { name: /^Stage of Moved Twice/ });
  const dialog = page.getByRole("dialog", { name: "Someone else changed this" });
  await pill.waitFor();
  await holdQueries(page, /leads\.list/);
  await updateLead(await ctx(), { id, changes: { stage: "contacted", city: "Ghent" } });
  await pill.click();
  await page.getByRole("menuitem", { name: "Proposal" }).click();
  await dialog.getByText("Contacted").waitFor();
  await dialog.getByRole("radio", { name: /Proposal/ }).check();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await eventually(async () => (await leadOf(id)).stage === "proposal");
  assert.equal((await leadOf(id)).city, "Ghent");

  await updateLead(await ctx(), { id, changes: { stage: "lost" } });
  await page.getByRole("button", { name: "Undo" }).click();
  await dialog.getByText("Lost").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Nothing was undone.").waitFor();
  assert.equal((await leadOf(id)).stage, "lost");
});

test("two persons edit a contact, and both changes are kept", async () => {
  const { id } = await createLead(await ctx(), { name: "Shared", contact: { name: "Ada" } });
  const [contact] = (await leadOf(id)).contacts;
  const { page } = await panel.visit(`/leads/edit/${id}?tab=contacts`);
  await page.getByRole("button", { name: "Edit Ada" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Job title").fill("Director");
  await updateContact(await ctx(), { id: contact.id, changes: { phone: "+32 1" } });
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  const [{ position, phone }] = (await leadOf(id)).contacts;
  assert.deepEqual([position, phone], ["Director", "+32 1"]);
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
