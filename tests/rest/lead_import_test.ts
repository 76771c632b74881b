// What an import of leads makes of rows: values, rows the database refuses, and the download of the rows that are not
// saved.
import assert from "node:assert/strict";
import fc from "../support/property.ts";
import { utils, write } from "@e965/xlsx";
import { createLead } from "../../server/domain/leads/leads.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { realTime } from "../support/real_time.ts";
import { startLeadServer } from "../support/lead_server.ts";
import { test } from "../support/test.ts";

const server = await startLeadServer();
const { db, authorization, upload, imported, clear, leads } = server;

const sheet = (cells: unknown[][], name = "Leads") => {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(cells), name);
  return {
    book,
    bytes: () => new Uint8Array(write(book, { type: "array", bookType: "xlsx" }) as ArrayBuffer),
  };
};

test("Words for nothing are empty, one-line values are one line, a type is made an identifier", async () => {
  await clear();
  const report = await imported(
    [
      "Name,Type,Stage,City,Country,Notes,Contact name,Contact email,Contact phone",
      `"\u00a0 Two\t words\u00a0",Public Library,Qualified,n/a,—,"  line 1\n\tline 2 ",None,NULL,-`,
      `"Three\nlines",,,NA,none,-,Ada,ada@a.example,"'+49 30"`,
    ].join("\n"),
  );
  assert.deepEqual([report.imported, report.failed], [2, 0], JSON.stringify(report.errors));
  assert.deepEqual(await leads(), [
    {
      name: "Two words",
      type: "public_library",
      stage: "qualified",
      city: null,
      notes: "line 1\n\tline 2",
      contact: null,
      email: null,
      phone: null,
    },
    {
      name: "Three lines",
      type: "company",
      stage: "new",
      city: "NA",
      notes: "",
      contact: "Ada",
      email: "ada@a.example",
      phone: "+49 30",
    },
  ]);
});

test("A job keeps the options of its request", async () => {
  await clear();
  const cells = Array.from({ length: 3000 }, (_, n) => [`Lead ${n % 2999}`, "x".repeat(400)]);
  const table = [["Firma", "Notizen"], ...cells, ["", "no name"]].map((row) => row.join(",")).join("\n");
  const form = new FormData();
  form.append("mapping", JSON.stringify({ Firma: "Name", Notizen: "Notes" }));
  form.append("duplicates", "skip");
  form.append("file", new File([table], "large.csv"));
  const reply = await upload("/leads/import", form, { accept: "application/json" });
  assert.equal(reply.status, 202);
  const { job_id: id } = await reply.json();
  await runRequestedJobs(await server.ctx(), realTime);
  const [{ state, error, result }] = await db`select state, error, result from jobs where id = ${id}`;
  assert.equal(state, "done", error);
  assert.deepEqual([result.imported, result.skipped, result.failed, result.duplicates.inFile], [
    2999,
    1,
    1,
    1,
  ]);
  assert.equal((await leads()).length, 2999);
  const download = await fetch(`${server.url}/api/admin/jobs/${id}/invalid-rows`, {
    headers: { authorization },
  });
  assert.equal(
    (await download.text()).replace("\ufeff", ""),
    "Name,Notes,Line,Errors\r\n,no name,3002,Name is required\r\n",
  );
  const none = await fetch(`${server.url}/api/admin/jobs/999999/invalid-rows`, {
    headers: { authorization },
  });
  assert.equal(none.status, 404);
  await none.body?.cancel();
});

test("A row that the database refuses is reported by line, and the others are saved", async () => {
  await clear();
  await db`alter table institutions add constraint institutions_city_real check (city <> 'Atlantis')`;
  try {
    const rows = Array.from(
      { length: 20 },
      (_, n) => `Lead ${n},${n === 7 || n === 8 ? "Atlantis" : "Bern"}`,
    );
    const report = await imported(["Name,City", ...rows].join("\n"), "duplicates=skip");
    assert.deepEqual([report.imported, report.failed], [18, 2]);
    assert.deepEqual(report.errors.map(({ line, field }: { line: number; field: string }) => [line, field]), [
      [9, ""],
      [10, ""],
    ]);
    assert.match(report.errors[0].message, /institutions_city_real/);
    assert.equal((await leads()).length, 18);
  } finally {
    await db`alter table institutions drop constraint institutions_city_real`;
  }
});

