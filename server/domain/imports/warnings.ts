// The sentences of what was read in one of several possible ways.
import type { TableWarning } from "../sheets/table.ts";

export function describeWarning({ code, column }: TableWarning): string {
  switch (code) {
    case "duplicate_heading":
      return `"${column}" repeats the heading of an earlier column. The first one is used; you can map this one instead.`;
    case "extra_cells":
      return "The row has more cells than the header row. The extra cells are ignored.";
    case "stray_quote":
      return "A quote within a value is read as text.";
    case "backslash_quote":
      return String.raw`\" is read as a quote.`;
    case "control_characters":
      return "Characters that cannot be shown are removed.";
    case "formula_without_result":
      return `The formula in "${column}" has no stored result, so the cell is empty. Open the file in a spreadsheet program and save it.`;
    case "error_value":
      return `"${column}" shows an error, such as #DIV/0!. The cell is read as empty.`;
  }
}
