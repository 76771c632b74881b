// The job that imports a large table.
import type { Context } from "../context.ts";
import { isDomainError } from "../errors.ts";
import { saveInvalidRows } from "../jobs/invalid_rows.ts";
import { type JobRow, readFile } from "../jobs/job.ts";
import { finishJob, getJobProgress, saveProgress } from "../jobs/lease.ts";
import { JOB_READ_TIMEOUT } from "../sheets/read_limits.ts";
import { readTable } from "../sheets/read_table.ts";
import { readOptionsOf } from "./columns.ts";
import type { ImportedKind, ImportedValues } from "./imported_kind.ts";
import { importRows } from "./import_rows.ts";
import { importOptions } from "./inputs.ts";
import type { ImportReport } from "./report.ts";

/** How often a job waits for other imports before it fails. */
const MAX_ATTEMPTS = 20;

/**
 * Runs an import job on the file that was stored with it. The file is read before the transaction of the rows begins.
 *
 * @param signal ends the reading of the file
 * @returns the report of a dry run; null when the job is settled, in the transaction of the rows
 */
export async function runImportJob<Row extends ImportedValues>(
  ctx: Context,
  kind: ImportedKind<Row>,
  job: JobRow,
  clock: () => Date,
  signal: AbortSignal,
): Promise<ImportReport | null> {
  const options = importOptions.parse(job.input);
  const file = await joinPieces(readFile(ctx, job.id));
  const table = await readTable(file, { ...readOptionsOf(kind, options), signal, timeout: JOB_READ_TIMEOUT });
  for (let attempt = 1;; attempt++) {
    // What an earlier attempt, or a worker that died, has saved in batches.
    const { result: resume } = await getJobProgress(ctx, job);
    try {
      const report = await importRows(ctx, kind, table, options, {
        // In the transaction of the rows, so that a worker that dies has imported all of them or none.
        beforeCommit: (ctx, report) => finishJob(ctx, job, { ...report }, clock()),
        progress: (done, total) => saveProgress(ctx, job, { done, total, now: clock() }),
        invalid: (ctx, rows, report) => saveInvalidRows(ctx, job.id, report.failed - rows.length, rows),
        // With the rows, so that a batch is saved once, and none after the job was cancelled.
        batchSaved: (ctx, report, total) =>
          saveProgress(ctx, job, { done: report.rows, total, result: report, now: clock() }),
        resume: resume as ImportReport | null,
      });
      return options.dryRun ? report : null;
    } catch (error) {
      if (!isDomainError(error, "CONFLICT") || attempt === MAX_ATTEMPTS) throw error;
      const { done, result } = await getJobProgress(ctx, job);
      await saveProgress(ctx, job, { done: result ? done : 0, now: clock() });
    }
  }
}

async function joinPieces(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  const file = new Uint8Array(all.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}
