// The reader of uploaded tables: encodings, separators, quotes and cells of workbooks, beside the files of tests/data.
import assert from "node:assert/strict";
import { DomainError } from "../../server/domain/errors.ts";
import { readerQueue, readTable } from "../../server/domain/sheets/read_table.ts";
import { readerStarts } from "../../server/domain/sheets/reader_threads.ts";
import type { ReadOptions, Table } from "../../server/domain/sheets/table.ts";
import { encode, utf16 } from "../support/encodings.ts";
import { test } from "../support/test.ts";
import { row, workbook, zip } from "../support/zip.ts";

const knownHeadings = ["Name", "City", "Notes"];
const utf8 = (text: string) => new TextEncoder().encode(text);

function read(file: string | Uint8Array<ArrayBuffer>, options: ReadOptions = {}): Promise<Table> {
  return readTable(typeof file === "string" ? utf8(file) : file, { knownHeadings, ...options });
}

async function cellsOf(file: string | Uint8Array<ArrayBuffer>, options?: ReadOptions): Promise<string[][]> {
  return [...(await read(file, options)).rows()].map(({ cells }) => cells);
}

/** The problem a file is refused for, with the line. */
async function problemOf(file: string | Uint8Array<ArrayBuffer>, options?: ReadOptions): Promise<string> {
  const error = await read(file, options).then(() => null, (error) => error);
  if (error === null) return "none";
  assert.ok(error instanceof DomainError, String(error?.stack));
  const { problem, line } = error.facts as { problem?: string; line?: number };
  return `${problem ?? error.code}${line ? ` ${line}` : ""}`;
}

test("Every usual encoding is told, and what cannot be is refused by line", async () => {
  const western = "Name;City\nMüller & Söhne;Köln\nCafé Ñandú;São Paulo\nL’Été;Besançon\n";
  const expected = [["Müller & Söhne", "Köln"], ["Café Ñandú", "São Paulo"], ["L’Été", "Besançon"]];
  for (
    const [encoding, bytes] of [
      ["utf-8", utf8(western)],
      ["utf-8", utf8("\ufeff" + western)],
      ["utf-16le", utf16(western, true)],
      ["utf-16le", utf16("\ufeff" + western, true)],
      ["utf-16be", utf16(western, false)],
      ["utf-16be", utf16("\ufeff" + western, false)],
      ["windows-1252", encode(western, "windows-1252")],
      ["macintosh", encode(western, "macintosh")],
    ] as const
  ) {
    const table = await read(bytes);
    assert.deepEqual([...table.rows()].map(({ cells }) => cells), expected, encoding);
    assert.equal(table.encoding, encoding);
  }
  const polish = "Name,City\nŻółć Spółka,Łódź\nPaństwo Święty,Gdańsk\n";
  assert.deepEqual((await cellsOf(encode(polish, "windows-1250")))[0], ["Żółć Spółka", "Łódź"]);
  const russian =
    "Name,City\nОбщество с ограниченной ответственностью Ромашка,Москва\nЗавод имени Кирова,Киров\n";
  assert.equal((await cellsOf(encode(russian, "windows-1251")))[1][1], "Киров");
  // Named by the caller, when nothing tells it.
  assert.deepEqual(await cellsOf(encode("Name\nПро\n", "windows-1251"), { encoding: "windows-1251" }), [[
    "Про",
  ]]);
  assert.equal(await problemOf("Name\nA\n", { encoding: "klingon" }), "unknown_encoding");
  const mixed = () => Uint8Array.from([...utf8("Name\nMüller\nSöhne\n"), 0x4d, 0xfc, 0x6c, 10]);
  assert.equal(await problemOf(mixed()), "undecodable 4");
  assert.equal(await problemOf(mixed(), { encoding: "utf-8" }), "undecodable 4");
  assert.equal(await problemOf("Name\nM\ufffdller\n"), "undecodable 2");
  assert.equal(await problemOf("Name\n" + "\x01\x02\x03\x04".repeat(50)), "other_format");
});