for (const format of ["csv", "xlsx"]) {
  test(`The rows with errors can be corrected and imported as ${format}`, async () => {
    await clear();
    const table = [
      "Firma;E-Mail;Name;Stage;Errors",
      "Good;g@good.example;x;new;old",
      "=Bad;nonsense;+y;new;old",
      ";b@b.example;z;dreaming;old",
    ].join("\n");
    const form = () => {
      const form = new FormData();
      form.append("mapping", JSON.stringify({ Firma: "Name", "E-Mail": "Contact email" }));
      form.append("file", new File([table], "leads.csv"));
      return form;
    };
    const reply = await upload(`/leads/import/invalid-rows?format=${format}`, form());
    assert.equal(reply.status, 200);
    assert.match(reply.headers.get("content-disposition")!, new RegExp(`import-errors\\.${format}`));
    const file = await reply.bytes();
    const dry = await imported(file, "dry_run=1");
    assert.deepEqual(
      dry.columns.map(({ heading, column }: { heading: string; column: string }) => [heading, column]),
      [
        ["Name", "Name"],
        ["Contact email", "Contact email"],
        ["Name (not imported)", null],
        ["Stage", "Stage"],
        ["Line", null],
        ["Errors", null],
      ],
    );
    assert.deepEqual([dry.rows, dry.failed], [2, 2]);
    assert.deepEqual(dry.preview[0].values, [
      // The apostrophe of a CSV cell is not part of the value, in an import.
      format === "csv" ? "'=Bad" : "=Bad",
      "nonsense",
      format === "csv" ? "'+y" : "+y",
      "new",
      "3",
      "Contact email is not an email address",
    ]);
    assert.equal(
      dry.preview[1].values[5],
      "Name is required; Stage must be one of new, contacted, qualified, proposal, won, lost",
    );
    const corrected = [
      "Name,Contact email,Name (not imported),Stage,Line,Errors",
      "'=Bad,a@b.example,y,new,3,still here",
    ];
    const real = await imported(corrected.join("\n"));
    assert.deepEqual([real.imported, real.failed], [1, 0]);
    assert.deepEqual((await leads()).map(({ name, email }) => [name, email]), [["=Bad", "a@b.example"]]);
  });
}

test("The rows with errors are in the report as they are in the file", async () => {
  const { invalid_rows: rows } = await imported("Name,City,Stage\n,Bern,new\nA,Rome,never", "dry_run=1");
  assert.deepEqual(rows, {
    columns: ["Name", "City", "Stage"],
    rows: [
      { line: 2, cells: ["", "Bern", "new"], errors: [{ field: "Name", message: "is required" }] },
      {
        line: 3,
        cells: ["A", "Rome", "never"],
        errors: [{
          field: "Stage",
          message: "must be one of new, contacted, qualified, proposal, won, lost",
        }],
      },
    ],
    is_complete: true,
  });
});

test("Columns of one heading are told apart, and each can be chosen", async () => {
  const table = "Name,Contact email,Contact email\nAcme,first@acme.example,second@acme.example";
  const dry = await imported(table, "dry_run=1");
  assert.deepEqual(dry.columns.map(({ name, column }: { name: string; column: string }) => [name, column]), [
    ["Name", "Name"],
    ["Contact email", "Contact email"],
    ["Contact email (2)", null],
  ]);
  assert.deepEqual(dry.table.warnings.map(({ code }: { code: string }) => code), ["duplicate_heading"]);
  await clear();
  const mapping = JSON.stringify({ "Contact email (2)": "Contact email" });
  await imported(table, `mapping=${encodeURIComponent(mapping)}`);
  assert.equal((await leads())[0].email, "second@acme.example");
});

test("The sheet can be chosen, and the report names the sheets", async () => {
  const { book, bytes } = sheet([["Name"], ["First"]], "Leads");
  utils.book_append_sheet(
    book,
    utils.aoa_to_sheet([["My leads"], [], ["Name", "City"], ["Second", "Bern"]]),
    "More",
  );
  const dry = await imported(bytes(), "dry_run=1");
  assert.deepEqual([dry.table.format, dry.table.sheet, dry.preview[0].values], ["xlsx", "Leads", ["First"]]);
  assert.deepEqual(dry.table.sheets.map(({ name }: { name: string }) => name), ["Leads", "More"]);
  const other = await imported(bytes(), "dry_run=1&sheet=More");
  assert.deepEqual([other.table.sheet, other.table.heading_line, other.preview[0].values], [
    "More",
    3,
    ["Second", "Bern"],
  ]);
  const unknown = await upload("/leads/import?sheet=Nowhere", bytes());
  assert.deepEqual([unknown.status, (await unknown.json()).error.details.field], [400, "sheet"]);
});

test("Options that are not known are refused, also in a form", async () => {
  for (const [name, value] of [["duplicates", "merge"], ["sheet", "a\0b"], ["encoding", "x".repeat(51)]]) {
    const form = new FormData();
    form.append(name, value);
    form.append("file", new File(["Name\nX"], "leads.csv"));
    const reply = await upload("/leads/import?dry_run=1", form);
    const { error } = await reply.json();
    assert.deepEqual([reply.status, error.details?.field], [400, name], JSON.stringify(error));
  }
});

/** A value of one line that is not a word for nothing. U+FFFD is refused: an earlier conversion has lost a character. */
const value = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."=+-@＝'\",;|_x0".split("")),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
  maxLength: 20,
}).map((text) => `${text.replace(/[\s\p{C}\p{Z}\uFFFD]+/gu, " ").trim()}x`);

for (const format of ["csv", "xlsx"]) {
  test(`What is exported as ${format} and imported again is the same`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: value, city: value, notes: value, contact: value, phone: value }), {
          minLength: 1,
          maxLength: 20,
        }),
        async (rows) => {
          await clear();
          const ctx = await server.ctx();
          for (const { contact, phone, notes, ...lead } of rows) {
            await createLead(ctx, {
              ...lead,
              notes: `${notes}\n=${notes}`,
              contact: { name: contact, phone, email: null },
            });
          }
          const before = await leads();
          const file = await fetch(`${server.url}/leads/export?format=${format}`, {
            headers: { authorization },
          });
          const bytes = await file.bytes();
          await clear();
          const report = await imported(bytes);
          assert.deepEqual([report.failed, report.errors], [0, []]);
          assert.deepEqual(await leads(), before);
        },
      ),
      { numRuns: 12 },
    );
  });
}

test("The server stops without an error", () => server.stop());
