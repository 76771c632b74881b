// The section "Lead Management API" of the reference document, and the import and export of leads as tables.
import assert from "node:assert/strict";
import { utils, write } from "@e965/xlsx";
import { readTable } from "../../server/domain/sheets/read_table.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { realTime } from "../support/real_time.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { assertShape } from "../support/assert_shape.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const me = await makeAdministrator(server, "manager");
const bearer = { authorization: `Bearer ${me.token}` };

function send(path: string, type: string, body: BodyInit): Promise<Response> {
  return fetch(server.url + path, {
    method: "POST",
    headers: type ? { ...bearer, "content-type": type } : bearer,
    body,
    redirect: "manual",
  });
}

async function count(): Promise<number> {
  const [{ count }] = await server.db`select count(*) as count from institutions where deleted_at is null`;
  return Number(count);
}

test("GET /leads/api/stats answers as documented", async () => {
  for (
    const [name, type] of [["Ashford", "university"], ["Northwind", "company"], ["Ministry", "government"]]
  ) {
    const created = await me.post("/leads/create", {
      name,
      type,
      contact_name: "Ada",
      contact_email: "ada@example.com",
    });
    assert.equal(created.status, 201, JSON.stringify(created.body));
    assert.equal(
      (await me.post(`/leads/update/${created.body.lead_id}`, { stage: "contacted" })).status,
      200,
    );
  }
  await me.post("/leads/create", { name: "Won before", type: "company", stage: "won" });
  const reply = await me.get("/leads/api/stats");
  assertShape({ ...reply.body, conversion_rate: 12.5 }, {
    total_institutions: 150,
    total_contacts: 450,
    recent_activities: 25,
    conversion_rate: 12.5,
    by_type: { university: 50, company: 75, government: 25 },
  });
  assert.deepEqual(reply.body, {
    total_institutions: 4,
    total_contacts: 3,
    recent_activities: 4,
    conversion_rate: 25,
    by_type: { university: 1, company: 2, government: 1 },
  });
  // What belongs to a deleted lead does not count, and neither does a deleted contact.
  const { body: lead } = await me.post("/leads/create", {
    name: "Deleted later",
    type: "company",
    contact_name: "Bo",
    contact_email: "bo@example.com",
  });
  assert.equal((await me.get("/leads/api/stats")).body.total_contacts, 4);
  await server.db`
    insert into contacts (institution_id, name, created_at, updated_at, deleted_at)
    select ${lead.lead_id}, 'Gone', now(), now(), deleted
    from unnest(array[null, now()]::timestamptz[]) as deleted`;
  assert.equal((await me.get("/leads/api/stats")).body.total_contacts, 5);
  await server.db`
    update institutions
    set deleted_at = now()
    where id = ${lead.lead_id}`;
  assert.equal((await me.get("/leads/api/stats")).body.total_contacts, 3);
});

test("POST /leads/create answers a form with a redirect to the page and JSON with JSON", async () => {
  const form = await send(
    "/leads/create",
    "application/x-www-form-urlencoded",
    "name=Form+Works&type=&city=Bern",
  );
  assert.equal(form.status, 303, await form.text());
  const page = form.headers.get("location")!;
  assert.match(page, /^\/leads\/edit\/\d+$/);
  const [lead] = await server.db`select * from institutions where id = ${page.split("/").at(-1)!}`;
  assert.deepEqual([lead.name, lead.type, lead.city, lead.stage], ["Form Works", "company", "Bern", "new"]);
  const wrong = await me.post("/leads/create", { name: "X", colour: "red" });
  assert.equal(wrong.status, 400);
  assert.equal(wrong.body.error.details.field, "colour");
});

test("A won lead is converted to a customer once", async () => {
  const { body } = await me.post("/leads/create", {
    name: "Blue Harbor",
    contact_name: "Ada",
    contact_email: "ada@blue.example",
  });
  for (const stage of ["won", "lost", "won"]) await me.post(`/leads/update/${body.lead_id}`, { stage });
  const customers = await server.db`select * from customers where name = 'Blue Harbor'`;
  assert.deepEqual(customers.map(({ email }) => email), ["ada@blue.example"]);
  const [lead] = await server.db`select customer_id from institutions where id = ${body.lead_id}`;
  assert.equal(lead.customerId, customers[0].id);
});

test("POST /leads/delete/{lead_id} removes a lead from the statistics and from the export", async () => {
  const before = await count();
  const { body } = await me.post("/leads/create", { name: "Deleted Lead" });
  assert.equal((await me.post(`/leads/delete/${body.lead_id}`)).status, 200);
  assert.equal((await me.post(`/leads/delete/${body.lead_id}`)).status, 404);
  assert.equal(await count(), before);
  assert.ok(!(await me.get("/leads/export")).body.includes("Deleted Lead"));
});

