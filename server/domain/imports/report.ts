// The report of an import: counts, errors, duplicates, the rows that could not be saved, and how the file was read. The
// report of a job is stored as JSON, so that its lists are bounded.
import { columnName, fieldNamed } from "./columns.ts";
import type { AnyKind, CellError, ImportNoun } from "./imported_kind.ts";
import type { DuplicateHandling } from "./inputs.ts";
import { normalizeHeading, type Table, type TableRecord, type TableSheet } from "../sheets/table.ts";
import { describeWarning } from "./warnings.ts";

export interface RowError extends CellError {
  line: number;
}

/** A row that could not be saved. */
export interface InvalidRecord {
  line: number;
  /** Its cells as they are in the file, one for each column of `InvalidRows`. */
  cells: string[];
  errors: CellError[];
}

export interface InvalidRows {
  /** The headings with which the rows can be imported again once they are corrected. */
  columns: string[];
  /** The first rows. */
  rows: InvalidRecord[];
  /** Whether `rows` has all of them. */
  isComplete: boolean;
}

/** A row that is a duplicate of an earlier row of the file or of an existing object, whose id has the name of its kind. */
export interface DuplicateRecord {
  line: number;
  name: string;
  ofLine: number | null;
  ofLeadId?: number | null;
  ofCustomerId?: number | null;
  ofLicenseId?: number | null;
  ofDeviceId?: number | null;
}

/** What `addDuplicate` takes. */
interface Duplicate {
  line: number;
  name: string;
  ofLine: number | null;
  ofId: number | null;
}

const referenceNames = {
  lead: "ofLeadId",
  customer: "ofCustomerId",
  license: "ofLicenseId",
  device: "ofDeviceId",
} as const satisfies Record<
  ImportNoun,
  string
>;

export interface ImportReport {
  /** Rows of the table. */
  rows: number;
  /** Rows that were saved, or would be in a dry run; updates included. */
  imported: number;
  /** Of those, duplicates that updated an object. */
  updated: number;
  /** Duplicates that were left out. */
  skipped: number;
  failed: number;
  /** Customers that are created on the way; absent where none can be. */
  newCustomers?: number;
  /** The first errors. */
  errors: RowError[];
  dryRun: boolean;
  duplicates: {
    handling: DuplicateHandling;
    inFile: number;
    existing: number;
    /** The first ones. */
    rows: DuplicateRecord[];
  };
  invalidRows: InvalidRows;
  /** How the file was read. */
  table: TableReading;
}

export interface TableReading {
  format: string;
  encoding: string | null;
  separator: string | null;
  /** The sheet that was read; null for a text file. */
  sheet: string | null;
  sheets: Pick<TableSheet, "name" | "hidden" | "rowCount">[];
  headingLine: number;
  /** The first ones. */
  warnings: { code: string; line: number; column: string | null; message: string }[];
  warningCount: number;
}

/** Entries of each list of a report; further ones are only counted. */
const MAX_ENTRIES = 1000;
/** Characters of the invalid rows in a report. */
const MAX_ROW_TEXT = 1_000_000;

/** What `ReportWriter` reports of a table. */
export interface ReportedTable {
  kind: AnyKind;
  table: Table;
  fields: (string | null)[];
  handling: DuplicateHandling;
  dryRun: boolean;
}

/** Collects the report of an import. */
export class ReportWriter {
  readonly report: ImportReport;
  private readonly kept: number[];
  private rowText = 0;
  private readonly noun: ImportNoun;

