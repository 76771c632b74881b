// Import of tables with other headings: a dry run reports the columns, a mapping assigns them to fields.
import assert from "node:assert/strict";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { realTime } from "../support/real_time.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const { token } = await makeAdministrator(server, "manager");

const table = [
  "Firma;Ort;Kürzel;E-Mail;name",
  "Müller AG;Bern;MAG;info@mueller.example;not the name",
  "Meier GmbH;Köln;;nonsense;not the name either",
].join("\n");
const mapping = { "Firma": "Name", "ort": "city", "E-Mail": "contact_email", "name": null };

function send(body: BodyInit, query = "", headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/leads/import${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    body,
    redirect: "manual",
  });
}

/** A form in the order of the panel: the mapping first, then the file. */
function formOf(fields: Record<string, string>, content = table): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new File([content], "leads.csv"));
  return form;
}

const mappingQuery = (sent: object) => `&mapping=${encodeURIComponent(JSON.stringify(sent))}`;

test("A dry run reports the columns and the first rows, also when no column is the name", async () => {
  const foreign = table.replace(";name\n", ";Rest\n");
  const reply = await send(foreign, "?dry_run=1");
  assert.equal(reply.status, 200);
  const { errors, preview, columns, duplicates, invalid_rows: invalidRows, table: reading, ...counts } =
    await reply
      .json();
  assert.deepEqual(counts, {
    success: false,
    rows: 2,
    imported: 0,
    updated: 0,
    skipped: 0,
    failed: 2,
    dry_run: true,
  });
  assert.deepEqual(duplicates, { handling: "add", in_file: 0, existing: 0, rows: [] });
  assert.deepEqual(invalidRows.rows, [], "no row is wrong by itself");
  assert.deepEqual([reading.format, reading.encoding, reading.separator, reading.heading_line], [
    "csv",
    "utf-8",
    ";",
    1,
  ]);
  assert.deepEqual(errors.map(({ line, field }: { line: number; field: string }) => [line, field]), [[
    1,
    "Name",
  ]]);
  assert.deepEqual(
    columns,
    ["Firma", "Ort", "Kürzel", "E-Mail", "Rest"].map((heading) => ({ heading, name: heading, column: null })),
  );
  assert.deepEqual(preview[0], {
    line: 2,
    values: ["Müller AG", "Bern", "MAG", "info@mueller.example", "not the name"],
  });
  const many = ["Name", ...Array.from({ length: 30 }, (_, n) => `Lead ${n}`)].join("\n");
  assert.equal((await (await send(many, "?dry_run=1")).json()).preview.length, 10);
  const none = await (await send("Name,City\n", "?dry_run=1")).json();
  assert.equal(none.error?.details?.problem, "no_rows", "a table without rows is refused");
});

test("A mapping assigns columns to fields, in a dry run and in the import", async () => {
  const dry = await send(formOf({ mapping: JSON.stringify(mapping) }), "?dry_run=1");
  assert.equal(dry.status, 200, "a dry run of a form leads to no page");
  const checked = await dry.json();
  assert.deepEqual(
    checked.columns.map(({ column }: { column: string | null }) => column),
    ["Name", "City", null, "Contact email", null],
  );
  assert.deepEqual(checked.errors, [{ line: 3, field: "Contact email", message: "is not an email address" }]);
  const [{ count }] = await server.db`select count(*)::integer as count from institutions`;
  assert.equal(count, 0);
  const json = await send(formOf({ mapping: JSON.stringify(mapping) }), "", { accept: "application/json" });
  assert.deepEqual([json.status, (await json.json()).imported], [200, 1]);
  const page = await send(formOf({ mapping: JSON.stringify(mapping) }), "", { accept: "text/html,*/*" });
  assert.equal(page.headers.get("location"), "/leads/?imported=1&failed=1");
  const saved = await server.db`
    select i.name, city, k.email
    from institutions i
    join contacts k on k.institution_id = i.id`;
  assert.deepEqual([...saved].map(({ name, city, email }) => [name, city, email]), [
    ["Müller AG", "Bern", "info@mueller.example"],
    ["Müller AG", "Bern", "info@mueller.example"],
  ]);
});

test("A mapping takes precedence over headings, and can be sent in the query", async () => {
  const reply = await send(
    "Name,Company\nshort,The Whole Name\n",
    `?dry_run=1${mappingQuery({ Company: "name" })}`,
  );
  const { columns, imported } = await reply.json();
  assert.deepEqual([columns, imported], [
    [{ heading: "Name", name: "Name", column: null }, {
      heading: "Company",
      name: "Company",
      column: "Name",
    }],
    1,
  ]);
});

test("An invalid mapping is refused, and nothing is saved", async () => {
  const [before] = await server.db`select count(*) from institutions`;
  for (
    const [sent, reason] of [
      [{ Firma: "Colour" }, "unknown_column"],
      [{ Firm: "Name" }, "no_such_heading"],
      [{ Firma: "Name", Ort: "name" }, "twice"],
      [["Name"], "not_a_mapping"],
      [{ Firma: 1 }, "not_a_mapping"],
    ] as const
  ) {
    const reply = await send(table, `?dry_run=0${mappingQuery(sent)}`);
    const { error } = await reply.json();
    assert.deepEqual([reply.status, error.details?.field, error.details?.reason], [400, "mapping", reason]);
  }
  const late = new FormData();
  late.append("file", new File([table], "leads.csv"));
  late.append("mapping", JSON.stringify(mapping));
  const reply = await send(late);
  assert.deepEqual((await reply.json()).error.details, { field: "mapping", reason: "after_file" });
  assert.deepEqual(await server.db`select count(*) from institutions`.then(([now]) => now), before);
});

test("A large table is imported with its mapping by a job that reports progress and total", async () => {
  const rows = Array.from(
    { length: 30_000 },
    (_, n) => `"Firma ${n}",Stadt ${n},an address that is long enough`,
  );
  const large = ["Firma,Ort,Anschrift", ...rows].join("\n") + "\n";
  const sent = JSON.stringify({ Firma: "Name", Ort: "City" });
  const begin = async (query: string) => {
    const reply = await send(formOf({ mapping: sent }, large), query, { accept: "application/json" });
    assert.equal(reply.status, 202);
    const { job_id: id } = await reply.json();
    const [waiting] = await server.db`select total, done from jobs where id = ${id}`;
    assert.deepEqual([waiting.total, waiting.done], [30_000, 0]);
    await runRequestedJobs(await server.ctx(), realTime);
    const [job] = await server.db`select * from jobs where id = ${id}`;
    assert.deepEqual([job.state, job.error, job.done, job.total], ["done", null, 30_000, 30_000]);
    return job.result;
  };
  const dry = await begin("?dry_run=1");
  assert.deepEqual([dry.dryRun, dry.imported, dry.preview.length], [true, 30_000, 10]);
  assert.deepEqual(dry.columns[2], { heading: "Anschrift", name: "Anschrift", column: null });
  const [none] = await server.db`select count(*)::integer as count from institutions where city = 'Stadt 7'`;
  assert.equal(none.count, 0);
  const real = await begin("");
  assert.deepEqual([real.dryRun, real.imported, real.columns], [false, 30_000, undefined]);
  const [one] = await server.db`select name from institutions where city = 'Stadt 7'`;
  assert.equal(one.name, "Firma 7");
});

test("The server stops without an error", () => server.stop());
