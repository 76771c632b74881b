// Import of leads from a table. Valid rows are saved in one transaction, in batches, so that a table of 100,000 rows takes
// seconds and little memory; the others are reported.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuse } from "../errors.ts";
import type { Table, TableRecord } from "../sheets/table.ts";
import { columnName, knownHeadings, type LeadField, matchColumns } from "./columns.ts";
import {
  type AcceptedRecord,
  DuplicateFinder,
  type ImportedRecord,
  lockImports,
} from "./import_duplicates.ts";
import { type ImportReport, type InvalidRecord, ReportWriter } from "./import_report.ts";
import { getOutdated, mergeRow } from "./import_update.ts";
import { type SavedRecord, saveRows } from "./import_save.ts";
import { type CellError, validateRow } from "./import_validation.ts";
import { readValues } from "./import_values.ts";
import type { ImportOptions } from "./inputs.ts";

/** The report of a dry run, with which a user assigns the columns. */
export interface ImportPreview extends ImportReport {
  /** The columns of the table and the lead column each is assigned to; null for none. */
  columns: { heading: string; name: string; column: string | null }[];
  /** The first rows, with a value for each column. */
  preview: { line: number; values: string[] }[];
}

/** What an import calls while it runs. */
export interface ImportHooks {
  /** After each batch, with the number of rows that were handled and the total. */
  progress?(done: number, total: number): Promise<void>;
  /** Before the commit, in the transaction of the rows. */
  beforeCommit?(ctx: Context, report: ImportReport): Promise<void>;
  /** With the invalid rows of each batch; in the transaction of the rows, unless it is a dry run. */
  invalid?(ctx: Context, rows: InvalidRecord[]): Promise<void>;
}

const BATCH_SIZE = 1000;
const PREVIEW_ROWS = 10;

/**
 * Imports the leads of a table.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no row, no column is assigned to "Name", or the mapping does not match the table;
 *   `CONFLICT` when another import takes too long
 */
export async function importLeads(
  ctx: Context,
  table: Table,
  options: ImportOptions,
  hooks: ImportHooks = {},
): Promise<ImportReport | ImportPreview> {
  requireRole(ctx, "manager");
  const { dryRun, mapping = {}, duplicates: handling } = options;
  const fields = matchColumns(table.columns, mapping);
  if (table.rowCount === 0) {
    refuse("INVALID_REQUEST", { field: "file", reason: "unreadable", problem: "no_rows" });
  }
  const begin = (): ImportRun => {
    const writer = new ReportWriter({ table, fields, handling, dryRun });
    if (!fields.includes("name")) reportMissingName(writer.report, table.headingLine);
    return { table, fields, writer, handling, finder: new DuplicateFinder() };
  };
  if (!dryRun && table.rowCount === 0) {
    refuse("INVALID_REQUEST", { field: "file", reason: "unreadable", problem: "no_rows" });
  }
  if (dryRun) {
    const run = begin();
    await importBatches(ctx, run, hooks);
    return { ...run.writer.report, columns: columnsOf(table, fields), preview: previewOf(table) };
  }
  return await inTransaction(ctx, async (ctx) => {
    // A transaction may run again, and then begins with an empty report.
    const run = begin();
    await lockImports(ctx);
    await importBatches(ctx, run, hooks);
    await hooks.beforeCommit?.(ctx, run.writer.report);
    return run.writer.report;
  });
}

/** What the batches of an import have in common. */
interface ImportRun {
  table: Table;
  fields: (LeadField | null)[];
  writer: ReportWriter;
  handling: ImportOptions["duplicates"];
  finder: DuplicateFinder;
}

async function importBatches(ctx: Context, run: ImportRun, hooks: ImportHooks): Promise<void> {
  const { report } = run.writer;
  for (const batch of batchesOf(run.table)) {
    const invalid = await importBatch(ctx, run, batch);
    report.rows += batch.length;
    if (invalid.length > 0) await hooks.invalid?.(ctx, invalid);
    await hooks.progress?.(report.rows, run.table.rowCount);
  }
}

