// The import of leads: columns are mapped in the page, and errors are shown before anything is saved.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { utils, write } from "@e965/xlsx";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { realTime } from "../support/real_time.ts";
import { startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();
const { db } = panel.server;

const foreign = [
  "Firma;Ort;Kürzel;E-Mail;Stage",
  "Müller AG;Bern;MAG;info@mueller.example;new",
  "Meier GmbH;Köln;MEI;nonsense;new",
  "Weber KG;Wien;WEB;;dreaming",
  "Huber AG;Graz;HUB;huber@huber.example;qualified",
].join("\n");

const csv = (text: string, name = "leads.csv") => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(text),
});

async function names(): Promise<string[]> {
  return (await db<{ name: string }[]>`select name from institutions order by id`).map(({ name }) => name);
}

test("a table with headings of its own is matched, seen, and its good rows are imported", async () => {
  const { page, check } = await panel.visit("/leads/import");
  await check();
  await page.getByLabel("Upload a file").setInputFiles(csv(foreign));
  await page.getByText("No column is mapped to Name yet").waitFor();
  const start = page.getByRole("button", { name: /^Import \d+ lead/ });
  assert.equal(await start.getAttribute("aria-disabled"), "true");
  assert.equal(await page.getByLabel("Field for column Stage").inputValue(), "Stage");
  await page.getByRole("cell", { name: "Müller AG" }).waitFor();
  await check();

  await page.getByLabel("Field for column Firma").selectOption("Name");
  await page.getByText(/^3 of \d+ rows? ready$/).waitFor();
  await page.getByLabel("Field for column Ort").selectOption("City");
  await page.getByLabel("Field for column E-Mail").selectOption("Contact email");
  await page.getByText(/^2 of \d+ rows? ready$/).waitFor();
  await page.getByRole("cell", { name: "is not an email address", exact: true }).waitFor();
  await page.getByRole("cell", { name: /^must be one of .* lost$/ }).waitFor();
  assert.deepEqual(await names(), [], "nothing is saved before it is said");
  await check();

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  const rows = (await Deno.readTextFile(await file.path())).replace("\ufeff", "").trim().split("\r\n");
  assert.deepEqual(rows.slice(0, 2), [
    "Name,City,Kürzel,Contact email,Stage,Line,Errors",
    "Meier GmbH,Köln,MEI,nonsense,new,3,Contact email is not an email address",
  ]);

  await page.getByRole("button", { name: "Import 2 leads" }).click();
  await page.getByText("2 leads imported").waitFor();
  await page.getByText("2 rows skipped").waitFor();
  const saved = await db`
    select i.name, city, stage, k.email
    from institutions i
    left join contacts k on k.institution_id = i.id
    order by i.id`;
  assert.deepEqual(saved.map(({ name, city, stage, email }) => [name, city, stage, email]), [
    ["Müller AG", "Bern", "new", "info@mueller.example"],
    ["Huber AG", "Graz", "qualified", "huber@huber.example"],
  ]);
  await check();
  await page.getByRole("link", { name: "View leads" }).click();
  await page.getByRole("link", { name: "Huber AG" }).waitFor();
});

test("duplicates are shown, and skipped, updated or added as it is chosen", async () => {
  const before = (await names()).length;
  const { page, check } = await panel.visit("/leads/import");
  const table = "Name;City\nMÜLLER  ag;Zug\nFresh Ltd;Cork\nfresh ltd;Cobh";
  await page.getByLabel("Upload a file").setInputFiles(csv(table));
  await page.getByRole("heading", { name: "2 duplicates" }).waitFor();
  await page.getByText(/^1 of \d+ rows? ready$/).waitFor();
  await page.getByText("2 duplicates will be skipped.").waitFor();
  await page.getByRole("link", { name: "existing lead" }).waitFor();
  await page.getByRole("cell", { name: "row 3" }).waitFor();
  await check();
  await page.getByRole("radio", { name: /^Create/ }).check();
  await page.getByText(/^3 of \d+ rows? ready$/).waitFor();
  await page.getByRole("radio", { name: /^Update/ }).check();
  await page.getByText("2 existing leads will be updated.").waitFor();
  await page.getByRole("button", { name: "Import 3 leads" }).click();
  await page.getByText("2 existing leads updated.").waitFor();
  assert.equal((await names()).length, before + 1);
  const [{ city }] = await db`select city from institutions where name = 'MÜLLER ag'`;
  assert.equal(city, "Zug");
});

