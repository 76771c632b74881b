// Whatever the bytes of a file are, the reader reads them or says what is wrong, in time, and the process goes on.
import assert from "node:assert/strict";
import fc from "../support/property.ts";
import { readFile } from "../../server/domain/sheets/read_file.ts";
import { decodeRows, readTable } from "../../server/domain/sheets/read_table.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { test } from "../support/test.ts";
import { row, workbook } from "../support/zip.ts";

const folder = new URL("../data/imports/", import.meta.url);
/** Those that SheetJS does not read. */
const names = [
  "03_utf16le_bom.csv",
  "10_quoted_newlines.csv",
  "33_shift_jis.csv",
  "50_dates.xlsx",
  "51_merged.xlsx",
];
/** Those it reads. Some make it fill its memory, so they are read in a thread. */
const foreignNames = ["80_biff8.xls", "81.ods", "82.xlsb"];
const samples = new Map(
  [...names, ...foreignNames].map((name) => [name, Deno.readFileSync(new URL(name, folder))]),
);
const runs = { numRuns: 200, endOnFailure: true } as const;

/** Reads a file; a table without lost or hidden characters, or a refusal with its problem. */
async function assertRead(file: Uint8Array<ArrayBuffer>): Promise<void> {
  const answer = await readFile({
    file: file.slice().buffer,
    knownHeadings: ["Name", "City"],
    sheet: null,
    usualSheets: [],
    encoding: null,
  });
  if (answer.kind === "refused") return;
  assert.equal(answer.kind, "table", JSON.stringify(answer));
  const { table } = answer as Extract<typeof answer, { kind: "table" }>;
  let count = 0;
  for (const { cells } of decodeRows(table.batches, table.positions)) {
    count++;
    assert.equal(cells.length, table.columns.length);
    for (const cell of cells) {
      assert.ok(cell.isWellFormed() && cell === cell.trim() && !/[^\P{Cc}\t\n]|\ufffd/u.test(cell), cell);
    }
  }
  assert.equal(count, table.rowCount);
}

/** A sample with a part cut off and some bytes changed. */
function changed(names: string[]): fc.Arbitrary<{ name: string; kept: number; changes: [number, number][] }> {
  return fc.record({
    name: fc.constantFrom(...names),
    kept: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
  });
}

function change({ name, kept, changes }: { name: string; kept: number; changes: [number, number][] }) {
  const bytes = samples.get(name)!;
  const file = bytes.slice(0, Math.ceil(bytes.length * kept));
  for (const [at, byte] of changes) if (file.length > 0) file[at % file.length] = byte;
  return file;
}

test("Files that were cut off or changed are read or refused", async () => {
  await fc.assert(fc.asyncProperty(changed(names), (input) => assertRead(change(input))), runs);
});

test("So are those of other formats, and what fills the memory of the reader ends only the reader", async () => {
  await fc.assert(
    fc.asyncProperty(changed(foreignNames), async (input) => {
      const error = await readTable(change(input), { timeout: 1500 }).then(() => null, (error) => error);
      assert.ok(error === null || error instanceof DomainError, String(error?.stack));
    }),
    { ...runs, numRuns: 6 },
  );
});

test("Parts of a workbook that are not what they should be are read or refused", async () => {
  const xml = fc.oneof(
    fc.constantFrom(
      "<row>",
      "</row>",
      "<c>",
      "</c>",
      "<v>",
      "</v>",
      '<c t="s">',
      '<c r="B2" t="str">',
      "<is><t>",
    ),
    fc.constantFrom(
      "</t></is>",
      "<f>A1</f>",
      '<row r="3">',
      "&amp;",
      "&#x1F600;",
      "&#0;",
      "]]>",
      "<!--",
      "1e999",
    ),
    fc.string({ maxLength: 8, unit: "binary" }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(xml, { maxLength: 30 }), async (pieces) => {
      await assertRead(workbook(row("Name", "City") + pieces.join("")));
      await assertRead(workbook(row("Name"), { parts: { "xl/sharedStrings.xml": pieces.join("") } }));
    }),
    { ...runs, numRuns: 60 },
  );
});

test("Any text and any bytes are read or refused", async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      '""',
      ",",
      ";",
      "\t",
      "|",
      "\n",
      "\r\n",
      "\r",
      "\\",
      " ",
      "\0",
      "Name",
      "sep=;",
      "<html>",
    ),
    fc.string({ maxLength: 5, unit: "binary" }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 60 }),
      (pieces) => assertRead(new TextEncoder().encode(pieces.join(""))),
    ),
    runs,
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => assertRead(new Uint8Array(bytes))),
    runs,
  );
});
