// The sentences of what was read in one of several possible ways.
import type { TableWarning } from "../sheets/table.ts";

export function describeWarning({ code, column }: TableWarning): string {
  switch (code) {
    case "duplicate_heading":
      return `"${column}" has the heading of an earlier column. The first is taken; this one can be chosen instead.`;
    case "extra_cells":
      return "The row has more cells than there are headings. They are left out.";
    case "stray_quote":
      return "A quote within a value is taken as a character.";
    case "backslash_quote":
      return String.raw`\" is taken as a quote.`;
    case "control_characters":
      return "Characters that cannot be shown are removed.";
    case "formula_without_result":
      return `The formula in "${column}" has no stored result, so the cell is empty. Open the file in a spreadsheet program and save it.`;
    case "error_value":
      return `"${column}" shows an error, such as #DIV/0!. The cell is taken as empty.`;
  }
}
