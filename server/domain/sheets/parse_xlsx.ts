// Tables of .xlsx workbooks, read as a stream, so that large sheets take little memory. Values that formulas had when the
// workbook was saved are taken; nothing is computed.
import { cellText } from "./cell_text.ts";
import { refuseFile } from "./file_problem.ts";
import { parseXml } from "./parse_xml.ts";
import { MAX_CELL_LENGTH, MAX_COLUMNS } from "./read_limits.ts";
import { type BuiltTable, createTableBuilder, type RawRecord } from "./table_builder.ts";
import type { Archive } from "./unpack.ts";
import { collectText, readXlsxParts, unescape, type Xlsx, type XlsxSheet } from "./xlsx_parts.ts";

/** Merged areas of several rows; more are an attack. */
const MAX_MERGES = 50_000;
const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_384;

/** A sheet with its table. */
export interface SheetTable {
  name: string;
  hidden: boolean;
  table: BuiltTable;
}

/**
 * Reads the sheets of a workbook. A cell that is merged over several rows counts for each of them; one that is merged
 * over several columns counts for the first.
 *
 * @throws FileRefusal
 */
export async function parseXlsx(archive: Archive, isKnown: (cell: string) => boolean): Promise<SheetTable[]> {
  const book = await readXlsxParts(archive);
  const tables: SheetTable[] = [];
  for (const sheet of book.sheets) {
    const { name, hidden } = sheet;
    tables.push({ name, hidden, table: await parseSheet(archive, book, sheet, isKnown) });
  }
  return tables;
}

async function parseSheet(
  archive: Archive,
  book: Xlsx,
  { part }: XlsxSheet,
  isKnown: (cell: string) => boolean,
): Promise<BuiltTable> {
  const merges = await readMerges(archive, part);
  const builder = createTableBuilder(isKnown);
  /** The text of a merged cell, and the last row it counts for, by column. */
  const filling = new Map<number, { end: number; text: string }>();
  const inline = collectText();
  let row = 0;
  let column = -1;
  let record: RawRecord | null = null;
  let cell = { type: "n", style: 0, value: "", hasFormula: false };
  let isValue = false;

  function endCell(): void {
    const { text, warning } = textOf();
    if (warning && column < MAX_COLUMNS) record!.warnings!.push({ code: warning, column });
    if (column >= MAX_COLUMNS && text.trim()) {
      refuseFile("too_many_columns", { line: row, maximum: MAX_COLUMNS });
    }
    if (column >= MAX_COLUMNS) return;
    while (record!.cells.length <= column) record!.cells.push("");
    record!.cells[column] = text;
    const end = merges.get(row * LAST_COLUMN + column);
    if (end !== undefined) filling.set(column, { end, text });
  }

  function textOf(): { text: string; warning?: "error_value" | "formula_without_result" } {
    const { type, style, value, hasFormula } = cell;
    if (type === "inlineStr") return { text: inline.value() };
    if (value === "" && type !== "str") {
      return hasFormula ? { text: "", warning: "formula_without_result" } : { text: "" };
    }
    switch (type) {
      case "s":
        return { text: book.sharedTexts[Number(value)] ?? "" };
      case "str":
        return { text: unescape(value) };
      case "b":
        return { text: value === "1" || value === "true" ? "TRUE" : "FALSE" };
      case "e":
        return { text: "", warning: "error_value" };
      case "d":
        return { text: value.replace("T", " ").replace(/(?:\.0+)?Z?$/, "").replace(/ 00:00:00$/, "") };
      default:
        return { text: cellText({ t: "n", v: Number(value), z: book.formats[style] }, book.date1904) };
    }
  }

  function endRow(): void {
    for (const [column, { end, text }] of filling) {
      if (row > end) filling.delete(column);
      else {
        while (record!.cells.length <= column) record!.cells.push("");
        record!.cells[column] ||= text;
      }
    }
    builder.add(record!);
    record = null;
  }

  await parseXml(archive, part, {
    open(name, attributes) {
      if (name === "row") {
        row = attributes.r === undefined ? row + 1 : Number(attributes.r);
        if (!Number.isInteger(row) || row < 1 || row > LAST_ROW) refuseFile("damaged");
        record = { line: row, cells: [], warnings: [] };
        column = -1;
      } else if (name === "c") {
        if (!record) refuseFile("damaged");
        column = attributes.r === undefined ? column + 1 : columnOf(attributes.r);
        cell = { type: attributes.t ?? "n", style: Number(attributes.s ?? 0), value: "", hasFormula: false };
        inline.reset();
      } else if (name === "v") isValue = true;
      else if (name === "f") cell.hasFormula = true;
      else inline.open!(name, attributes);
    },
    text(text) {
      inline.text!(text);
      if (!isValue) return;
      cell.value += text;
      if (cell.value.length > MAX_CELL_LENGTH) {
        refuseFile("cell_too_long", { line: row, maximum: MAX_CELL_LENGTH });
      }
    },
    close(name) {
      if (name === "v") isValue = false;
      else if (name === "c") endCell();
      else if (name === "row") endRow();
      else inline.close!(name);
    },
  });
  return builder.finish();
}

/** The column of a reference such as "AB12", counted from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}(?=\d+$)/.exec(reference)?.[0] ?? refuseFile("damaged")) {
    column = column * 26 + letter.charCodeAt(0) - 64;
  }
  if (column > LAST_COLUMN) refuseFile("damaged");
  return column - 1;
}

/** The last row of each area that is merged over several rows, by its first cell. They are written below the cells. */
async function readMerges(archive: Archive, part: string): Promise<Map<number, number>> {
  const merges = new Map<number, number>();
  const decoder = new TextDecoder();
  let rest = "";
  await archive.stream(part, (chunk) => {
    const text = rest + decoder.decode(chunk, { stream: true });
    for (
      const [, column, first, last] of text.matchAll(
        /<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"/g,
      )
    ) {
      if (last === first) continue;
      if (merges.size === MAX_MERGES) refuseFile("too_complex");
      merges.set(Number(first) * LAST_COLUMN + columnOf(`${column}1`), Number(last));
    }
    // What may be the beginning of a tag. Merged cells that are seen twice are the same.
    rest = text.slice(-100);
  });
  return merges;
}
