// Import of a table. Valid rows are saved in one transaction, in batches, so that a table of 100,000 rows takes
// seconds and little memory; the others are reported.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuse } from "../errors.ts";
import type { Table, TableRecord } from "../sheets/table.ts";
import { columnName, matchColumns } from "./columns.ts";
import type {
  AnyKind,
  CellError,
  DuplicateFinder,
  ImportedKind,
  ImportedRecord,
  ImportedValues,
  Original,
} from "./imported_kind.ts";
import type { ImportOptions } from "./inputs.ts";
import { lockImports } from "./lock.ts";
import { readValues } from "./read_values.ts";
import { type ImportReport, type InvalidRecord, ReportWriter } from "./report.ts";
import { type SavedRecord, saveRows } from "./save_rows.ts";
import { validateRow } from "./validate_row.ts";

/** The report of a dry run, with which a user assigns the columns. */
export interface ImportPreview extends ImportReport {
  /** The columns of the table and the field each is assigned to; null for none. */
  columns: { heading: string; name: string; column: string | null }[];
  /** The first rows, with a value for each column. */
  preview: { line: number; values: string[] }[];
}

/** What an import calls while it runs. */
export interface ImportHooks {
  /** After each batch of an import in one transaction, with the number of rows that were handled and the total. */
  progress?(done: number, total: number): Promise<void>;
  /** Before the commit, in the transaction of the rows, or in one of its own after those of the batches. */
  beforeCommit?(ctx: Context, report: ImportReport): Promise<void>;
  /** With the invalid rows of each batch, and the report with them; in the transaction of the rows, unless it is a dry run. */
  invalid?(ctx: Context, rows: InvalidRecord[], report: ImportReport): Promise<void>;
  /**
   * Where it is given, a kind whose finder has `next` is saved in a transaction for each batch, so that what its rows lock is
   * locked for a moment. Called in each of them with the report so far.
   */
  batchSaved?(ctx: Context, report: ImportReport, total: number): Promise<void>;
  /** The report so far of an import that goes on. */
  resume?: ImportReport | null;
}

const BATCH_SIZE = 1000;
const PREVIEW_ROWS = 10;

/**
 * Imports the rows of a table.
 *
 * @throws DomainError `INVALID_REQUEST` when there is no row, a required column is missing, or the mapping does not match the table;
 *   `CONFLICT` when another import takes too long
 */
