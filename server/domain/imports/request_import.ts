// Importing an uploaded table: a small one in the request, a large one as a job.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type JobRow, requestJob, storeFile } from "../jobs/job.ts";
import { isWorkbook } from "../sheets/detect_format.ts";
import { readTable } from "../sheets/read_table.ts";
import { readOptionsOf } from "./columns.ts";
import type { ImportedKind, ImportedValues } from "./imported_kind.ts";
import { type ImportPreview, importRows } from "./import_rows.ts";
import type { ImportOptions } from "./inputs.ts";
import type { ImportReport } from "./report.ts";

/** Larger files are imported by a job; bytes. */
export const MAX_IMMEDIATE_SIZE = 1024 * 1024;
/** Files are stored in pieces; bytes. */
const PIECE_SIZE = 256 * 1024;

/**
 * Imports a small file immediately; stores a large one and requests a job that imports it.
 *
 * @param file all of it: no transaction is open while a body is received
 * @throws DomainError `INVALID_REQUEST` when a small file is not a table, or has no column "Name"
 */
export async function importTable<Row extends ImportedValues>(
  ctx: Context,
  kind: ImportedKind<Row>,
  file: Uint8Array<ArrayBuffer>,
  options: ImportOptions,
): Promise<ImportReport | ImportPreview | { job: JobRow }> {
  requireRole(ctx, "manager");
  if (file.length <= MAX_IMMEDIATE_SIZE) {
    return await importRows(ctx, kind, await readTable(file, readOptionsOf(kind, options)), options);
  }
  const job = await inTransaction(ctx, async (ctx) => {
    // An estimate: a CSV row is usually one line. The rows of a workbook are unknown until it is read.
    const total = isWorkbook(file) ? null : Math.max(1, countLines(file) - 1);
    const job = await requestJob(ctx, { kind: kind.jobKind, input: { ...options }, total });
    await storeFile(ctx, job.id, piecesOf(file));
    return job;
  });
  return { job };
}

/** A file in the pieces in which it is stored. */
async function* piecesOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += PIECE_SIZE) {
    yield await Promise.resolve(file.subarray(at, at + PIECE_SIZE));
  }
}

function countLines(file: Uint8Array): number {
  let lines = 0;
  for (let at = file.indexOf(10); at !== -1; at = file.indexOf(10, at + 1)) lines++;
  return lines;
}