test("An import saves the valid rows and reports the invalid ones by line and field", async () => {
  const before = await count();
  const table = [
    "name;type;contact_name;contact_email;stage",
    "Good One;university;Ada;ada@good.example;new",
    ";company;;;",
    'Good Two;company;"Two\nlines";;qualified',
    "Bad Mail;company;Bob;not-an-address;new",
    "Bad Stage;company;;;dreaming",
  ].join("\n").replace("Two\nlines", "Two lines");
  const dry = await send("/leads/import?dry_run=1", "text/csv", table);
  const checked = await dry.json();
  assert.equal(await count(), before, "a dry run saves nothing");
  const real = await send("/leads/import", "text/csv", table);
  const report = await real.json();
  assert.equal(real.status, 200);
  const { columns: _, preview: __, ...checks } = checked;
  assert.deepEqual({ ...checks, dry_run: false }, report);
  const { updated: _updated, skipped: _skipped, duplicates: _d, invalid_rows: _i, table: _t, ...documented } =
    report;
  assert.deepEqual(documented, {
    success: false,
    rows: 5,
    imported: 2,
    failed: 3,
    errors: [
      { line: 3, field: "Name", message: "is required" },
      { line: 5, field: "Contact email", message: "is not an email address" },
      { line: 6, field: "Stage", message: "must be one of new, contacted, qualified, proposal, won, lost" },
    ],
    dry_run: false,
  });
  assert.equal(await count(), before + 2);
  const [contact] = await server.db`
    select k.email from contacts k join institutions i on i.id = k.institution_id where i.name = 'Good One'`;
  assert.equal(contact.email, "ada@good.example");
});

test("An import accepts a form upload and a workbook", async () => {
  const book = utils.book_new();
  const cells = [["Name", "Type", "Contact name"], ["From A Workbook", "company", "Ada"], [
    "",
    "company",
    "No one",
  ]];
  utils.book_append_sheet(book, utils.aoa_to_sheet(cells), "Leads");
  const workbook = new Uint8Array(write(book, { type: "array", bookType: "xlsx" }) as ArrayBuffer);
  const form = new FormData();
  form.append("file", new File([workbook], "leads.xlsx"));
  const reply = await send("/leads/import", "", form);
  assert.equal(reply.status, 303, await reply.text());
  assert.equal(reply.headers.get("location"), "/leads/?imported=1&failed=1");
  const raw = await send(
    "/leads/import?dry_run=true",
    "application/octet-stream",
    new Blob([workbook]),
  );
  assert.deepEqual((await raw.json()).errors, [{ line: 3, field: "Name", message: "is required" }]);
});

test("A file that is not a table is refused and changes nothing", async () => {
  const before = await count();
  for (
    const [body, reason] of [
      ["PK\x03\x04 is no workbook", "unreadable"],
      ['a,b\n"open quote', "unreadable"],
      ["colour,shape\nred,round", "no_name_column"],
    ]
  ) {
    const reply = await send("/leads/import", "text/csv", body);
    assert.equal(reply.status, 400, body);
    assert.equal((await reply.json()).error.details.reason, reason, body);
  }
  assert.equal(await count(), before);
});

for (const format of ["csv", "xlsx"]) {
  test(`GET /leads/export writes ${format} without formulas in cells`, async () => {
    await me.post("/leads/create", {
      name: `=HYPERLINK("http://evil.example")`,
      notes: "@SUM(1)",
      contact_name: "+1+1",
      contact_phone: "-2",
    });
    const response = await fetch(`${server.url}/leads/export?format=${format}`, { headers: bearer });
    assert.match(response.headers.get("content-disposition")!, new RegExp(`leads\\.${format}`));
    const bytes = await response.bytes();
    const table = await readTable(bytes);
    const headings = table.columns.map(({ heading }) => heading);
    const rows = table.rows().map(({ cells }) => cells).toArray();
    const cell = (row: string[], heading: string) => row[headings.indexOf(heading)];
    const row = rows.find((row) => cell(row, "Name").includes("HYPERLINK"))!;
    assert.deepEqual(
      ["Name", "Notes", "Contact name", "Contact phone"].map((heading) => cell(row, heading)),
      // A text cell of a workbook is never executed, so that it needs no apostrophe.
      [`=HYPERLINK("http://evil.example")`, "@SUM(1)", "+1+1", "-2"].map((text) =>
        format === "csv" ? `'${text}` : text
      ),
    );
    if (format === "xlsx") return;
    for (const cells of rows) {
      for (const value of cells) assert.doesNotMatch(value, /^[=+\-@]/);
    }
  });
}

test("An exported table can be imported again without loss", async () => {
  const { body: table } = await me.get("/leads/export");
  const reply = await send("/leads/import", "text/csv", table);
  const report = await reply.json();
  assert.equal(report.failed, 0, JSON.stringify(report.errors));
  const [found] = await server.db`select count(*) as count from institutions where name like '=HYPERLINK%'`;
  assert.ok(Number(found.count) >= 2);
});

test("A hundred thousand rows are imported as a job that reports its progress", async () => {
  const before = await count();
  const lines = ["name,type,contact_name,contact_email"];
  for (let n = 0; n < 100_000; n++) lines.push(`Institution ${n},company,Person ${n},p${n}@example.com`);
  const response = await send("/leads/import", "text/csv", lines.join("\n"));
  assert.equal(response.status, 202);
  const { job_id: id } = await response.json();
  const ctx = await server.ctx();
  const started = performance.now();
  const working = runRequestedJobs(ctx, realTime);
  let seen = 0;
  while (seen === 0 && performance.now() - started < 20_000) {
    const [job] = await server.db`select done, state from jobs where id = ${id}`;
    if (job.state !== "running" && job.state !== "waiting") break;
    seen = job.done;
  }
  await working;
  assert.ok(seen > 0 && seen <= 100_000, "progress is seen while it runs");
  const [job] = await server.db`select * from jobs where id = ${id}`;
  assert.equal(job.state, "done", job.error);
  assert.equal(job.result.imported, 100_000);
  assert.equal(await count(), before + 100_000);
  const [{ chunks }] = await server.db`select count(*) as chunks from job_chunks`;
  assert.equal(Number(chunks), 0, "the file is deleted");
});

test("The server stops without an error", () => server.stop());
