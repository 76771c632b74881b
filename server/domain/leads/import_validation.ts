// Validation of the rows of an imported table, each for itself.
import type { z } from "zod";
import { safeParse } from "../safe_parse.ts";
import { columnName, type LeadField, type TableLead, tableLead } from "./columns.ts";
import type { RowValues } from "./import_values.ts";

/** What is wrong in a column of a row. */
export interface CellError {
  /** The heading of the lead field; "" for the whole row. */
  field: string;
  message: string;
}

/** Validates the values of a row. */
export function validateRow(values: RowValues): TableLead | CellError[] {
  const parsed = safeParse(tableLead, values);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map((issue) => {
    const name = issue.path[0] as LeadField;
    return { field: columnName(name), message: messageOf(issue, values[name]) };
  });
}

function messageOf(issue: z.core.$ZodIssue, value: string | undefined): string {
  if (value === undefined) return "is required";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code === "too_big") return `must have at most ${issue.maximum} characters`;
  return issue.code === "invalid_union" ? "is not an email address" : issue.message;
}