function* batchesOf(table: Table): Generator<TableRecord[]> {
  let batch: TableRecord[] = [];
  for (const row of table.rows()) {
    batch.push(row);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Imports some rows, or checks them in a dry run; returns the invalid ones. */
async function importBatch(ctx: Context, run: ImportRun, rows: TableRecord[]): Promise<InvalidRecord[]> {
  const { table, fields, writer, handling, finder } = run;
  const { report } = writer;
  const invalid: InvalidRecord[] = [];
  const valid: ImportedRecord[] = [];
  for (const row of rows) {
    const lead = fields.includes("name")
      ? validateRow(readValues(row.cells, fields, table.format))
      : [{ field: columnName("name"), message: "is required" }];
    if (!Array.isArray(lead)) valid.push({ ...row, lead });
    else if (fields.includes("name")) invalid.push(writer.addInvalid(row, lead));
    else report.failed++;
  }
  const saved: SavedRecord[] = [];
  for (const { row, original, accepted } of await finder.find(ctx, valid, handling === "add")) {
    if (original) {
      writer.addDuplicate({
        line: row.line,
        name: row.lead.name,
        ofLine: "accepted" in original ? original.accepted.line : null,
        ofLeadId: "leadId" in original ? original.leadId : null,
      });
    }
    if (accepted) saved.push({ row, accepted });
    else if (handling === "skip") {
      report.skipped++;
      continue;
    } else if (original) {
      report.updated++;
      const update = updateOf(row, original);
      if (update) saved.push(update);
    }
    report.imported++;
  }
  const refused = (row: SavedRecord, errors: CellError[]): void => {
    report.imported--;
    if ("leadId" in row) report.updated--;
    else finder.forget(row.accepted);
    invalid.push(writer.addInvalid(row.row, errors));
  };
  const outdated = await getOutdated(
    ctx,
    saved.flatMap((row) => "leadId" in row ? [{ leadId: row.leadId, lead: row.row.lead }] : []),
  );
  const isOutdated = (row: SavedRecord) =>
    "leadId" in row && row.row.lead.revision && outdated.has(row.leadId);
  for (const row of saved.filter(isOutdated)) refused(row, [outdatedRow]);
  if (!report.dryRun) await saveRows(ctx, saved.filter((row) => !isOutdated(row)), refused);
  for (const row of saved) if ("accepted" in row) row.accepted.pending = null;
  return invalid;
}

const outdatedRow: CellError = {
  field: columnName("revision"),
  message:
    "is outdated: the lead was changed since the table was exported. Export it again, or clear this cell to replace the current values",
};

/** The update that a duplicate makes; null when the earlier row is not saved yet and takes over its values. */
function updateOf(
  row: ImportedRecord,
  original: { accepted: AcceptedRecord } | { leadId: number },
): SavedRecord | null {
  if ("leadId" in original) return { row, leadId: original.leadId };
  const { accepted } = original;
  if (accepted.pending) mergeRow(accepted.pending.lead, row.lead);
  return accepted.id === null ? null : { row, leadId: accepted.id };
}

function columnsOf({ columns }: Table, fields: (LeadField | null)[]): ImportPreview["columns"] {
  return columns.map(({ heading, name }, at) => {
    const field = fields[at];
    return { heading, name, column: field === null ? null : columnName(field) };
  });
}

function previewOf(table: Table): ImportPreview["preview"] {
  return table.rows().take(PREVIEW_ROWS).map(({ line, cells }) => ({ line, values: cells })).toArray();
}

/** Refuses a table without a name column. A dry run reports it and continues, so that the user can assign the column. */
function reportMissingName(report: ImportReport, line: number): void {
  if (!report.dryRun) {
    refuse("INVALID_REQUEST", { field: "file", reason: "no_name_column", known: knownHeadings });
  }
  const message = `The table needs a column "Name". Known columns: ${knownHeadings.join(", ")}.`;
  report.errors.push({ line, field: "Name", message });
}
