// Tables of workbooks: .xlsx as a stream, .xls, .xlsb and .ods by SheetJS, which holds a whole workbook in memory and is
// given less of it.
import { type CellObject, CFB, read, type WorkBook, type WorkSheet } from "@e965/xlsx";
import { cellText } from "./cell_text.ts";
import { refuseFile } from "./file_problem.ts";
import { parseXlsx, type SheetTable } from "./parse_xlsx.ts";
import { MAX_COLUMNS, MAX_LOADED_SIZE, MAX_ROWS, MAX_TITLE_ROWS } from "./read_limits.ts";
import type { TableFormat, TableSheet } from "./table.ts";
import { type BuiltTable, createTableBuilder, type RawRecord } from "./table_builder.ts";
import { type Archive, openArchive } from "./unpack.ts";

export interface ParsedWorkbook {
  format: TableFormat;
  sheets: TableSheet[];
  sheet: string;
  table: BuiltTable;
}

/** Cells that get the value of a merged area; more are an attack. */
const MAX_FILLED_CELLS = 1_000_000;

/** A sheet with the option `dense`. */
interface DenseSheet extends Pick<WorkSheet, "!merges"> {
  "!data"?: (CellObject | undefined)[][];
}

/**
 * Reads a workbook.
 *
 * @param isKnown whether a text is a heading the caller knows
 * @param wanted the name of a sheet; null for the visible one of the usual name, else the first with a known heading,
 *   else the first with rows
 * @param isUsual whether a sheet's name is the one that the caller expects
 * @throws FileRefusal
 */
export async function parseWorkbook(
  bytes: Uint8Array<ArrayBuffer>,
  container: "zip" | "biff",
  isKnown: (cell: string) => boolean,
  wanted: string | null,
  isUsual: (sheet: string) => boolean,
): Promise<ParsedWorkbook> {
  const archive = container === "zip" ? await openArchive(bytes) : null;
  const format = archive ? await formatOf(archive) : "xls";
  const tables = archive && format === "xlsx"
    ? await parseXlsx(archive, isKnown)
    : readBook(archive ? await packWithoutCompression(archive) : bytes, isKnown);
  const visible = tables.filter(({ hidden }) => !hidden);
  const chosen = wanted !== null
    ? tables.find(({ name }) => name === wanted) ?? refuseFile("no_such_sheet", { value: wanted })
    : visible.find(({ name, table }) => isUsual(name) && table.knownHeadings > 0) ??
      visible.find(({ table }) => table.knownHeadings > 0) ??
      visible.find(({ table }) => table.rowCount > 0) ??
      visible.find(({ table }) => table.headingLine !== null);
  if (!chosen || chosen.table.headingLine === null) refuseFile("no_table");
  const sheets = tables.map(({ name, hidden, table: { headingLine, columns, rowCount } }) => ({
    name,
    hidden,
    headingLine,
    columns,
    rowCount,
  }));
  return { format, sheets, sheet: chosen.name, table: chosen.table };
}

async function formatOf(archive: Archive): Promise<TableFormat> {
  if (archive.names.some((name) => /(?:^|\/)workbook\.xml$/i.test(name))) return "xlsx";
  if (archive.names.some((name) => /(?:^|\/)workbook\.bin$/i.test(name))) return "xlsb";
  const type = archive.names.includes("mimetype") ? await archive.load("mimetype") : new Uint8Array();
  if (new TextDecoder().decode(type).includes("opendocument.spreadsheet")) return "ods";
  return refuseFile("other_format");
}

/** SheetJS takes a ZIP file; it must not inflate anything, as it believes the sizes that are written in one. */
async function packWithoutCompression(archive: Archive): Promise<Uint8Array> {
  const zip = CFB.utils.cfb_new({ root: "Root Entry" } as never);
  for (const name of archive.names) CFB.utils.cfb_add(zip, `/${name}`, await archive.load(name));
  return new Uint8Array(CFB.write(zip, { fileType: "zip", type: "array", compression: false }));
}

/** The sheets of a workbook that SheetJS reads. */
function readBook(bytes: Uint8Array, isKnown: (cell: string) => boolean): SheetTable[] {
  if (bytes.length > MAX_LOADED_SIZE * 1.5) {
    refuseFile("too_large_unpacked", { maximum: MAX_LOADED_SIZE / 1024 / 1024 });
  }
  const book = parse(bytes);
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  return book.SheetNames.map((name, at) => {
    const builder = createTableBuilder(isKnown);
    for (const row of rowsOf(book.Sheets[name] as DenseSheet, date1904)) builder.add(row);
    return { name, hidden: Boolean(book.Workbook?.Sheets?.[at]?.Hidden), table: builder.finish() };
  });
}

function parse(bytes: Uint8Array): WorkBook {
  try {
    return read(bytes, {
      type: "array",
      dense: true,
      cellNF: true,
      cellText: false,
      cellHTML: false,
      cellDates: false,
      sheetStubs: true,
      sheetRows: MAX_ROWS + MAX_TITLE_ROWS + 1,
    });
  } catch (error) {
    if (error instanceof RangeError) refuseFile("too_complex");
    return refuseFile(/password|encrypt/i.test(String(error)) ? "encrypted" : "damaged");
  }
}

function* rowsOf(sheet: DenseSheet, date1904: boolean): Generator<RawRecord> {
  const data = sheet["!data"] ?? [];
  const filled = filledCells(sheet, data);
  for (let row = 0; row < data.length; row++) {
    const cells: string[] = [];
    const warnings: NonNullable<RawRecord["warnings"]> = [];
    const found = data[row];
    if (
      found && found.length > MAX_COLUMNS && found.slice(MAX_COLUMNS).some((cell) => cell?.v !== undefined)
    ) {
      refuseFile("too_many_columns", { line: row + 1, maximum: MAX_COLUMNS });
    }
    for (let column = 0; column < Math.min(found?.length ?? 0, MAX_COLUMNS); column++) {
      const cell = found[column];
      cells.push(cell ? cellText(cell, date1904) : "");
      if (cell?.t === "e") warnings.push({ code: "error_value", column });
      if (cell?.t === "z" && cell.f) warnings.push({ code: "formula_without_result", column });
    }
    for (const [column, cell] of filled.get(row) ?? []) {
      while (cells.length <= column) cells.push("");
      cells[column] = cellText(cell, date1904);
    }
    if (cells.length > 0) yield { line: row + 1, cells, warnings };
  }
}

/** The cells below the first one of each merged area, by row. */
function filledCells(
  sheet: DenseSheet,
  data: DenseSheet["!data"] & object,
): Map<number, [number, CellObject][]> {
  const filled = new Map<number, [number, CellObject][]>();
  let count = 0;
  for (const { s, e } of sheet["!merges"] ?? []) {
    const cell = data[s.r]?.[s.c];
    if (!cell || s.c >= MAX_COLUMNS) continue;
    for (let row = s.r + 1; row <= Math.min(e.r, data.length - 1); row++) {
      if (++count > MAX_FILLED_CELLS) refuseFile("too_complex");
      const cells = filled.get(row);
      if (cells) cells.push([s.c, cell]);
      else filled.set(row, [[s.c, cell]]);
    }
  }
  return filled;
}
