// The form of a CSV cell, for the exports of the server and of the panel. A spreadsheet executes text that looks like a
// formula (OWASP, "CSV Injection"), so such text is preceded by an apostrophe, which an import removes again.

/**
 * Text that begins with a formula sign, also a full-width one (Excel accepts those), or with a tab or a line break.
 * Spreadsheets skip blanks and invisible characters before the sign. Leading apostrophes count as part of the beginning,
 * so that text which has one already gets another and `restoreText` returns exactly what was exported.
 */
const formulaLike = /^'*(?:[\s\p{C}\p{Z}]*[=+\-@＝＋－＠]|[\t\r\n])/u;

/** Precedes text that a spreadsheet would execute by an apostrophe. */
export function defuseFormula(text: string): string {
  return formulaLike.test(text) ? `'${text}` : text;
}

/** The text that `defuseFormula` was given. */
export function restoreText(cell: string): string {
  return cell.startsWith("'") && formulaLike.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/**
 * Options of csv-stringify. It quotes separators, quotes and CRLF by itself; CR and LF alone and the separators of other
 * languages' spreadsheets start a cell or row as well, and readers trim what is not quoted.
 */
export const csvOptions = {
  record_delimiter: "windows",
  quoted_match: /^[\s\p{Z}]|[\s\p{Z}]$|[\r\n\v\f\u0085\u2028\u2029;\t|]/u,
} as const;
