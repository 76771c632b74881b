// Reads an uploaded table in a thread of its own, which is ended when it takes too long or too much memory, so that no
// file can stop the process or hold it up.
import { refuse } from "../errors.ts";
import { createWorkQueue } from "../work_queue.ts";
import { detectContainer } from "./detect_format.ts";
import { type FileProblem, type FileProblemFacts, FileRefusal } from "./file_problem.ts";
import { READ_TIMEOUT } from "./read_limits.ts";
import { readInThread } from "./reader_threads.ts";
import type { ReadOptions, Table, TableRecord } from "./table.ts";
import { checkZipDirectory } from "./zip_directory.ts";

/** Files that are read at a time, each with a heap of its own. One core is left for everything else. */
export const readerQueue = createWorkQueue("tables", {
  concurrency: Math.max(1, Math.min(2, navigator.hardwareConcurrency - 1)),
  maxWaiting: 16,
  duration: 2000,
});

/**
 * Reads a table: CSV in any usual encoding and with any usual separator, .xlsx, .xls, .xlsb and .ods. All of it is read
 * before this returns, so that no transaction is open meanwhile.
 *
 * @param file its memory is handed to the thread and empty afterwards
 * @throws DomainError `INVALID_REQUEST` with the field `file`, the reason `unreadable` and the problem;
 *   `PAYLOAD_TOO_LARGE` for more than 500,000 rows; `OVERLOADED` when many files are being read
 */
export async function readTable(file: Uint8Array<ArrayBuffer>, options: ReadOptions = {}): Promise<Table> {
  refuseAtFirstGlance(file);
  const { knownHeadings = [], sheet = null, usualSheets = [], encoding = null } = options;
  const { signal, timeout = READ_TIMEOUT } = options;
  const answer = await readerQueue.run(() => {
    // The view can be a part of a larger buffer.
    const buffer = file.length === file.buffer.byteLength ? file.buffer : file.slice().buffer;
    return readInThread({ file: buffer, knownHeadings, sheet, usualSheets, encoding }, { timeout, signal });
  }, signal);
  if (answer.kind === "failed") throw new Error(`The reader failed: ${answer.message}`);
  if (answer.kind === "refused") refuseTable(answer.problem, answer.facts);
  const { format, separator, sheets, table } = answer;
  const { headingLine, columns, positions, rowCount, batches, warnings, warningCount } = table;
  return {
    format,
    encoding: answer.encoding,
    separator,
    sheets,
    sheet: answer.sheet,
    headingLine: headingLine!,
    columns,
    rowCount,
    warnings,
    warningCount,
    rows: () => decodeRows(batches, positions),
  };
}

/** Refuses what is certainly no table, without a thread and without waiting for others. */
function refuseAtFirstGlance(file: Uint8Array): void {
  try {
    if (detectContainer(file) === "zip") checkZipDirectory(file);
  } catch (error) {
    if (error instanceof FileRefusal) refuseTable(error.problem, error.facts);
    throw error;
  }
}

/** The rows of batches, with the cells at some positions. */
export function* decodeRows(batches: ArrayBuffer[], positions: number[]): Generator<TableRecord> {
  const decoder = new TextDecoder();
  for (const batch of batches) {
    for (const [line, ...cells] of JSON.parse(decoder.decode(batch)) as [number, ...string[]][]) {
      yield { line, cells: positions.map((at) => cells[at] ?? "") };
    }
  }
}

/** @throws DomainError */
function refuseTable(problem: FileProblem, { line, maximum, value }: FileProblemFacts): never {
  if (problem === "too_many_rows") refuse("PAYLOAD_TOO_LARGE", { maxRows: maximum });
  if (problem === "no_such_sheet") {
    refuse("INVALID_REQUEST", { field: "sheet", reason: "unreadable", problem, value });
  }
  refuse("INVALID_REQUEST", { field: "file", reason: "unreadable", problem, line, maximum, value });
}
