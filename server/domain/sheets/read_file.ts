// Reads one uploaded file, in the thread of `reader_worker.ts`. Its modules import nothing of the rest of the server, so
// that a thread starts fast.
import { assertNoMarkup, detectContainer } from "./detect_format.ts";
import { decodeText } from "./decode_text.ts";
import { type FileProblem, type FileProblemFacts, FileRefusal, refuseFile } from "./file_problem.ts";
import { detectSeparator, parseCsv } from "./parse_csv.ts";
import { lazy } from "../lazy.ts";
import { normalizeHeading, type TableFormat, type TableSheet } from "./table.ts";
import { buildTable, type BuiltTable } from "./table_builder.ts";

/** What the thread is sent. */
export interface ReadRequest {
  /** A buffer, because Deno copies a view of one number by number. */
  file: ArrayBuffer;
  knownHeadings: string[];
  sheet: string | null;
  usualSheets: string[];
  encoding: string | null;
}

/** What the thread answers. */
export type ReadAnswer =
  | {
    kind: "table";
    format: TableFormat;
    encoding: string | null;
    separator: string | null;
    sheets: TableSheet[];
    sheet: string | null;
    table: BuiltTable;
  }
  | { kind: "refused"; problem: FileProblem; facts: FileProblemFacts }
  /** A fault of the reader, not of the file. */
  | { kind: "failed"; message: string };

/** It takes longer to load than most text files to read. */
const loadWorkbooks = lazy(() => import("./parse_workbook.ts"));

/** The share of control characters beyond which text is none. */
const MAX_CONTROL_SHARE = 0.1;

/** Reads a file; never throws. */
export function readFile(request: ReadRequest): Promise<ReadAnswer> {
  return readContained(request).catch(describeFault);
}

async function readContained(
  { file: buffer, knownHeadings, sheet, usualSheets, encoding }: ReadRequest,
): Promise<ReadAnswer> {
  const file = new Uint8Array(buffer);
  const known = new Set(knownHeadings.map(normalizeHeading).filter(Boolean));
  const isKnown = (cell: string) => cell.length < 1000 && known.has(normalizeHeading(cell));
  const container = detectContainer(file);
  if (container !== "text") {
    const { parseWorkbook } = await loadWorkbooks();
    const isUsual = (name: string) => usualSheets.includes(normalizeHeading(name));
    const workbook = await parseWorkbook(file, container, isKnown, sheet, isUsual).catch(describeDamage);
    return { kind: "table", encoding: null, separator: null, ...workbook };
  }
  return readText(file, isKnown, encoding);
}

function readText(
  file: Uint8Array,
  isKnown: (cell: string) => boolean,
  wanted: string | null,
): ReadAnswer {
  const { text, encoding } = decodeText(file, wanted);
  if (text.trim() === "") refuseFile("empty");
  assertNoMarkup(text);
  // deno-lint-ignore no-control-regex
  const controls = text.slice(0, 4096).match(/[\0-\x08\x0e-\x1f]/g)?.length ?? 0;
  if (controls > Math.min(4096, text.length) * MAX_CONTROL_SHARE) refuseFile("other_format");
  const { separator, start, line } = detectSeparator(text, isKnown);
  const table = buildTable(parseCsv(text, separator, start, line), isKnown);
  if (table.headingLine === null) refuseFile("no_table");
  const { headingLine, columns, rowCount } = table;
  const sheets = [{ name: "", hidden: false, headingLine, columns, rowCount }];
  return { kind: "table", format: "csv", encoding, separator, sheets, sheet: null, table };
}

/** What the libraries throw for a workbook that is not what it should be. */
function describeDamage(error: unknown): never {
  if (error instanceof FileRefusal || error instanceof RangeError) throw error;
  refuseFile("damaged");
}

function describeFault(error: unknown): ReadAnswer {
  if (error instanceof FileRefusal) return { kind: "refused", problem: error.problem, facts: error.facts };
  // Strings and arrays beyond what the engine can hold.
  if (error instanceof RangeError) return { kind: "refused", problem: "too_complex", facts: {} };
  return { kind: "failed", message: error instanceof Error ? error.stack ?? error.message : String(error) };
}