test("Text is split as spreadsheets do", async () => {
  assert.deepEqual(await cellsOf('Name|City\n"a|b"|c\n'), [["a|b", "c"]]);
  assert.deepEqual(await cellsOf("sep=|\nName|City\na|b\n"), [["a", "b"]]);
  assert.deepEqual(await cellsOf("Name,City\n\n , \n,\na,b"), [["a", "b"]], "blank rows are skipped");
  assert.deepEqual(await cellsOf('Name,City\n"C:\\dir\\",b\n'), [["C:\\dir\\", "b"]]);
  assert.deepEqual(await cellsOf('Name,City\n"a \\"b\\"",c\n'), [['a "b"', "c"]]);
  assert.deepEqual(await cellsOf('Name,City\n"a "b" c",d\n'), [['a "b" c', "d"]]);
  assert.deepEqual(await cellsOf('Name,City\n "a""b" ,d\n'), [['a"b', "d"]]);
  const lines = [...(await read('Name,City\r\n"a\r\nb",c\r\rd,e\n\nf,g')).rows()].map(({ line }) => line);
  assert.deepEqual(lines, [2, 5, 7]);
  assert.equal(await problemOf('Name\nx\n"a\nb\n\nName,c'), "unclosed_quote 3");
  assert.equal(await problemOf(`Name\n"${"a".repeat(100_001)}"`), "cell_too_long 2");
  assert.equal(await problemOf("Name\n" + "a,".repeat(501)), "too_many_columns 2");
  assert.equal(await problemOf("Name\n" + "a\n".repeat(500_001)), "PAYLOAD_TOO_LARGE");
  assert.equal(await problemOf(" \n \n"), "empty");
  const { columns } = await read("Email,,Email,email (2)\n1,2,3,4");
  assert.deepEqual(columns.map(({ name }) => name), ["Email", "Column 2", "Email (2)", "email (2)"]);
});

test("Cells of workbooks are what Excel shows", async () => {
  const styles = '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>' +
    '<numFmt numFmtId="165" formatCode="0.00 &quot;kg&quot;"/></numFmts><cellXfs><xf/><xf numFmtId="164"/>' +
    '<xf numFmtId="22"/><xf numFmtId="21"/><xf numFmtId="9"/><xf numFmtId="165"/></cellXfs></styleSheet>';
  const shared =
    "<sst><si><t>Tōkyō</t><rPh><t>トウキョウ</t></rPh></si><si><r><t>a</t></r><r><t>b</t></r></si></sst>";
  const cells =
    '<c s="1"><v>46112</v></c><c s="2"><v>46112.5</v></c><c s="3"><v>0.5</v></c><c s="4"><v>0.125</v></c>' +
    '<c s="5"><v>2</v></c><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c>' +
    '<c t="str"><f>A1</f><v>cached</v></c><c><f>A1</f></c><c><v>0.1</v></c><c><v>1234567890123</v></c>' +
    '<c t="inlineStr"><is><t>a</t><rPh><t>b</t></rPh></is></c>';
  const parts = { "xl/styles.xml": styles, "xl/sharedStrings.xml": shared };
  const heading = row("Name", ..."ABCDEFGHIJKLM");
  const table = await read(workbook(`${heading}<row r="3">${cells}</row>`, { parts }));
  assert.deepEqual([...table.rows()], [{
    line: 3,
    cells: [
      "2026-03-31",
      "2026-03-31 12:00",
      "12:00",
      "13%",
      "2.00 kg",
      "Tōkyō",
      "ab",
      "TRUE",
      "",
      "cached",
      "",
      "0.1",
      "1234567890123",
      "a",
    ],
  }]);
  assert.deepEqual(table.warnings, [
    { code: "error_value", line: 3, column: "H" },
    { code: "formula_without_result", line: 3, column: "J" },
  ]);
  const old = { parts, workbookPr: '<workbookPr date1904="1"/>' };
  const [[date]] = await cellsOf(workbook(`${row("Name")}<row><c s="1"><v>44650</v></c></row>`, old));
  assert.equal(date, "2026-03-31");
  const merged = workbook(row("Name", "City") + row("a", "x") + row("b", "") + row("c", ""), {
    afterRows: '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>',
  });
  assert.deepEqual(await cellsOf(merged), [["a", "x"], ["b", "x"], ["c", ""]]);
  assert.equal(await problemOf(workbook(row("Name")), { sheet: "T" }), "no_such_sheet");
});

const M = 1024 * 1024;
const repeat = (text: string, size: number) => text.repeat(Math.floor(size / text.length));

