// Exported tables: what a spreadsheet makes of a cell, errors while rows are read, and memory.
import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import fc from "../support/property.ts";
import { read, utils } from "@e965/xlsx";
import { defuseFormula, restoreText } from "../../server/domain/sheets/csv_cells.ts";
import type { Cell, Columns } from "../../server/domain/sheets/cells.ts";
import { writeSheet } from "../../server/domain/sheets/write.ts";
import { test } from "../support/test.ts";

type Row = Cell[];

const columnsOf = (count: number): Columns<Row> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`Column ${at}`, (row: Row) => row[at]]));

async function* iterate<T>(rows: Iterable<T>): AsyncGenerator<T> {
  yield* rows;
}

async function exported(format: "csv" | "xlsx", rows: Row[], columns = columnsOf(rows[0].length)) {
  return await new Response(await writeSheet(format, columns, iterate(rows))).bytes();
}

const csvOf = async (rows: Row[]) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(await exported("csv", rows));

/** The rows below the headings as the strictest reader sees them. */
async function csvRows(rows: Row[]): Promise<string[][]> {
  return parse(await csvOf(rows), { record_delimiter: "\r\n", bom: true }).slice(1);
}

async function workbookRows(rows: Row[]): Promise<unknown[][]> {
  const book = read(await exported("xlsx", rows));
  return utils.sheet_to_json<unknown[]>(book.Sheets[book.SheetNames[0]], {
    header: 1,
    raw: true,
    defval: null,
    blankrows: true,
  }).slice(1);
}

/** What a spreadsheet would execute. */
const executable = /^[\s\p{C}\p{Z}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** Text that is likely to be taken apart by a reader. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."=+-@＝＋－＠'\",;\t|\r\n \u00a0\ufeff\u2028_x0D".split("")),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});

test("A cell that a spreadsheet would execute begins with an apostrophe in CSV", async () => {
  for (
    const text of [
      "=1+1",
      "+49 30 1234",
      "-2",
      "@SUM(1)",
      " =1+1",
      "\u00a0\u200b=1+1",
      "\ufeff=1",
      "\r\n=1",
      "＝1",
      "＋1",
      "－1",
      "＠x",
      "\tx",
      "\rx",
      "'=1",
    ]
  ) {
    const [[cell]] = await csvRows([[text, "end"]]);
    assert.deepEqual([cell, restoreText(cell)], [`'${text}`, text]);
  }
  for (const text of ["a=b", "'quoted'", "1-2", "−3 (a minus, no hyphen)"]) {
    assert.equal(defuseFormula(text), text);
  }
});

test("A line break in a cell, also a bare one, begins no row in CSV", async () => {
  for (const text of ["note\n=1+1", "note\r=1+1", "note\r\n=1+1", "a\u2028b", "a;=1", "a\t=1"]) {
    assert.equal(await csvOf([[text, "x"]]), `\ufeffColumn 0,Column 1\r\n"${text}",x\r\n`);
  }
});

test("Numbers stay numbers, also negative ones, and truth values stay what they are", async () => {
  const row = [-5, 0.25, 1e21, true, false, null, undefined, NaN];
  assert.deepEqual(await csvRows([row]), [["-5", "0.25", "1e+21", "true", "false", "", "", "NaN"]]);
  assert.deepEqual(await workbookRows([row]), [[-5, 0.25, 1e21, true, false, null, null, "NaN"]]);
  const instant = new Date("2026-01-31T12:00:00Z");
  assert.deepEqual(await csvRows([[instant]]), [["2026-01-31T12:00:00.000Z"]]);
});

test("Any text in CSV is read again as it was, and none is executed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 5 }), async (rows) => {
      const read = await csvRows(rows);
      assert.deepEqual(
        read.map((row) => row.map(restoreText)),
        rows.map((row) => row.map((c) => c.toWellFormed())),
      );
      for (const cell of read.flat()) assert.doesNotMatch(cell, executable);
    }),
  );
});

test("Any text in XLSX is text and unaltered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 5 }), async (rows) => {
      const all = [["first", "row"], ...rows, ["last", "row"]];
      assert.deepEqual(
        await workbookRows(all),
        // A line break in a workbook is LF.
        all.map((row) => row.map((text) => text === "" ? null : text.replace(/\r\n?/g, "\n"))),
      );
    }),
    { numRuns: 50 },
  );
  const cell = async (text: string) => {
    const book = read(await exported("xlsx", [[text]]));
    return book.Sheets.Latchkey.A2;
  };
  const { t: type, v: value, f: formula } = await cell("=HYPERLINK(1)");
  assert.deepEqual([type, value, formula], ["s", "=HYPERLINK(1)", undefined]);
  assert.equal((await cell("'+49")).v, "'+49");
});

test("Characters that XML does not have, escapes and overlong text damage no workbook", async () => {
  const texts = [
    "\x00a\x01\x1f",
    "_x0041_ & <b>",
    "\ud800 alone",
    "\ufffe\uffff",
    "a\r\nb\rc",
    "x".repeat(40_000),
  ];
  const rows = await workbookRows(texts.map((text) => [text]));
  assert.deepEqual(rows.slice(0, 5).flat(), [
    "\x00a\x01\x1f",
    "_x0041_ & <b>",
    "\ufffd alone",
    "\ufffe\uffff",
    "a\nb\nc",
  ]);
  assert.equal(String(rows[5][0]).length, 32_767);
});

for (const format of ["csv", "xlsx"] as const) {
  test(`An error at the first row is thrown before anything is written as ${format}`, async () => {
    // deno-lint-ignore require-yield
    const rows = async function* (): AsyncGenerator<Row> {
      throw new RangeError("first");
    };
    await assert.rejects(writeSheet(format, columnsOf(1), rows()), RangeError);
  });

  test(`An error in the middle makes ${format} fail, and reading stops`, async () => {
    let isClosed = false;
    const rows = async function* (): AsyncGenerator<Row> {
      try {
        for (let n = 0;; n++) {
          if (n === 5000) throw new RangeError("middle");
          yield [`row ${n}`];
        }
      } finally {
        isClosed = true;
      }
    };
    const stream = await writeSheet(format, columnsOf(1), rows());
    await assert.rejects(new Response(stream).bytes(), /middle/);
    assert.ok(isClosed);
  });

  test(`Rows of ${format} are read as fast as they are consumed, and no more when the consumer leaves`, async () => {
    let reads = 0;
    let closed = () => {};
    const isClosed = new Promise<void>((resolve) => closed = resolve);
    const rows = async function* (): AsyncGenerator<Row> {
      try {
        for (;;) yield [++reads, crypto.randomUUID().repeat(20)];
      } finally {
        closed();
      }
    };
    const reader = (await writeSheet(format, columnsOf(2), rows())).getReader();
    for (let chunks = 0; chunks < 3; chunks++) assert.equal((await reader.read()).done, false);
    await reader.cancel();
    await isClosed;
    assert.ok(reads < 20_000, String(reads));
  });
}

test("A table without rows has its headings", async () => {
  const csv = await writeSheet("csv", columnsOf(2), iterate<Row>([]));
  assert.equal(await new Response(csv).text(), "Column 0,Column 1\r\n");
  const book = read(await new Response(await writeSheet("xlsx", columnsOf(2), iterate<Row>([]))).bytes());
  assert.deepEqual(utils.sheet_to_json(book.Sheets.Latchkey, { header: 1 }), [["Column 0", "Column 1"]]);
});
