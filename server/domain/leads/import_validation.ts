// Validation of the rows of an imported table; errors are reported by line and column.
import type { z } from "zod";
import { columnName, type LeadField, type TableLead, tableLead } from "./columns.ts";

export interface RowError {
  line: number;
  field: string;
  message: string;
}

/** Counters and errors of an import; the report of a job is stored as JSON. */
export interface ImportReport {
  /** Rows of the table. */
  rows: number;
  /** Valid rows, which are imported unless `dryRun` is set. */
  imported: number;
  failed: number;
  /** The first errors. */
  errors: RowError[];
  dryRun: boolean;
}

/** Errors a report contains at most; further ones are only counted. */
const MAX_ERRORS = 1000;

/**
 * Validates a row and counts it in the report.
 *
 * @param fields the field of each cell; null for an ignored column
 * @returns null when the row is not valid; its errors are then in the report
 */
export function validateRow(
  report: ImportReport,
  line: number,
  cells: string[],
  fields: (LeadField | null)[],
): TableLead | null {
  if (!fields.includes("name")) {
    report.failed++;
    return null;
  }
  const given: Partial<Record<LeadField, string>> = {};
  fields.forEach((field, at) => {
    if (field && cells[at]) given[field] = cells[at];
  });
  // Exports prefix cells that look like formulas with an apostrophe, which is not part of the value.
  for (const [name, value] of Object.entries(given)) {
    given[name as LeadField] = value.replace(/^'(?=[=+\-@])/, "");
  }
  if (given.type) given.type = given.type.toLowerCase();
  if (given.stage) given.stage = given.stage.toLowerCase();
  const parsed = tableLead.safeParse(given);
  const isNameless = (given.contactEmail || given.contactPhone || given.contactPosition) &&
    !given.contactName;
  if (parsed.success && isNameless) parsed.data.contactName = given.contactEmail ?? "Unknown";
  if (parsed.success) {
    report.imported++;
    return parsed.data;
  }
  report.failed++;
  for (const issue of parsed.error.issues) {
    if (report.errors.length >= MAX_ERRORS) break;
    const name = issue.path[0] as LeadField;
    report.errors.push({ line, field: columnName(name), message: messageOf(issue, given[name]) });
  }
  return null;
}

function messageOf(issue: z.core.$ZodIssue, value: string | undefined): string {
  if (value === undefined) return "is required";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum} characters long`;
  return issue.code === "invalid_union" ? "is not an email address" : issue.message;
}