test("how a text was read is shown with warnings, and another encoding can be chosen", async () => {
  const { page, check } = await panel.visit("/leads/import");
  const table = 'Name|Name|City\n5" Pipes|x|K\u00f6ln\nTwo|y|Rom|extra';
  await page.getByLabel("Upload a file").setInputFiles({
    name: "latin1.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(table, "latin1"),
  });
  await page.getByText("Format: CSV, separated by pipes. Header row: 1.").waitFor();
  await page.getByText("3 warnings").waitFor();
  await page.getByText("The row has more cells than the header row.").waitFor();
  await page.getByRole("cell", { name: "Köln" }).waitFor();
  await page.getByLabel("Field for column Name (2)").waitFor();
  await check();
  await page.getByLabel("Encoding").selectOption("windows-1251");
  await page.getByRole("cell", { name: "Kцln" }).waitFor();
});

test("another sheet of a workbook can be chosen", async () => {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet([["Name"], ["On The First"]]), "First");
  utils.book_append_sheet(
    book,
    utils.aoa_to_sheet([["A title"], ["Firma", "City"], ["On The Second", "Rom"]]),
    "Second",
  );
  const { page, check } = await panel.visit("/leads/import");
  await page.getByLabel("Upload a file").setInputFiles({
    name: "two sheets.xlsx",
    mimeType: "application/octet-stream",
    buffer: Buffer.from(write(book, { type: "array", bookType: "xlsx" }) as ArrayBuffer),
  });
  await page.getByRole("cell", { name: "On The First" }).waitFor();
  await page.getByLabel("Sheet").selectOption("Second");
  await page.getByRole("cell", { name: "On The Second" }).waitFor();
  await page.getByLabel("Field for column Firma").selectOption("Name");
  await page.getByText(/^1 of \d+ rows? ready$/).waitFor();
  await check();
  await page.getByRole("button", { name: "Import 1 lead" }).click();
  await page.getByText("1 lead imported").waitFor();
  assert.equal((await names()).at(-1), "On The Second");
});

test("what is taken for one column cannot be taken for it twice", async () => {
  const { page } = await panel.visit("/leads/import");
  await page.getByLabel("Upload a file").setInputFiles(csv("Name;Firma\nOne;Two"));
  await page.getByText(/^1 of \d+ rows? ready$/).waitFor();
  await page.getByLabel("Field for column Firma").selectOption("Name");
  await page.getByText(/^1 of \d+ rows? ready$/).waitFor();
  assert.equal(await page.getByLabel("Field for column Name").inputValue(), "");
});

test("what is no table is refused, and another can be chosen", async () => {
  const before = await names();
  const { page, check, problems } = await panel.visit("/leads/import");
  await page.getByLabel("Upload a file").setInputFiles(csv("PK\x03\x04 is no workbook", "leads.xlsx"));
  await page.getByRole("alert").getByText("The workbook is damaged or incomplete.").waitFor();
  // The browser reports error responses on its console.
  problems.length = 0;
  await check();
  await page.getByRole("button", { name: "Choose another file" }).click();
  await page.getByLabel("Upload a file").setInputFiles(csv("Name\nDropped and kept"));
  await page.getByText(/^1 of \d+ rows? ready$/).waitFor();
  assert.deepEqual(await names(), before);
});

