// Reading tables people bring along, CSV or XLSX, row by row, so that nobody ever holds all of one.
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { DomainError, refuse } from "../errors.ts";

/** A row and the line it is on in the file, with a cell for each heading. */
export interface SheetLine {
  line: number;
  cells: string[];
}

/** Is told the headings of a table, before its first row. */
type Headed = (headings: string[]) => void;

/** How a column's heading is compared: "Contact name", "contact_name" and "CONTACTNAME" are one. */
export function headingOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * Reads a table of either kind; which it is, its first bytes say.
 *
 * @throws DomainError `INVALID_REQUEST` when it is neither, naming the line
 */
export async function* readSheet(
  pieces: AsyncIterable<Uint8Array>,
  headed: Headed,
): AsyncGenerator<SheetLine> {
  const iterator = pieces[Symbol.asyncIterator]();
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
  yield* isWorkbook(first) ? readWorkbook(all(), headed) : readCsv(all(), beginning, headed);
}

/** Whether a file begins as a workbook does, which is a ZIP file. */
export function isWorkbook(first: Uint8Array): boolean {
  return first[0] === 0x50 && first[1] === 0x4b;
}

async function* readCsv(
  pieces: AsyncIterable<Uint8Array>,
  beginning: string,
  headed: Headed,
): AsyncGenerator<SheetLine> {
  const heading = beginning.split(/\r?\n/, 1)[0];
  const count = (mark: string) => heading.split(mark).length;
  const delimiter = [",", ";", "\t"].sort((a, b) => count(b) - count(a))[0];
  const source = Readable.from(pieces);
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
        headed(headings);
        continue;
      }
      // `lines` counts those that were read; a value may run over several.
      const written = record.join("").split("\n").length - 1;
      yield { line: info.lines - written, cells: headings.map((_, at) => record[at] ?? "") };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    refuseFile((error as CsvError & { lines?: number }).lines);
  }
}

async function* readWorkbook(
  pieces: AsyncIterable<Uint8Array>,
  headed: Headed,
): AsyncGenerator<SheetLine> {
  // Loaded when it is wanted: it takes as much memory as all the rest of a server does to start.
  const { WorkbookReader } = await import("@cj-tech-master/excelts");
  const reader = new WorkbookReader(Readable.from(pieces) as never, {
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
          headed(headings);
          continue;
        }
        const inLine = headings.map((_, at) => cells[at]?.trim() ?? "");
        if (inLine.some(Boolean)) yield { line: row.number, cells: inLine };
      }
      // The first sheet is the table; what else is in the book is not asked about.
      return;
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    refuseFile(undefined);
  }
}

/** A cell as its reader sees it. */
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
