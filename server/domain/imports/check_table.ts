// The invalid rows of a table, as a table that can be corrected and imported.
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuse } from "../errors.ts";
import { getJob } from "../jobs/job.ts";
import { listInvalidRows } from "../jobs/invalid_rows.ts";
import type { ExportFormat } from "../list_inputs.ts";
import { readTable } from "../sheets/read_table.ts";
import { writeSheet } from "../sheets/write.ts";
import { readOptionsOf } from "./columns.ts";
import type { ImportedKind, ImportedValues } from "./imported_kind.ts";
import { importRows } from "./import_rows.ts";
import type { ImportOptions } from "./inputs.ts";
import { type ImportReport, type InvalidRecord, invalidRowCells } from "./report.ts";
import { MAX_IMMEDIATE_SIZE } from "./request_import.ts";

/**
 * Checks a small table; writes its invalid rows.
 *
 * @throws DomainError `PAYLOAD_TOO_LARGE` for more than 1 MiB; those of `importRows`
 */
export async function checkTable<Row extends ImportedValues>(
  ctx: Context,
  kind: ImportedKind<Row>,
  file: Uint8Array<ArrayBuffer>,
  { format, ...options }: Omit<ImportOptions, "dryRun"> & { format: ExportFormat },
): Promise<ReadableStream<Uint8Array>> {
  requireRole(ctx, "manager");
  if (file.length > MAX_IMMEDIATE_SIZE) refuse("PAYLOAD_TOO_LARGE", { maxBytes: MAX_IMMEDIATE_SIZE });
  const table = await readTable(file, readOptionsOf(kind, options));
  const rows: InvalidRecord[] = [];
  const { invalidRows } = await importRows(ctx, kind, table, { ...options, dryRun: true }, {
    invalid: (_, found) => {
      rows.push(...found);
      return Promise.resolve();
    },
  });
  return await writeSheet(format, invalidRowCells(invalidRows.columns), iterate(rows));
}

/**
 * Writes the invalid rows of a finished job.
 *
 * @throws DomainError `NOT_FOUND` when the job imported no table
 */
export async function exportInvalidRows(
  ctx: Context,
  { id, format }: { id: number; format: ExportFormat },
): Promise<ReadableStream<Uint8Array>> {
  const { kind, result } = await getJob(ctx, id);
  if (!kind.startsWith("import_") || !result) refuse("NOT_FOUND", { subject: "job", field: "id" });
  const { columns } = (result as unknown as ImportReport).invalidRows;
  return await writeSheet(format, invalidRowCells(columns), listInvalidRows(ctx, id));
}

async function* iterate(rows: InvalidRecord[]): AsyncGenerator<InvalidRecord> {
  yield* await Promise.resolve(rows);
}
