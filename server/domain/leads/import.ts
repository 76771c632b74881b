// Import of leads from a CSV or XLSX table. Valid rows are inserted in one transaction, invalid ones are reported. Rows
// are read as a stream and inserted in batches, so that a table of 100,000 rows takes seconds and little memory.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type JobRow, readFile } from "../jobs/job.ts";
import { finishJob, saveProgress } from "../jobs/lease.ts";
import { refuse } from "../errors.ts";
import { readSheet } from "../sheets/read.ts";
import { columnName, leadColumns, type LeadField, matchColumns, type TableLead } from "./columns.ts";
import { insertLeads } from "./import_batch.ts";
import { type ImportReport, validateRow } from "./import_validation.ts";
import { type ImportOptions, importOptions } from "./inputs.ts";

/** The report of a dry run, with which a user assigns the columns. */
export interface ImportPreview extends ImportReport {
  /** The headings of the table and the lead column each is assigned to; null for none. */
  columns: { heading: string; column: string | null }[];
  /** The first rows, with a value for each column. */
  preview: { line: number; values: string[] }[];
}

const BATCH_SIZE = 1000;
const PREVIEW_ROWS = 10;
const MAX_ROWS = 500_000;

/** Runs an import job on the file that was stored with it. */
export async function runImportJob(ctx: Context, job: JobRow, clock: () => Date): Promise<ImportReport> {
  const { dryRun, mapping } = importOptions.parse(job.input);
  return await importLeads(ctx, readFile(ctx, job.id), {
    dryRun,
    mapping,
    // In the transaction of the rows, so that a worker that dies has imported all of them or none.
    beforeCommit: (ctx, report) => finishJob(ctx, job.id, { ...report }, clock()),
    progress: (done, total) => saveProgress(ctx, job.id, { done, total, now: clock() }),
  });
}

/**
 * Imports the leads of a table.
 *
 * @param options.progress called after every batch with the number of rows read, and at the end with the total
 * @throws DomainError `INVALID_REQUEST` when the file is not a table, no column is assigned to "Name", or the mapping does
 *   not match the table; `PAYLOAD_TOO_LARGE` for more than 500,000 rows
 */
export async function importLeads(
  ctx: Context,
  file: AsyncIterable<Uint8Array>,
  options: ImportOptions & {
    progress?: (done: number, total?: number) => Promise<void>;
    beforeCommit?: (ctx: Context, report: ImportReport) => Promise<void>;
  },
): Promise<ImportReport | ImportPreview> {
  requireRole(ctx, "manager");
  const { dryRun, mapping = {} } = options;
  const report: ImportReport = { rows: 0, imported: 0, failed: 0, errors: [], dryRun };
  let headings: string[] = [];
  let fields: (LeadField | null)[] = [];
  const preview: ImportPreview["preview"] = [];
  const rows = readSheet(file, (found) => {
    headings = found;
    fields = matchColumns(found, mapping);
    if (!fields.includes("name")) reportMissingName(report);
  });
  const read = async (save: (batch: TableLead[]) => Promise<void>) => {
    let batch: TableLead[] = [];
    for await (const { line, cells } of rows) {
      if (++report.rows > MAX_ROWS) refuse("PAYLOAD_TOO_LARGE", { maxRows: MAX_ROWS });
      if (preview.length < PREVIEW_ROWS) preview.push({ line, values: cells });
      const lead = validateRow(report, line, cells, fields);
      if (lead) batch.push(lead);
      if (batch.length === BATCH_SIZE) {
        await save(batch);
        batch = [];
      }
      if (report.rows % BATCH_SIZE === 0) await options.progress?.(report.rows);
    }
    if (batch.length > 0) await save(batch);
    await options.progress?.(report.rows, report.rows);
  };
  if (dryRun) {
    await read(() => Promise.resolve());
    const columns = headings.map((heading, index) => ({
      heading,
      column: fields[index] === null ? null : columnName(fields[index]),
    }));
    return { ...report, columns, preview };
  }
  await inTransaction(ctx, async (ctx) => {
    await read((batch) => insertLeads(ctx, batch));
    await options.beforeCommit?.(ctx, report);
  });
  return report;
}

/** Refuses a table without a name column. A dry run reports it and continues, so that the user can assign the column. */
function reportMissingName(report: ImportReport): void {
  const known = Object.keys(leadColumns);
  if (!report.dryRun) refuse("INVALID_REQUEST", { field: "file", reason: "no_name_column", known });
  const message = `The table needs a column "Name". Known columns: ${known.join(", ")}.`;
  report.errors.push({ line: 1, field: "Name", message });
}
