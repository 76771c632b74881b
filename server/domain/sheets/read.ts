// Reading uploaded CSV and XLSX tables as a stream of rows; a file is never in memory as a whole.
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { DomainError, refuse } from "../errors.ts";

/** A row with its line number in the file and a cell for each heading. */
export interface SheetRecord {
  line: number;
  cells: string[];
}

/** Called with the headings of a table before its first row. */
type OnHeadings = (headings: string[]) => void;

/**
 * Reads a table. The format is detected from the first bytes.
 *
 * @throws DomainError `INVALID_REQUEST` with the line, when the file is empty or not a table
 */
export async function* readSheet(
  chunks: AsyncIterable<Uint8Array>,
  onHeadings: OnHeadings,
): AsyncGenerator<SheetRecord> {
  const iterator = chunks[Symbol.asyncIterator]();
  const { value: first } = await iterator.next();
  if (!first || first.length === 0) {
    refuse("INVALID_REQUEST", { field: "file", reason: "required" });
  }
  async function* all() {
    yield first as Uint8Array;
    while (true) {
      const { value, done } = await iterator.next();
      if (done) return;
      yield value;
    }
  }
  const beginning = new TextDecoder().decode(first.subarray(0, 4096));
  yield* isWorkbook(first) ? readWorkbook(all(), onHeadings) : readCsv(all(), beginning, onHeadings);
}

/** Whether a file begins with the signature of a ZIP file, which an XLSX workbook is. */
export function isWorkbook(first: Uint8Array): boolean {
  return first[0] === 0x50 && first[1] === 0x4b;
}

async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  beginning: string,
  onHeadings: OnHeadings,
): AsyncGenerator<SheetRecord> {
  const heading = beginning.split(/\r?\n/, 1)[0];
  const count = (separator: string) => heading.split(separator).length;
  const delimiter = [",", ";", "\t"].sort((a, b) => count(b) - count(a))[0];
  const source = Readable.from(chunks);
  const parser = source.pipe(parse({
    bom: true,
    delimiter,
    trim: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: 200_000,
  }));
  source.on("error", (error) => parser.destroy(error));
  try {
    let headings: string[] | null = null;
    for await (
      const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>
    ) {
      if (!headings) {
        headings = record;
        onHeadings(headings);
        continue;
      }
      // `lines` is the last line of the record; a value can contain line breaks.
      const lineBreaks = record.join("").split("\n").length - 1;
      yield { line: info.lines - lineBreaks, cells: headings.map((_, index) => record[index] ?? "") };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    refuseFile((error as CsvError & { lines?: number }).lines);
  }
}

async function* readWorkbook(
  chunks: AsyncIterable<Uint8Array>,
  onHeadings: OnHeadings,
): AsyncGenerator<SheetRecord> {
  // Imported on demand: the library doubles the memory of a server that never reads a workbook.
  const { WorkbookReader } = await import("@cj-tech-master/excelts");
  const reader = new WorkbookReader(Readable.from(chunks) as never, {
    worksheets: "emit",
    sharedStrings: "cache",
    hyperlinks: "ignore",
    styles: "ignore",
    entries: "ignore",
  });
  let headings: string[] | null = null;
  try {
    for await (
      const sheet of reader as unknown as AsyncIterable<AsyncIterable<{ number: number; values: unknown[] }>>
    ) {
      for await (const row of sheet) {
        const cells = Array.from(row.values as ArrayLike<unknown>, textOf).slice(1);
        if (!headings) {
          headings = cells.map((heading) => heading.trim());
          onHeadings(headings);
          continue;
        }
        const values = headings.map((_, index) => cells[index]?.trim() ?? "");
        if (values.some(Boolean)) yield { line: row.number, cells: values };
      }
      // Only the first sheet is read.
      return;
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    refuseFile(undefined);
  }
}

/** The displayed text of a cell: formulas by their result, formatted text without format. */
function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell !== "object") return String(cell);
  const rich = cell as { text?: unknown; result?: unknown; richText?: { text: string }[] };
  if (rich.richText) return rich.richText.map(({ text }) => text).join("");
  return textOf(rich.text ?? rich.result);
}

function refuseFile(line: number | undefined): never {
  refuse("INVALID_REQUEST", { field: "file", reason: "unreadable", line });
}
