// Import of customers from tables: exports that come back, duplicates, errors by row, and jobs.
import assert from "node:assert/strict";
import { createCustomer, getCustomer, updateCustomer } from "../../server/domain/customers/customers.ts";
import { mergeCustomers } from "../../server/domain/customer_merge/merge.ts";
import { listCustomers } from "../../server/domain/customers/list.ts";
import { listEvents } from "../../server/domain/events/timeline.ts";
import { cancelJob, getJob } from "../../server/domain/jobs/job.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { importerOf, type Table } from "../support/import_tables.ts";
import { realTime } from "../support/real_time.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const { headers, send, ...importer } = await importerOf(server, "customers");
const path = "/api/admin/customers/import";

async function imported(table: Table, query = "") {
  const body = await importer.imported(table, query);
  const { rows, imported, updated, skipped, failed } = body;
  return { counts: { rows, imported, updated, skipped, failed }, body };
}

const named = async (q: string) => (await listCustomers(ctx, { q })).rows;
const counts = (given: object) => ({ imported: 0, updated: 0, skipped: 0, failed: 0, ...given });
const changes = async () => (await listEvents(ctx, { type: "customer.updated", limit: 200 })).rows.length;

test("an export is imported again unchanged, unless a customer was changed since", async () => {
  const first = await createCustomer(ctx, {
    name: "=Formula & Sons",
    email: "office@formula.example",
    notes: 'Two\nlines, "quoted"',
    tags: ["vip", "reseller"],
  });
  await createCustomer(ctx, { name: "Without address", email: null });
  for (const format of ["csv", "xlsx"] as const) {
    const before = await changes();
    const table = await importer.exported(format);
    const again = await imported(table, "duplicates=update");
    assert.deepEqual(again.counts, counts({ rows: 2, imported: 2, updated: 2 }), JSON.stringify(again.body));
    assert.deepEqual(again.body.table.warnings, []);
    assert.equal(await changes(), before, "nothing was changed");
    assert.deepEqual((await imported(table)).counts, counts({ rows: 2, skipped: 2 }));

    await updateCustomer(ctx, { id: first.id, changes: { notes: `Changed ${format}` } });
    const late = await imported(table, "duplicates=update");
    assert.deepEqual(late.counts, counts({ rows: 2, imported: 1, updated: 1, failed: 1 }));
    assert.match(late.body.errors[0].message, /^is outdated: the customer was changed/);
    await updateCustomer(ctx, { id: first.id, changes: { notes: first.notes } });
  }
});

test("headings of another system are mapped, in any encoding, and tags are read as people write them", async () => {
  const text =
    'Firma;E-Mail;Gruppe;Bemerkung\nMüller AG;Info@Mueller.example;VIP; Großkunde\nMeier;;"Key account; VIP";\n';
  const table = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const mapping = encodeURIComponent(
    JSON.stringify({ "Firma": "Name", "E-Mail": "Email", "Gruppe": "Tags", "Bemerkung": "Notes" }),
  );
  const dry = await imported(table, `dry_run=1&mapping=${mapping}`);
  assert.deepEqual(dry.counts, counts({ rows: 2, imported: 2 }));
  assert.deepEqual(dry.body.columns.map(({ column }: { column: string }) => column), [
    "Name",
    "Email",
    "Tags",
    "Notes",
  ]);
  assert.equal((await named("Müller")).length, 0, "a dry run saves nothing");
  await imported(table, `mapping=${mapping}`);
  const [mueller] = await named("Müller");
  assert.deepEqual([mueller.name, mueller.tags, mueller.notes], ["Müller AG", ["vip"], "Großkunde"]);
  assert.deepEqual((await named("Meier"))[0].tags, ["key-account", "vip"]);
  const { body } = await send(table, `mapping=${encodeURIComponent('{"Firma": "Phone"}')}`);
  assert.match(body.error.message, /^Customers have no column "Phone"\. Known columns: Id, Name, Email/);
});

