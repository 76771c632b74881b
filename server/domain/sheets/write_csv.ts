// Writing CSV (RFC 4180) in UTF-8 with a byte order mark, by which Excel detects the encoding.
import { stringify } from "csv-stringify/sync";
import { csvOptions, defuseFormula } from "./csv_cells.ts";
import type { WrittenCell } from "./cells.ts";

/** Rows that are written at once. */
const BATCH_SIZE = 200;

/** Writes rows as CSV. Numbers stay as they are, also negative ones; text is defused. */
export function writeCsv(lines: AsyncIterable<WrittenCell[]>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(textOf(lines)).pipeThrough(new TextEncoderStream());
}

async function* textOf(lines: AsyncIterable<WrittenCell[]>): AsyncGenerator<string> {
  yield "\ufeff";
  let batch: string[][] = [];
  for await (const line of lines) {
    batch.push(line.map(csvCell));
    if (batch.length < BATCH_SIZE) continue;
    yield stringify(batch, csvOptions);
    batch = [];
  }
  yield stringify(batch, csvOptions);
}

function csvCell(cell: WrittenCell): string {
  if (cell === null) return "";
  return typeof cell === "string" ? defuseFormula(cell) : String(cell);
}
