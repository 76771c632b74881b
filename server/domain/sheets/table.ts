// What the reader of uploaded tables returns, whatever the format: headings, rows by line, sheets and warnings.

/** A format that is read. */
export type TableFormat = "csv" | "xlsx" | "xls" | "xlsb" | "ods";

/** A column of a table. Columns right of the last one with a heading are not columns. */
export interface TableColumn {
  /** The heading as the file has it, with each run of blanks and line breaks as one blank; can be empty. */
  heading: string;
  /** A unique name: the heading, "Email (2)" for the second column of that heading, "Column 3" for an empty one. */
  name: string;
}

/** A sheet of a workbook; a text file has one without a name. */
export interface TableSheet {
  name: string;
  hidden: boolean;
  /** The line of the headings, counted from 1; null when the sheet is empty. */
  headingLine: number | null;
  columns: TableColumn[];
  /** Rows below the headings that have a value. */
  rowCount: number;
}

/** A row that has a value in at least one column. */
export interface TableRecord {
  /** The line of the text file where the row begins, or the row number of the sheet; counted from 1. */
  line: number;
  /**
   * A cell for each column, trimmed; "" for an empty one. Line breaks within a cell are "\n". Dates are "2026-03-31" or
   * "2026-03-31 14:30", times "09:05". No cell contains NUL, other control characters than tab and line feed, U+FFFD or
   * a lone surrogate.
   */
  cells: string[];
}

export type TableWarningCode =
  /** Two columns have the same heading. */
  | "duplicate_heading"
  /** Cells beyond the last column are ignored. */
  | "extra_cells"
  /** A quote within a value is taken as a character. */
  | "stray_quote"
  /** `\"` is taken as a quote within a quoted value. */
  | "backslash_quote"
  /** Control characters are removed. */
  | "control_characters"
  /** A formula has no stored result; the cell is empty. */
  | "formula_without_result"
  /** The cell shows an error such as #DIV/0!; it is empty. */
  | "error_value";

/** Something in the file that is read in one of several possible ways. */
export interface TableWarning {
  code: TableWarningCode;
  line: number;
  /** The name of the column, or the letter of a column without one; null for the whole row. */
  column: string | null;
}

/** A table that was read completely. It is held outside of the heap, and its rows are decoded in batches. */
export interface Table {
  format: TableFormat;
  /** The encoding of a text file, such as "utf-8" or "windows-1252"; null for a workbook. */
  encoding: string | null;
  /** The separator of a text file; null for a workbook. */
  separator: string | null;
  sheets: TableSheet[];
  /** The sheet the columns and rows are of; null for a text file. */
  sheet: string | null;
  /** The line of the headings. */
  headingLine: number;
  columns: TableColumn[];
  rowCount: number;
  /** The rows in the order of the file. Each call begins with the first row again. */
  rows(): Generator<TableRecord>;
  /** The first 100 warnings in the order of the file. */
  warnings: TableWarning[];
  /** Warnings in all. */
  warningCount: number;
}

/** How a table is read; everything is detected when it is left out. */
export interface ReadOptions {
  /**
   * Headings the caller knows. The row that has most of them is the heading row, and the first visible sheet that has one
   * is the sheet. They are compared by `normalizeHeading`.
   */
  knownHeadings?: string[];
  /** Names by which a sheet is chosen before others with known headings, by `normalizeHeading`. */
  usualSheets?: string[];
  /** The sheet to read; also a hidden one. */
  sheet?: string;
  /** The encoding of a text file, by its WHATWG or IANA name. */
  encoding?: string;
  /** Ends the reader. */
  signal?: AbortSignal;
  /** How long the reader may take; milliseconds. */
  timeout?: number;
}

/** Normalizes a heading for comparison: "Contact name", "contact_name" and "CONTACTNAME" are equal. */
export function normalizeHeading(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
