// What the cells of an imported row mean: words for "nothing" are empty, one-line fields are one line, the apostrophe
// of an exported CSV cell is removed.
import type { LeadField } from "./columns.ts";
import { restoreText } from "../sheets/csv_cells.ts";
import type { TableFormat } from "../sheets/table.ts";
import { cleanLine } from "../text.ts";

/** What people write into a cell that has no value, in lower case. "NA" is not among them: it is Namibia. */
const nothing = new Set(["n/a", "n.a.", "#n/a", "none", "null", "nil", "-", "--", "–", "—"]);

/** The values of a row by field. A field without a value is left out. */
export type RowValues = Partial<Record<LeadField, string>>;

/**
 * Reads the cells of a row.
 *
 * @param fields the field of each cell; null for an ignored column
 */
export function readValues(
  cells: string[],
  fields: (LeadField | null)[],
  format: TableFormat,
): RowValues {
  const values: RowValues = {};
  fields.forEach((field, at) => {
    if (field === null || !cells[at]) return;
    const value = valueOf(field, format === "csv" ? restoreText(cells[at]) : cells[at]);
    if (value) values[field] = value;
  });
  return values;
}

function valueOf(field: LeadField, cell: string): string {
  const value = field === "notes" ? cell.trim() : cleanLine(cell, Infinity);
  if (field === "name") return value;
  if (nothing.has(value.toLowerCase())) return "";
  if (field === "stage") return value.toLowerCase();
  // A type is an identifier; people write "Public library".
  return field === "type" ? value.toLowerCase().replaceAll(" ", "_") : value;
}