  /** @param reported what was reported of the first rows, whose report goes on */
  constructor(private readonly of: ReportedTable, reported?: ImportReport) {
    const { kind, table, fields, handling, dryRun } = of;
    this.noun = kind.noun;
    this.kept = table.columns.flatMap(({ heading }, at) =>
      fields[at] === null && isOurs(heading) ? [] : [at]
    );
    if (reported) {
      this.report = structuredClone(reported);
      for (const { cells } of reported.invalidRows.rows) this.rowText += textLength(cells);
      return;
    }
    this.report = {
      rows: 0,
      imported: 0,
      updated: 0,
      skipped: 0,
      failed: 0,
      errors: [],
      dryRun,
      duplicates: { handling, inFile: 0, existing: 0, rows: [] },
      invalidRows: { columns: invalidRowColumns(kind, table, fields, this.kept), rows: [], isComplete: true },
      table: readingOf(table),
    };
  }

  /** Another one that goes on with the report as it is now. */
  copy(): ReportWriter {
    return new ReportWriter(this.of, this.report);
  }

  /** Counts a row that is not saved, with what is wrong. Returns it as it is reported. */
  addInvalid({ line, cells }: TableRecord, errors: CellError[]): InvalidRecord {
    const { report } = this;
    report.failed++;
    const room = MAX_ENTRIES - report.errors.length;
    report.errors.push(...errors.slice(0, room).map((error) => ({ line, ...error })));
    const row = { line, cells: this.kept.map((at) => cells[at] ?? ""), errors };
    const { invalidRows } = report;
    this.rowText += textLength(row.cells);
    if (invalidRows.rows.length < MAX_ENTRIES && this.rowText <= MAX_ROW_TEXT) invalidRows.rows.push(row);
    else invalidRows.isComplete = false;
    return row;
  }

  addDuplicate({ ofId, ...duplicate }: Duplicate): void {
    const { duplicates } = this.report;
    if (duplicate.ofLine === null) duplicates.existing++;
    else duplicates.inFile++;
    if (duplicates.rows.length < MAX_ENTRIES) {
      duplicates.rows.push({ ...duplicate, [referenceNames[this.noun]]: ofId });
    }
  }
}

const textLength = (cells: string[]) => cells.reduce((length, cell) => length + cell.length, 0);

/** Whether a column is one that we add to the invalid rows. */
function isOurs(heading: string): boolean {
  return [LINE, ERRORS].some((ours) => normalizeHeading(ours) === normalizeHeading(heading));
}

const LINE = "Line";
const ERRORS = "Errors";

/**
 * The headings of a download of invalid rows: those of exports for assigned columns, so that the corrected file needs no
 * mapping, and the file's own for the others, changed where they would be taken for one of exports.
 */
function invalidRowColumns(
  kind: AnyKind,
  table: Table,
  fields: (string | null)[],
  kept: number[],
): string[] {
  const used = new Set(kept.flatMap((at) => fields[at] === null ? [] : [columnName(kind, fields[at])]));
  return kept.map((at) => {
    const field = fields[at];
    if (field !== null) return columnName(kind, field);
    let heading = table.columns[at].name;
    if (fieldNamed(kind, heading) !== null || used.has(heading)) heading += " (not imported)";
    while (used.has(heading)) heading += " ";
    used.add(heading);
    return heading;
  });
}

function readingOf(table: Table): TableReading {
  return {
    format: table.format,
    encoding: table.encoding,
    separator: table.separator,
    sheet: table.sheet,
    sheets: table.sheet === null
      ? []
      : table.sheets.map(({ name, hidden, rowCount }) => ({ name, hidden, rowCount })),
    headingLine: table.headingLine,
    warnings: table.warnings.map((warning) => ({ ...warning, message: describeWarning(warning) })),
    warningCount: table.warningCount,
  };
}

/** A download of invalid rows, by heading. */
export function invalidRowCells(columns: string[]): Record<string, (row: InvalidRecord) => string | number> {
  return {
    ...Object.fromEntries(columns.map((heading, at) => [heading, (row: InvalidRecord) => row.cells[at]])),
    [LINE]: (row) => row.line,
    [ERRORS]: (row) =>
      row.errors.map(({ field, message }) => field ? `${field} ${message}` : message).join("; "),
  };
}