test("a row with the address of a customer is skipped, updates it or is added; blank cells change nothing", async () => {
  const { id } = await createCustomer(ctx, {
    name: "Kept Ltd",
    email: "kept@rows.example",
    notes: "Keep this",
    tags: ["old"],
  });
  const table = "Name,Email,Notes,Tags\nNew name,KEPT@rows.example,,\nNew name,kept@rows.example,,new\n";
  assert.deepEqual((await imported(table)).counts, counts({ rows: 2, skipped: 2 }));
  assert.equal((await getCustomer(ctx, id)).name, "Kept Ltd");
  const update = await imported(table, "duplicates=update");
  assert.deepEqual(update.counts, counts({ rows: 2, imported: 2, updated: 2 }));
  assert.deepEqual(update.body.duplicates.rows[0], {
    line: 2,
    name: "New name",
    of_line: null,
    of_customer_id: id,
  });
  const { name, notes, tags } = await getCustomer(ctx, id);
  assert.deepEqual({ name, notes, tags }, { name: "New name", notes: "Keep this", tags: ["new"] });
  assert.deepEqual((await imported(table, "duplicates=add")).counts, counts({ rows: 2, imported: 2 }));
  assert.equal((await named("kept@rows")).length, 3);

  const twice = await imported(
    "Name,Email\nTwice,twice@rows.example\nTwice,Twice@rows.example\nTwice,\nTWICE,\n",
  );
  assert.deepEqual(twice.counts, counts({ rows: 4, imported: 2, skipped: 2 }));
});

test("an ID of another system finds no customer, and what was merged leads to the one that stays", async () => {
  const victim = await createCustomer(ctx, { name: "Victim", email: "victim@ids.example" });
  const foreign = await imported(
    `Id,Name,Email\n${victim.id},Other,other@ids.example\n`,
    "duplicates=update",
  );
  assert.deepEqual(foreign.counts, counts({ rows: 1, imported: 1 }));
  assert.equal((await getCustomer(ctx, victim.id)).name, "Victim");
  await imported(`Id,Name,Email\n${victim.id},Victim,new@ids.example\n`, "duplicates=update");
  assert.equal((await getCustomer(ctx, victim.id)).email, "new@ids.example");

  const old = await createCustomer(ctx, { name: "Old", email: "old@ids.example" });
  await mergeCustomers(ctx, { id: old.id, intoId: victim.id });
  await imported("Name,Email,Tags\nVictim,old@ids.example,merged\n", "duplicates=update");
  const { email, tags } = await getCustomer(ctx, victim.id);
  assert.deepEqual([email, tags], ["old@ids.example", ["merged"]]);
});

test("rows with errors are reported and downloaded, the others are saved", async () => {
  const many = Array.from({ length: 21 }, (_, at) => `t${at}`).join(", ");
  const table =
    `Name,Email,Tags\nGood Errors,,\n,missing@errors.example,\nBad,nonsense,\nBad,,"é"\nBad,,"${many}"\n`;
  const { counts: found, body } = await imported(table);
  assert.deepEqual(found, counts({ rows: 5, imported: 1, failed: 4 }));
  assert.deepEqual(body.errors.map(({ line, field }: { line: number; field: string }) => [line, field]), [
    [3, "Name"],
    [4, "Email"],
    [5, "Tags"],
    [6, "Tags"],
  ]);
  assert.equal(body.errors[3].message, "must have at most 20 entries");
  const download = await fetch(`${server.url}${path}/invalid-rows`, {
    method: "POST",
    headers: { ...headers, "content-type": "text/csv" },
    body: table,
  });
  assert.match(await download.text(), /nonsense.*Email is not an email address/);
});

test("two imports of one table at once save it once", async () => {
  const table = "Name,Email\nAt once,once@twice.example\nAt once too,\n";
  const results = await Promise.all([imported(table), imported(table)]);
  assert.deepEqual(results.map(({ counts }) => counts.imported).sort(), [0, 2]);
  assert.equal((await named("At once")).length, 2);
});

test("a large table is imported by a job, and a cancelled one saves nothing", async () => {
  const rows = (of: string) =>
    "Name,Email,Notes\n" +
    Array.from({ length: 4000 }, (_, at) => `${of} ${at},${of}${at}@large.example,${"x".repeat(280)}\n`).join(
      "",
    );
  const cancelled = await send(rows("cancelled"));
  assert.equal(cancelled.status, 202);
  await cancelJob(ctx, cancelled.body.job_id);
  const { body: { job_id: id } } = await send(rows("large"));
  await runRequestedJobs(ctx, realTime);
  const { state, result } = await getJob(ctx, id);
  assert.deepEqual([state, (result as { imported: number }).imported], ["done", 4000]);
  assert.equal((await named("cancelled")).length, 0);
  const { rows: events } = await listEvents(ctx, { type: "customer.created", limit: 1 });
  assert.match(String(events[0].after!.name), /^large \d+$/);
});
