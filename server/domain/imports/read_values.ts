// Values of imported cells: cells that say "nothing" are empty, and the apostrophe of an exported CSV cell is removed.
import type { ImportedKind, ImportedValues } from "./imported_kind.ts";
import { restoreText } from "../sheets/csv_cells.ts";
import type { TableFormat } from "../sheets/table.ts";

/** What people write into a cell that has no value, in lower case. "NA" is not among them: it is Namibia. */
const nothing = new Set(["n/a", "n.a.", "#n/a", "none", "null", "nil", "-", "--", "–", "—"]);

/** The values of a row by field. A field without a value is left out. */
export type RowValues = Record<string, string>;

/**
 * Reads the cells of a row.
 *
 * @param fields the field of each cell; null for an ignored column
 */
export function readValues(
  { readCell, verbatim }: Pick<ImportedKind<ImportedValues>, "readCell" | "verbatim">,
  cells: string[],
  fields: (string | null)[],
  format: TableFormat,
): RowValues {
  const values: RowValues = {};
  fields.forEach((field, at) => {
    if (field === null || !cells[at]) return;
    const value = readCell(field, format === "csv" ? restoreText(cells[at]) : cells[at]);
    if (value && (verbatim.includes(field) || !nothing.has(value.toLowerCase()))) values[field] = value;
  });
  return values;
}
