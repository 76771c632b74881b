// Reading tables people bring along, CSV or XLSX, row by row, so that nobody ever holds all of one.
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { refuse } from "../refusals.ts";

/** A row and the line it is on in the file; values by their column's heading in small letters without spaces. */
export interface SheetLine {
  line: number;
  values: Record<string, string>;
}

/** How a column's heading is compared: "Contact name", "contact_name" and "CONTACTNAME" are one. */
export function headingOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/**
 * Reads a table of either kind; which it is, its first bytes say.
 *
 * @throws Refusal `INVALID_REQUEST` when it is neither, naming the line
 */
export async function* readSheet(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<SheetLine> {
  const iterator = pieces[Symbol.asyncIterator]();
  const { value: first } = await iterator.next();
  if (!first || first.length === 0) {
    refuse("INVALID_REQUEST", { field: "file", reason: "required" }, { message: "The file is empty." });
  }
  async function* all() {
    yield first as Uint8Array;
    while (true) {
      const { value, done } = await iterator.next();
      if (done) return;
      yield value;
    }
  }
  // A workbook is a ZIP file.
  const isWorkbook = first[0] === 0x50 && first[1] === 0x4b;
  yield* isWorkbook ? readWorkbook(all()) : readCsv(all(), new TextDecoder().decode(first.subarray(0, 4096)));
}

async function* readCsv(pieces: AsyncIterable<Uint8Array>, beginning: string): AsyncGenerator<SheetLine> {
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
    columns: (names: string[]) => names.map(headingOf),
  }));
  source.on("error", (error) => parser.destroy(error));
  try {
    for await (const { record, info } of parser) {
      // `lines` counts those that were read; a value may run over several.
      const written = Object.values(record as Record<string, string>).join("").split("\n").length - 1;
      yield { line: info.lines - written, values: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    refuseFile((error as CsvError & { lines?: number }).lines);
  }
}

async function* readWorkbook(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<SheetLine> {
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
          headings = cells.map(headingOf);
          continue;
        }
        const values = Object.fromEntries(headings.map((heading, at) => [heading, cells[at]?.trim() ?? ""]));
        if (Object.values(values).some(Boolean)) yield { line: row.number, values };
      }
      // The first sheet is the table; what else is in the book is not asked about.
      return;
    }
  } catch (error) {
    if (error instanceof Error && error.name === "Refusal") throw error;
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
  refuse("INVALID_REQUEST", { field: "file", reason: "unreadable", ...(line ? { line } : {}) }, {
    message: `The file is no CSV or XLSX table${line ? ` (line ${line})` : ""}.`,
  });
}
