// The sentences of what was read in one of several possible ways.
import type { TableWarning, TableWarningCode } from "../sheets/table.ts";

const sentences: Record<TableWarningCode, (column: string) => string> = {
  duplicate_heading: (column) =>
    `Two columns have the heading of "${column}". The first is taken; the others can be chosen.`,
  extra_cells: () => "The row has more cells than there are headings. They are left out.",
  stray_quote: () => "A quote within a value is taken as a character.",
  backslash_quote: () => String.raw`\" is taken as a quote.`,
  control_characters: () => "Characters that cannot be shown are removed.",
  formula_without_result: (column) =>
    `The formula in "${column}" has no stored result, so the cell is empty. Open and save the file in a spreadsheet program.`,
  error_value: (column) => `"${column}" shows an error, such as #DIV/0!. The cell is taken as empty.`,
};

export function describeWarning({ code, column }: TableWarning): string {
  return sentences[code](column ?? "");
}
