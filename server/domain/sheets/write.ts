// Writing CSV and XLSX tables as a stream of rows, for every export.
import type { ExportFormat } from "../list_inputs.ts";
import type { Cell, Columns, WrittenCell } from "./cells.ts";
import { writeCsv } from "./write_csv.ts";
import { writeWorkbook } from "./write_workbook.ts";

export const contentTypes: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/**
 * Writes a table. Rows are read from `rows` only as fast as the stream is consumed. An error after the first row makes the
 * stream fail, and with it the response: a client never takes a part for the whole.
 *
 * @throws whatever reading the first row throws, so that a refusal is answered with its status and not after a 200
 */
export async function writeSheet<Row>(
  format: ExportFormat,
  columns: Columns<Row>,
  rows: AsyncIterable<Row>,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const iterator = rows[Symbol.asyncIterator]();
  const first = await iterator.next();
  const lines = linesOf(columns, first, iterator);
  return format === "csv" ? writeCsv(lines) : writeWorkbook(lines);
}

/** The headings and the rows of a table. */
async function* linesOf<Row>(
  columns: Columns<Row>,
  first: IteratorResult<Row>,
  rest: AsyncIterator<Row>,
): AsyncGenerator<WrittenCell[]> {
  const cells = Object.values(columns);
  try {
    yield Object.keys(columns);
    for (let row = first; !row.done; row = await rest.next()) {
      yield cells.map((cell) => writtenCell(cell(row.value)));
    }
  } finally {
    // The consumer may leave before the end.
    await rest.return?.();
  }
}

function writtenCell(cell: Cell): WrittenCell {
  if (cell === null || cell === undefined || cell === "") return null;
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell === "number" && !Number.isFinite(cell)) return String(cell);
  return cell;
}
