// Writing tables for people, CSV or XLSX, row by row. A cell that a spreadsheet would take for a formula is made
// harmless (OWASP, "CSV Injection"): what somebody typed into a name must not run on somebody's desk.
import { PassThrough, Readable } from "node:stream";
import { stringify } from "csv-stringify";
import type { ExportFormat } from "../list_inputs.ts";

type Cell = string | number | boolean | Date | null | undefined;

/** A column: its heading, and what of a row stands in it. */
export type Columns<Row> = Record<string, (row: Row) => Cell>;

export const contentTypes: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** Writes rows as they come; whoever reads slowly makes it wait. */
export function writeSheet<Row>(
  format: ExportFormat,
  columns: Columns<Row>,
  rows: AsyncIterable<Row>,
): ReadableStream<Uint8Array> {
  return format === "csv" ? writeCsv(columns, rows) : writeWorkbook(columns, rows);
}

function writeCsv<Row>(columns: Columns<Row>, rows: AsyncIterable<Row>): ReadableStream<Uint8Array> {
  const source = Readable.from(linesOf(columns, rows));
  // The mark at the beginning tells Excel that it is UTF-8.
  const writer = source.pipe(stringify({ bom: true, record_delimiter: "windows" }));
  source.on("error", (error) => writer.destroy(error));
  return Readable.toWeb(writer) as ReadableStream<Uint8Array>;
}

async function* linesOf<Row>(
  columns: Columns<Row>,
  rows: AsyncIterable<Row>,
): AsyncGenerator<(string | number)[]> {
  yield Object.keys(columns);
  const cells = Object.values(columns);
  for await (const row of rows) yield cells.map((cell) => written(cell(row)));
}

function writeWorkbook<Row>(columns: Columns<Row>, rows: AsyncIterable<Row>): ReadableStream<Uint8Array> {
  const out = new PassThrough();
  const fill = async () => {
    // Loaded when it is wanted, because it is large.
    const { WorkbookWriter } = await import("@cj-tech-master/excelts");
    const book = new WorkbookWriter({ stream: out as never, useSharedStrings: false, useStyles: false });
    const sheet = book.addWorksheet("Latchkey");
    for await (const line of linesOf(columns, rows)) {
      sheet.addRow(line).commit();
      if (out.writableNeedDrain) await new Promise((resolve) => out.once("drain", resolve));
    }
    await sheet.commit();
    await book.commit();
  };
  fill().catch((error) => out.destroy(error));
  return Readable.toWeb(out) as ReadableStream<Uint8Array>;
}

/** A cell as it is written. */
function written(cell: Cell): string | number {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return cell;
  if (cell instanceof Date) return cell.toISOString();
  return harmless(String(cell));
}

/** Text that no spreadsheet takes for a formula. */
export function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
