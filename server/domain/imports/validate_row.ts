// Validation of the rows of an imported table, each for itself.
import type { z } from "zod";
import { safeParse } from "../safe_parse.ts";
import { columnName } from "./columns.ts";
import type { CellError, ImportedKind, ImportedValues } from "./imported_kind.ts";
import type { RowValues } from "./read_values.ts";

/** Validates the values of a row. */
export function validateRow<Row extends ImportedValues>(
  kind: ImportedKind<Row>,
  values: RowValues,
): Row | CellError[] {
  const parsed = safeParse(kind.schema as z.ZodType<Row>, values);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return { field: columnName(kind, name), message: messageOf(issue, values[name]) };
  });
}

function messageOf(issue: z.core.$ZodIssue, value: string | undefined): string {
  if (value === undefined) return "is required";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code === "too_big" && issue.origin === "array") {
    return `must have at most ${issue.maximum} entries`;
  }
  if (issue.code === "too_big") return `must have at most ${issue.maximum} characters`;
  return issue.code === "invalid_union" ? "is not an email address" : issue.message;
}