test("No workbook that was made to harm is read for long", async () => {
  const cases: [string, Uint8Array<ArrayBuffer>][] = [
    ["too_large_unpacked", workbook(row("Name") + repeat("<row/>", 40 * M))],
    ["too_many_columns 2", workbook(`${row("Name")}<row>${repeat("<c><v>1</v></c>", M)}</row>`)],
    ["too_many_columns 1048576", workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')],
    ["damaged", workbook('<row r="99999999"><c><v>1</v></c></row>')],
    ["damaged", workbook('<row><c r="ZZZ1"><v>1</v></c></row>')],
    [
      "cell_too_long",
      workbook(`${row("Name")}<row><c t="inlineStr"><is><t>${"a".repeat(4 * M)}</t></is></c></row>`),
    ],
    ["too_complex", workbook(repeat("<row>", M))],
    ["damaged", workbook(repeat("<", M))],
    ["damaged", workbook(row("&a;"))],
    ["damaged", workbook(row("Name"), { claimed: 3 })],
    ["damaged", workbook(row("Name"), { claimed: 2 ** 32 - 2 })],
    ["other_format", zip({ "a.zip": workbook(row("Name")) })],
    ["other_format", zip({ "word/document.xml": "<a/>" })],
    ["damaged", zip({ "xl/workbook.xml": "<workbook/>" })],
    ["no_table", workbook("")],
    ["too_complex", zip(Object.fromEntries(Array.from({ length: 2100 }, (_, n) => [`${n}.xml`, ""])))],
  ];
  for (const [problem, file] of cases) assert.equal(await problemOf(file), problem, `${file.length} bytes`);
  // Formulas that refer to each other are not computed.
  const cyclic = '<row><c t="str"><f t="shared" si="0" ref="A2:A9">A2</f><v>x</v></c></row>';
  assert.deepEqual(await cellsOf(workbook(row("Name") + cyclic)), [["x"]]);
});

test("Damaged and bomb-like workbooks are refused without a thread, and without waiting for one", async () => {
  const others = Promise.withResolvers<void>();
  const running: Promise<void>[] = [];
  while (readerQueue.waiting < 16) running.push(readerQueue.run(() => others.promise));
  const good = workbook(row("Name") + row("a"));
  const bomb = workbook(row("Name") + repeat("<row/>", 40 * M));
  const directoryAt = new Uint8Array(good);
  directoryAt[good.length - 22 + 12]++;
  const cases: [string, Uint8Array<ArrayBuffer>][] = [
    ["too_large_unpacked", bomb],
    ["damaged", bomb.slice(0, bomb.length / 2)],
    ["damaged", good.slice(0, -1)],
    ["damaged", directoryAt],
    ["damaged", workbook(row("Name"), { claimed: 2 ** 31 })],
    ["damaged", zip({}).slice(0, 4)],
    ["damaged", Uint8Array.from([...zip({ a: "" }).slice(0, 4), ...new Uint8Array(70_000)])],
    ["too_complex", zip(Object.fromEntries(Array.from({ length: 2100 }, (_, n) => [`${n}.xml`, ""])))],
    ["other_format", utf8("%PDF-1.7")],
    ["OVERLOADED", good],
    // With a size that hides what it unfolds to.
    ["OVERLOADED", workbook(row("Name") + repeat("<row/>", M), { claimed: 1000 })],
  ];
  for (const [problem, file] of cases) assert.equal(await problemOf(file), problem, `${file.length} bytes`);
  others.resolve();
  await Promise.all(running);
});

test("What is unpacked beyond the size a workbook claims is not read", async () => {
  const lying = workbook(row("Name") + repeat("<row/>", 400 * M), { claimed: 1000 });
  assert.equal(await problemOf(lying, { timeout: 120_000 }), "damaged");
});

test("A thread reads file after file; one that took too long or holds much memory reads no other", async () => {
  const good = () => workbook(row("Name") + row("a"));
  const lying = () => workbook(row("Name") + repeat("<row/>", M), { claimed: 1000 });
  assert.deepEqual(await cellsOf(good()), [["a"]]);
  const before = readerStarts();
  for (let n = 0; n < 3; n++) {
    assert.equal(await problemOf(lying()), "damaged");
    assert.deepEqual(await cellsOf("Name\nb"), [["b"]]);
    assert.deepEqual(await cellsOf(good()), [["a"]]);
  }
  assert.equal(readerStarts(), before, "the same thread");
  assert.equal(
    await problemOf(workbook(row("Name") + row("a").repeat(200_000)), { timeout: 1 }),
    "too_complex",
  );
  assert.deepEqual(await cellsOf(good()), [["a"]]);
  assert.equal(readerStarts(), before + 1, "another one after the time-out");
  assert.equal(
    (await read("Name\n" + "a".repeat(60_000) + ("\n" + "a".repeat(60_000)).repeat(1000))).rowCount,
    1001,
  );
  assert.deepEqual(await cellsOf(good()), [["a"]]);
  assert.equal(readerStarts(), before + 2, "another one after a large table");
});

test("A reader that takes too long is ended, and one whose caller has left", async () => {
  const large = () => workbook(row("Name") + row("a").repeat(200_000));
  assert.equal(await problemOf(large(), { timeout: 1 }), "too_complex");
  // Found by the fuzz: SheetJS fills the heap with it.
  const filling = await Deno.readFile(new URL("../data/fills_memory.xlsb", import.meta.url));
  assert.equal(await problemOf(filling, { timeout: 1500 }), "too_complex");
  const abort = new AbortController();
  const reading = read(large(), { signal: abort.signal });
  abort.abort(new Error("left"));
  await assert.rejects(reading, /left/);
});
