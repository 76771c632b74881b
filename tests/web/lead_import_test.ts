// The import of leads: columns are mapped in the page, and errors are shown before anything is saved.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
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
  await page.getByLabel("Choose a table").setInputFiles(csv(foreign));
  await page.getByText("No column is taken for Name yet").waitFor();
  const start = page.getByRole("button", { name: /^Import \d+ lead/ });
  assert.equal(await start.getAttribute("aria-disabled"), "true");
  assert.equal(await page.getByLabel("What the column Stage is taken for").inputValue(), "Stage");
  await page.getByRole("cell", { name: "Müller AG" }).waitFor();
  await check();

  await page.getByLabel("What the column Firma is taken for").selectOption("Name");
  await page.getByText("3 can be imported").waitFor();
  await page.getByLabel("What the column Ort is taken for").selectOption("City");
  await page.getByLabel("What the column E-Mail is taken for").selectOption("Contact email");
  await page.getByText("2 can be imported").waitFor();
  await page.getByRole("cell", { name: "is not an email address", exact: true }).waitFor();
  await page.getByRole("cell", { name: /^must be one of .* lost$/ }).waitFor();
  assert.deepEqual(await names(), [], "nothing is saved before it is said");
  await check();

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Errors as CSV" }).click(),
  ]);
  const rows = (await Deno.readTextFile(await file.path())).replace("\ufeff", "").trim().split("\r\n");
  assert.deepEqual(rows.slice(0, 2), [
    "Line,Column,What is wrong",
    "3,Contact email,is not an email address",
  ]);

  await page.getByRole("button", { name: "Import 2 leads" }).click();
  await page.getByText("2 leads are imported").waitFor();
  await page.getByText("2 rows were left out").waitFor();
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
  await page.getByRole("link", { name: "Show the leads" }).click();
  await page.getByRole("link", { name: "Huber AG" }).waitFor();
});

test("what is taken for one column cannot be taken for it twice", async () => {
  const { page } = await panel.visit("/leads/import");
  await page.getByLabel("Choose a table").setInputFiles(csv("Name;Firma\nOne;Two"));
  await page.getByText("1 can be imported").waitFor();
  await page.getByLabel("What the column Firma is taken for").selectOption("Name");
  await page.getByText("1 can be imported").waitFor();
  assert.equal(await page.getByLabel("What the column Name is taken for").inputValue(), "");
});

test("what is no table is refused, and another can be chosen", async () => {
  const before = await names();
  const { page, check, problems } = await panel.visit("/leads/import");
  await page.getByLabel("Choose a table").setInputFiles(csv("PK\x03\x04 is no workbook", "leads.xlsx"));
  await page.getByRole("alert").getByText("The file is not a CSV or XLSX table").waitFor();
  // The browser reports error responses on its console.
  problems.length = 0;
  await check();
  await page.getByRole("button", { name: "Choose another table" }).click();
  await page.getByLabel("Choose a table").setInputFiles(csv("Name\nDropped and kept"));
  await page.getByText("1 can be imported").waitFor();
  assert.deepEqual(await names(), before);
});

test("a table is dropped into its place", async () => {
  const { page } = await panel.visit("/leads/import");
  const data = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["Name,City\nDropped Ltd,Cork"], "dropped.csv"));
    return data;
  });
  await page.getByText("Choose a table, or drop it here").dispatchEvent("drop", { dataTransfer: data });
  await page.getByRole("cell", { name: "Dropped Ltd" }).waitFor();
  await page.getByText("dropped.csv").waitFor();
});

test("a large table is checked and imported as jobs, whose page can be left", async () => {
  const before = (await names()).length;
  const lines = ["Name,Notes", ...Array.from({ length: 6000 }, (_, n) => `Bulk ${n},${"x".repeat(200)}`)];
  const { page, check } = await panel.visit("/leads/import");
  await page.getByLabel("Choose a table").setInputFiles(csv(lines.join("\n")));
  await page.getByText("It waits for its turn.").waitFor();
  await runRequestedJobs(await panel.server.ctx());
  await page.getByRole("button", { name: "Import 6,000 leads" }).click();
  await page.waitForURL(/\?job=\d+$/);
  await page.getByText("It waits for its turn.").waitFor();
  await check();
  await page.reload();
  await page.getByText("It waits for its turn.").waitFor();
  await runRequestedJobs(await panel.server.ctx());
  await page.getByText("6,000 leads are imported").waitFor();
  assert.equal((await names()).length, before + 6000);
});

test("a session that ended is asked for in place, and the import goes on", async () => {
  const { page, who } = await panel.visit("/leads/import", { isNew: true });
  await page.getByLabel("Choose a table").setInputFiles(csv("Name\nAfter The Break"));
  await page.getByText("1 can be imported").waitFor();
  await db`update administrator_sessions set expires_at = now() where administrator_id = ${who.id}`;
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Import 1 lead" }).click();
  await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Go on" }).click();
  await eventually(async () => (await names()).includes("After The Break"));
  await page.getByText("1 lead is imported").waitFor();
});

test("who may only read is told that importing is not theirs", async () => {
  const { page, check } = await panel.visit("/leads/import", { role: "viewer" });
  await page.getByText("Importing needs the role manager").waitFor();
  await check();
});

for (const dark of [false, true]) {
  test(`importing fits a telephone${dark ? " in the dark" : ""}`, async () => {
    const { page, check } = await panel.visit("/leads/import", { size: "phone", dark });
    await check();
    await page.getByLabel("Choose a table").setInputFiles(csv(foreign));
    await page.getByLabel("What the column Firma is taken for").selectOption("Name");
    await page.getByText("Rows that cannot be imported").waitFor();
    await check();
  });
}

test("browser and server close", () => panel.stop());
