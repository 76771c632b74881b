// Writing CSV and XLSX tables as a stream of rows. Cells that a spreadsheet would execute as a formula are escaped (OWASP,
// "CSV Injection"), because they contain text that users have entered.
import { PassThrough, Readable } from "node:stream";
import { stringify } from "csv-stringify";
import type { ExportFormat } from "../list_inputs.ts";

type Cell = string | number | boolean | Date | null | undefined;

/** The columns of a table: the cell of a row by heading. */
export type Columns<Row> = Record<string, (row: Row) => Cell>;

export const contentTypes: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** Writes a table. Rows are read from `rows` only as fast as the stream is consumed. */
export function writeSheet<Row>(
  format: ExportFormat,
  columns: Columns<Row>,
  rows: AsyncIterable<Row>,
): ReadableStream<Uint8Array> {
  return format === "csv" ? writeCsv(columns, rows) : writeWorkbook(columns, rows);
}

function writeCsv<Row>(columns: Columns<Row>, rows: AsyncIterable<Row>): ReadableStream<Uint8Array> {
  const source = Readable.from(linesOf(columns, rows));
  // Excel detects UTF-8 by the byte order mark.
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
  for await (const row of rows) yield cells.map((cell) => formatCell(cell(row)));
}

function writeWorkbook<Row>(columns: Columns<Row>, rows: AsyncIterable<Row>): ReadableStream<Uint8Array> {
  const out = new PassThrough();
  const fill = async () => {
    // Imported on demand, because the library is large.
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

/** Converts a cell to text or a number. */
function formatCell(cell: Cell): string | number {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return cell;
  if (cell instanceof Date) return cell.toISOString();
  return escapeFormula(String(cell));
}

/** Prefixes text that a spreadsheet would read as a formula with an apostrophe. */
export function escapeFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
