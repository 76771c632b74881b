// Duplicates of imported leads: within the file and with what is there, skipped, updated or added, and imports at once.
import assert from "node:assert/strict";
import { updateContact } from "../../server/domain/leads/contacts.ts";
import { createLead, getLead, updateLead } from "../../server/domain/leads/leads.ts";
import { startLeadServer } from "../support/lead_server.ts";
import { test } from "../support/test.ts";

const server = await startLeadServer();
const { db, imported, clear, leads, authorization } = server;
const exported = async () =>
  await (await fetch(`${server.url}/leads/export`, { headers: { authorization } })).text();

test("Duplicates within the file and of leads are reported, and skipped, updated or added", async () => {
  const table = [
    "Name,City,Contact email,Contact phone",
    "ＡＣＭＥ  Ltd,Bern,ADA@acme.example,1",
    "Acme Ltd,,eve@acme.example,",
    "New Co,Rome,,",
    "new co,,n@new.example,2",
    "NEW CO,Oslo,,",
    "New Co,Paris,other@new.example,",
  ].join("\n");
  const state = async (handling: string) => {
    await clear();
    const ctx = await server.ctx();
    const acme = await createLead(ctx, {
      name: "Acme Ltd",
      city: "Basel",
      contact: { name: "Ada", email: "ada@acme.example" },
    });
    const dry = await imported(table, `dry_run=1&duplicates=${handling}`);
    assert.equal((await leads()).length, 1, "a dry run saves nothing");
    const real = await imported(table, `duplicates=${handling}`);
    for (const field of ["rows", "imported", "updated", "skipped", "failed"]) {
      assert.equal(dry[field], real[field], `${handling}: the dry run says what happens: ${field}`);
    }
    assert.deepEqual(dry.duplicates, real.duplicates);
    assert.equal(real.rows, real.imported + real.skipped + real.failed);
    return {
      acme,
      real,
      rows: (await leads()).map(({ name, city, email, phone }) => [name, city, email, phone]),
    };
  };
  const skipped = await state("skip");
  assert.deepEqual(
    skipped.real.duplicates.rows,
    [
      { line: 2, name: "ＡＣＭＥ Ltd", of_line: null, of_lead_id: skipped.acme.id },
      { line: 5, name: "new co", of_line: 4, of_lead_id: null },
      { line: 6, name: "NEW CO", of_line: 4, of_lead_id: null },
      { line: 7, name: "New Co", of_line: 4, of_lead_id: null },
    ],
  );
  assert.deepEqual(
    [skipped.real.imported, skipped.real.updated, skipped.real.skipped, skipped.real.duplicates.in_file],
    [2, 0, 4, 3],
  );
  assert.deepEqual(skipped.rows, [
    ["Acme Ltd", "Basel", "ada@acme.example", null],
    ["Acme Ltd", null, "eve@acme.example", null],
    ["New Co", "Rome", null, null],
  ]);
  const updated = await state("update");
  assert.deepEqual([updated.real.imported, updated.real.updated, updated.real.skipped], [6, 4, 0]);
  assert.deepEqual(updated.rows, [
    ["ＡＣＭＥ Ltd", "Bern", "ADA@acme.example", "1"],
    ["Acme Ltd", null, "eve@acme.example", null],
    ["New Co", "Paris", "other@new.example", "2"],
  ]);
  const events = await db`
    select type
    from events
    where subject_kind = 'lead' and subject_id = ${updated.acme.id} and type = 'lead.updated'`;
  assert.equal(events.length, 1, "an update is recorded");
  const added = await state("add");
  assert.deepEqual([added.real.imported, added.real.updated, added.rows.length], [6, 0, 7]);
  const [{ handling }] = [(await imported("Name\nX\nX")).duplicates];
  assert.equal(handling, "add", "as it was before there was a choice");
});

test("A table that updates leads and is imported again changes nothing and records nothing", async () => {
  await clear();
  const table = "Name,City,Notes,Contact name,Contact email\nAgain,Bern,x,Ada,a@again.example\nOther,Rome,,,";
  await imported(table, "duplicates=update");
  const before = await leads();
  const [{ count }] = await db`select count(*) from events`;
  const report = await imported(table, "duplicates=update");
  assert.deepEqual([report.imported, report.updated], [2, 2]);
  assert.deepEqual(await leads(), before);
  assert.deepEqual([...await db`select count(*) from events`], [{ count }]);
});

test("An update never makes one person of two", async () => {
  await clear();
  const contacts = () =>
    db`
    select name, email, phone
    from contacts
    order by id`.then((rows) => rows.map(({ name, email, phone }) => [name, email, phone]));
  const update = (row: string) =>
    imported(`Name,Contact name,Contact email,Contact phone\nAcme,${row}`, "duplicates=update");
  await update("Ada,,1");
  await update("Bob,,2");
  await update("ADA,ada@acme.example,");
  await update(",,3");
  await update(",ADA@acme.example,4");
  assert.equal((await leads()).length, 1);
  assert.deepEqual(await contacts(), [["ADA", "ADA@acme.example", "4"], ["Bob", null, "2"]]);
});

test("A table that is imported eight times at once is saved once when duplicates are skipped", async () => {
  await clear();
  const table = ["Name", ...Array.from({ length: 200 }, (_, n) => `Race ${n}`)].join("\n");
  const reports = await Promise.all(Array.from({ length: 8 }, () => imported(table, "duplicates=skip")));
  assert.equal((await leads()).length, 200);
  assert.equal(reports.reduce((sum, { imported }) => sum + imported, 0), 200);
});

test("A table that was exported before a lead was changed does not put the old values back", async () => {
  await clear();
  const ctx = await server.ctx();
  const [edited, changed, called] = [
    await createLead(ctx, { name: "Edited", city: "Basel" }),
    await createLead(ctx, { name: "Changed", city: "Basel" }),
    await createLead(ctx, { name: "Called", contact: { name: "Ada", phone: "1" } }),
  ];
  const table = (await exported()).replace("Edited,company,new,,Basel", "Edited,company,new,,Bern");
  await updateLead(ctx, { id: changed.id, changes: { city: "Ghent" } });
  const [{ id: contact }] = (await getLead(ctx, called.id)).contacts;
  await updateContact(ctx, { id: contact, changes: { phone: "2" } });
  for (const mode of ["dry_run=1&", ""]) {
    const report = await imported(table, `${mode}duplicates=update`);
    assert.deepEqual([report.imported, report.updated, report.failed], [1, 1, 2], mode);
    assert.deepEqual(report.errors.map(({ field }: { field: string }) => field), ["Revision", "Revision"]);
    assert.match(report.errors[0].message, /changed since the table was exported/);
  }
  assert.equal((await getLead(ctx, edited.id)).city, "Bern");
  assert.equal((await getLead(ctx, changed.id)).city, "Ghent");
  assert.equal((await getLead(ctx, called.id)).contacts[0].phone, "2");

  const cleared = table.replaceAll(/,r[\w-]{22}/g, ",");
  const forced = await imported(cleared, "duplicates=update");
  assert.deepEqual([forced.updated, forced.failed], [3, 0]);
  assert.equal((await getLead(ctx, changed.id)).city, "Basel");
});

test("The server stops without an error", () => server.stop());