export async function importRows<Row extends ImportedValues>(
  ctx: Context,
  kind: ImportedKind<Row>,
  table: Table,
  options: ImportOptions,
  hooks: ImportHooks = {},
): Promise<ImportReport | ImportPreview> {
  requireRole(ctx, "manager");
  const { dryRun, mapping = {}, duplicates: handling } = options;
  const fields = matchColumns(kind, table.columns, mapping);
  if (table.rowCount === 0) {
    refuse("INVALID_REQUEST", { field: "file", reason: "unreadable", problem: "no_rows" });
  }
  const inBatches = hooks.batchSaved !== undefined;
  const begin = (resume?: ImportReport | null): ImportRun<Row> => {
    const writer = new ReportWriter({ kind, table, fields, handling, dryRun }, resume ?? undefined);
    const missing = kind.required.filter((field) => !fields.includes(field));
    if (missing.length > 0 && !resume) reportMissing(kind, missing[0], writer.report, table.headingLine);
    return {
      kind,
      table,
      fields,
      missing,
      writer,
      handling,
      finder: kind.createFinder({ ...options, inBatches }),
    };
  };
  if (dryRun) {
    const run = begin();
    await importBatches(ctx, run, hooks);
    return { ...run.writer.report, columns: columnsOf(kind, table, fields), preview: previewOf(table) };
  }
  const first = begin(hooks.resume);
  if (inBatches && first.finder.next) return await importInTransactions(ctx, first, hooks);
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
interface ImportRun<Row extends ImportedValues> {
  kind: ImportedKind<Row>;
  table: Table;
  fields: (string | null)[];
  /** Required fields that no column is assigned to. */
  missing: string[];
  writer: ReportWriter;
  handling: ImportOptions["duplicates"];
  finder: DuplicateFinder<Row>;
}

/** Saves each batch in a transaction of its own, from the first row that has no report. */
async function importInTransactions<Row extends ImportedValues>(
  ctx: Context,
  run: ImportRun<Row>,
  hooks: ImportHooks,
): Promise<ImportReport> {
  let position = 0;
  for (const batch of batchesOf(run.table)) {
    position += batch.length;
    if (position <= run.writer.report.rows) continue;
    const before = run;
    run = await inTransaction(ctx, async (ctx) => {
      // A transaction may run again, and then begins with the report before it.
      const attempt = { ...before, writer: before.writer.copy(), finder: before.finder.next!() };
      await lockImports(ctx);
      const invalid = await importBatch(ctx, attempt, batch);
      const { report } = attempt.writer;
      report.rows += batch.length;
      if (invalid.length > 0) await hooks.invalid?.(ctx, invalid, report);
      await hooks.batchSaved?.(ctx, report, run.table.rowCount);
      return attempt;
    });
  }
  const { report } = run.writer;
  await inTransaction(ctx, async (ctx) => await hooks.beforeCommit?.(ctx, report));
  return report;
}

async function importBatches<Row extends ImportedValues>(
  ctx: Context,
  run: ImportRun<Row>,
  hooks: ImportHooks,
): Promise<void> {
  const { report } = run.writer;
  for (const batch of batchesOf(run.table)) {
    const invalid = await importBatch(ctx, run, batch);
    report.rows += batch.length;
    if (invalid.length > 0) await hooks.invalid?.(ctx, invalid, report);
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
async function importBatch<Row extends ImportedValues>(
  ctx: Context,
  run: ImportRun<Row>,
  rows: TableRecord[],
): Promise<InvalidRecord[]> {
  const { kind, table, fields, missing, writer, handling, finder } = run;
  const { report } = writer;
  const invalid: InvalidRecord[] = [];
  const valid: ImportedRecord<Row>[] = [];
  for (const row of rows) {
    if (missing.length > 0) {
      report.failed++;
      continue;
    }
    const values = validateRow(kind, readValues(kind, row.cells, fields, table.format));
    if (Array.isArray(values)) invalid.push(writer.addInvalid(row, values));
    else valid.push({ ...row, values });
  }
  const saved: SavedRecord<Row>[] = [];
  for (const { row, original, accepted, errors } of await finder.find(ctx, valid, handling === "add")) {
    if (errors) {
      invalid.push(writer.addInvalid(row, errors));
      continue;
    }
    if (original) {
      writer.addDuplicate({
        line: row.line,
        name: kind.nameOf(row.values),
        ofLine: "accepted" in original ? original.accepted.line : null,
        ofId: "existingId" in original ? original.existingId : null,
      });
    }
    if (accepted) saved.push({ row, accepted });
    else if (handling === "skip") {
      report.skipped++;
      continue;
    } else if (original && handling === "refuse") {
      invalid.push(writer.addInvalid(row, [duplicateRow(kind, original)]));
      continue;
    } else if (original) {
      report.updated++;
      const update = updateOf(row, original);
      if (update) saved.push(update);
    }
    report.imported++;
  }
  const refused = (row: SavedRecord<Row>, errors: CellError[]): void => {
    report.imported--;
    if ("existingId" in row) report.updated--;
    else finder.forget(row.accepted);
    invalid.push(writer.addInvalid(row.row, errors));
  };
  const exported = saved.flatMap((row) =>
    "existingId" in row && row.row.values.revision ? [{ id: row.existingId, values: row.row.values }] : []
  );
  const outdated = exported.length > 0 ? await kind.getOutdated(ctx, exported) : new Set<number>();
  const isOutdated = (row: SavedRecord<Row>) =>
    "existingId" in row && row.row.values.revision && outdated.has(row.existingId);
  for (const row of saved.filter(isOutdated)) refused(row, [outdatedRow(kind)]);
  if (!report.dryRun) await saveRows(ctx, kind, saved.filter((row) => !isOutdated(row)), refused);
  for (const row of saved) if ("accepted" in row) row.accepted.pending = null;
  if (finder.newCustomers) report.newCustomers = finder.newCustomers();
  return invalid;
}

const duplicateRow = <Row>(kind: AnyKind, original: Original<Row>): CellError => ({
  field: "",
  message: "accepted" in original
    ? `repeats row ${original.accepted.line}`
    : `is an existing ${kind.noun}, number ${original.existingId}`,
});

const outdatedRow = (kind: AnyKind): CellError => ({
  field: columnName(kind, "revision"),
  message:
    `is outdated: the ${kind.noun} was changed since the table was exported. Export it again, or clear this cell to replace the current values`,
});

/** The update that a duplicate makes; null when the earlier row is not saved yet and takes over its values. */
function updateOf<Row extends ImportedValues>(
  row: ImportedRecord<Row>,
  original: Original<Row>,
): SavedRecord<Row> | null {
  if ("existingId" in original) return { row, existingId: original.existingId };
  const { accepted } = original;
  if (accepted.pending) mergeRow(accepted.pending.values, row.values);
  return accepted.id === null ? null : { row, existingId: accepted.id };
}

/** Overwrites the values of a row that is not saved yet by those of a later duplicate. */
function mergeRow<Row extends ImportedValues>(row: Row, later: Row): void {
  Object.assign(
    row,
    Object.fromEntries(Object.entries(later).filter(([, value]) => value !== undefined && value !== null)),
  );
}

function columnsOf(
  kind: AnyKind,
  { columns }: Table,
  fields: (string | null)[],
): ImportPreview["columns"] {
  return columns.map(({ heading, name }, at) => {
    const field = fields[at];
    return { heading, name, column: field === null ? null : columnName(kind, field) };
  });
}

function previewOf(table: Table): ImportPreview["preview"] {
  return table.rows().take(PREVIEW_ROWS).map(({ line, cells }) => ({ line, values: cells })).toArray();
}

/** Refuses a table without a required column. A dry run reports it and continues, so that the user can assign it. */
function reportMissing(kind: AnyKind, field: string, report: ImportReport, line: number): void {
  const { headings } = kind;
  const column = columnName(kind, field);
  if (!report.dryRun) {
    const known = [...headings];
    if (field === "name") refuse("INVALID_REQUEST", { field: "file", reason: "no_name_column", known });
    refuse("INVALID_REQUEST", { field: "file", reason: "missing_column", value: column, known });
  }
  const message = `The table needs a column "${column}". Known columns: ${headings.join(", ")}.`;
  report.errors.push({ line, field: column, message });
}