test("a table is dropped into its place", async () => {
  const { page } = await panel.visit("/leads/import");
  const data = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["Name,City\nDropped Ltd,Cork"], "dropped.csv"));
    return data;
  });
  await page.getByText("Upload a file or drop it here").dispatchEvent("drop", { dataTransfer: data });
  await page.getByRole("cell", { name: "Dropped Ltd" }).waitFor();
  await page.getByText("dropped.csv").waitFor();
});

test("a large table is checked and imported as jobs, whose page can be left", async () => {
  const before = (await names()).length;
  const lines = ["Name,Notes", ...Array.from({ length: 6000 }, (_, n) => `Bulk ${n},${"x".repeat(200)}`)];
  const { page, check } = await panel.visit("/leads/import");
  await page.getByLabel("Upload a file").setInputFiles(csv(lines.join("\n")));
  await page.getByText("Queued", { exact: true }).waitFor();
  await runRequestedJobs(await panel.server.ctx(), realTime);
  await page.getByRole("button", { name: "Import 6,000 leads" }).click();
  await page.waitForURL(/\?job=\d+$/);
  await page.getByText("Queued", { exact: true }).waitFor();
  await check();
  await page.reload();
  await page.getByText("Queued", { exact: true }).waitFor();
  await runRequestedJobs(await panel.server.ctx(), realTime);
  await page.getByText("6,000 leads imported").waitFor();
  assert.equal((await names()).length, before + 6000);
});

test("a session that ended is asked for in place, and the import goes on", async () => {
  const { page, who } = await panel.visit("/leads/import", { isNew: true });
  await page.getByLabel("Upload a file").setInputFiles(csv("Name\nAfter The Break"));
  await page.getByText(/^1 of \d+ rows? ready$/).waitFor();
  await db`update administrator_sessions set expires_at = now() where administrator_id = ${who.id}`;
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Import 1 lead" }).click();
  await page.getByRole("dialog", { name: "Your session has expired" }).waitFor();
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Continue" }).click();
  await eventually(async () => (await names()).includes("After The Break"));
  await page.getByText("1 lead imported").waitFor();
});

test("who may only read is told that importing is not theirs", async () => {
  const { page, check } = await panel.visit("/leads/import", { role: "viewer" });
  await page.getByText("Requires the Manager role").waitFor();
  await check();
});

test("importing fits a telephone in both themes", async () => {
  const { page, check } = await panel.visit("/leads/import", { size: "phone" });
  await check();
  await page.getByLabel("Upload a file").setInputFiles(csv(foreign));
  await page.getByLabel("Field for column Firma").selectOption("Name");
  await page.getByText("Rows with errors").waitFor();
  await check();
});

test("customers are imported by the same steps, and existing ones are updated when that is chosen", async () => {
  await createCustomer(await panel.server.ctx(), { name: "Old name", email: "kept@import.example" });
  const { page, check } = await panel.visit("/customers");
  await page.getByRole("link", { name: "Import" }).click();
  await page.getByRole("heading", { name: "Import customers", level: 1 }).waitFor();
  await page.getByLabel("Upload a file").setInputFiles(
    csv("Firma;Email;Tags\nNew name;kept@import.example;VIP\nLighthouse;;\nBad;nonsense;\n", "customers.csv"),
  );
  await page.getByText("No column is mapped to Name yet. Customers need a name.").waitFor();
  await page.getByLabel("Field for column Firma").selectOption("Name");
  await page.getByText("1 of 3 rows ready").waitFor();
  await page.getByRole("radio", { name: /^Update/ }).check();
  await page.getByText("2 of 3 rows ready").waitFor();
  await page.getByText("is not an email address").first().waitFor();
  await check();
  await page.getByRole("button", { name: "Import 2 customers" }).click();
  await page.getByText("2 customers imported").waitFor();
  await page.getByRole("link", { name: "View customers" }).click();
  await page.getByRole("link", { name: "New name" }).waitFor();
  await page.getByRole("link", { name: "Lighthouse" }).waitFor();
});

test("browser and server close", () => panel.stop());
