// The sentences that say why an uploaded table is not read, and what to do about it.
import type { InvalidRequest } from "../domain/errors.ts";
import type { FileProblem } from "../domain/sheets/file_problem.ts";

const messages: Record<FileProblem, (facts: { at: string; maximum: string; value: string }) => string> = {
  empty: () => "The file is empty. Choose the file that has the rows.",
  no_table: () => "The file has no header row. Write the names of the columns into its first row.",
  no_rows: () => "The file has a header row but no data rows. Add a row below it.",
  damaged: () => "The workbook is damaged or incomplete. Open it, save it again, and send the new file.",
  web_page: () =>
    "The file is a web page or XML, not a workbook. Open it in a spreadsheet program and save it as .xlsx or CSV.",
  other_format: () => "The file is not a table. Send CSV, .xlsx, .xls, .xlsb or .ods.",
  encrypted: () => "The workbook is protected by a password. Save it without one.",
  unclosed_quote: ({ at }) =>
    `The quote that is opened${at} is never closed. Close it, or double quotes within a value: "".`,
  unknown_encoding: ({ value }) =>
    value
      ? `Unknown encoding "${value}". Choose another one, or save the file as UTF-8.`
      : "The encoding of the file cannot be detected. Save it as UTF-8 (in Excel: CSV UTF-8).",
  undecodable: ({ at }) =>
    `The file has characters that cannot be read or were lost in an earlier conversion${at}. Correct them and save it as UTF-8.`,
  no_such_sheet: ({ value }) => `The workbook has no sheet "${value}". Choose another one.`,
  too_large_unpacked: ({ maximum }) =>
    `The file unpacks to more than ${
      maximum === "0" ? "a hundred times its size" : `${maximum} MiB`
    }. Save the sheet as CSV, or split it.`,
  too_many_columns: ({ at, maximum }) =>
    `The table has more than ${maximum} columns${at}. Delete those you do not need.`,
  cell_too_long: ({ at, maximum }) =>
    `The cell that starts${at} has more than ${maximum} characters. Check for a quote that is not closed.`,
  too_many_rows: ({ maximum }) => `The table has more than ${maximum} rows. Split it.`,
  too_complex: () =>
    "Reading the file took too long or too much memory. Save the sheet as CSV, or split it, and send that.",
};

/** The sentence of a file's problem. */
export function describeFileProblem(
  { problem = "other_format", line, maximum, value }: InvalidRequest,
): string {
  return messages[problem]({
    at: line ? ` in line ${line}` : "",
    maximum: (maximum ?? 0).toLocaleString("en"),
    value: value ?? "",
  });
}
