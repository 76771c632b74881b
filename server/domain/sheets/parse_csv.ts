// Rows of a text with separators, after RFC 4180 and as tolerant as spreadsheets are: stray quotes, \", any line break.
// Libraries for CSV neither name the line where an open quote began nor tell what they have tolerated.
import { refuseFile } from "./file_problem.ts";
import { MAX_CELL_LENGTH, MAX_COLUMNS, MAX_RAW_CELLS, MAX_RAW_ROWS, MAX_ROWS } from "./read_limits.ts";
import type { TableWarningCode } from "./table.ts";
import type { RawRecord } from "./table_builder.ts";

const separators = [",", ";", "\t", "|"];
/** Rows by which the separator is found. */
const SAMPLE_ROWS = 20;

/**
 * The separator of a text: that of its line `sep=;`, which Excel reads, or the one that makes most rows of one length.
 *
 * @param isKnown whether a text is a heading the caller knows
 * @returns `start`: where the table begins; `line`: its first line
 */
export function detectSeparator(
  text: string,
  isKnown: (cell: string) => boolean,
): { separator: string; start: number; line: number } {
  const declared = /^"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|$)/i.exec(text);
  if (declared) return { separator: declared[1], start: declared[0].length, line: 2 };
  let best = { separator: ",", score: -1 };
  for (const separator of separators) {
    const counts = new Map<number, number>();
    let known = 0;
    let seen = 0;
    try {
      for (const { cells } of parseCsv(text, separator, 0, 1)) {
        if (cells.some(Boolean)) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
        known = Math.max(known, cells.filter(isKnown).length);
        if (++seen === SAMPLE_ROWS) break;
      }
    } catch {
      // The rows before the fault count.
    }
    const consistent = Math.max(0, ...[...counts].map(([length, rows]) => length > 1 ? rows : 0));
    const score = known * SAMPLE_ROWS + consistent;
    if (score > best.score) best = { separator, score };
  }
  return { separator: best.separator, start: 0, line: 1 };
}

/**
 * The rows of a text.
 *
 * @param start where it begins
 * @param line of that beginning
 * @throws FileRefusal `unclosed_quote` and `cell_too_long`, with the line where the cell begins
 */
export function* parseCsv(
  text: string,
  separator: string,
  start: number,
  line: number,
): Generator<RawRecord> {
  let at = start;
  let cells: string[] = [];
  let warnings: { code: TableWarningCode; column: number }[] = [];
  let firstLine = line;
  let count = 0;
  const length = text.length;

  const isBlank = (character: string) => (character === " " || character === "\t") && character !== separator;
  const isEnd = (position: number) =>
    position >= length || text[position] === separator || text[position] === "\n" || text[position] === "\r";
  const skipBlanks = (position: number) => {
    while (position < length && isBlank(text[position])) position++;
    return position;
  };
  const warn = (code: TableWarningCode) => {
    if (warnings.at(-1)?.column !== cells.length) warnings.push({ code, column: cells.length });
  };

  /** Reads a quoted cell that begins at `at`. */
  function readQuoted(): string {
    const opened = line;
    const begin = at;
    const parts: string[] = [];
    let from = at + 1;
    while (true) {
      const quote = text.indexOf('"', from);
      if (quote === -1) refuseFile("unclosed_quote", { line: opened });
      if (quote - begin > MAX_CELL_LENGTH) {
        refuseFile("cell_too_long", { line: opened, maximum: MAX_CELL_LENGTH });
      }
      const isBackslashed = text[quote - 1] === "\\" && quote > from;
      const next = skipBlanks(quote + 1);
      if (text[quote + 1] === '"' && !(isBackslashed && isEnd(skipBlanks(quote + 2)))) {
        parts.push(text.slice(from, quote + 1));
        from = quote + 2;
      } else if (isEnd(next)) {
        parts.push(text.slice(from, quote));
        at = next;
        break;
      } else {
        parts.push(isBackslashed ? text.slice(from, quote - 1) + '"' : text.slice(from, quote + 1));
        warn(isBackslashed ? "backslash_quote" : "stray_quote");
        from = quote + 1;
      }
    }
    const cell = parts.join("");
    line += countBreaks(text, begin, at);
    return cell;
  }

  while (at < length) {
    const begin = skipBlanks(at);
    if (text[begin] === '"') {
      at = begin;
      cells.push(readQuoted());
    } else {
      let end = begin;
      while (!isEnd(end)) end++;
      if (end - begin > MAX_CELL_LENGTH) refuseFile("cell_too_long", { line, maximum: MAX_CELL_LENGTH });
      const cell = text.slice(begin, end);
      if (cell.includes('"')) warn("stray_quote");
      cells.push(cell);
      at = end;
    }
    if (cells.length > MAX_RAW_CELLS) refuseFile("too_many_columns", { line, maximum: MAX_COLUMNS });
    if (text[at] === separator) {
      at++;
      // A separator at the very end begins one more cell, which is empty.
      if (at < length) continue;
      cells.push("");
    }
    if (++count > MAX_RAW_ROWS) refuseFile("too_many_rows", { maximum: MAX_ROWS });
    yield { line: firstLine, cells, warnings };
    at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
    firstLine = ++line;
    cells = [];
    warnings = [];
  }
}

function countBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n")) count++;
  }
  return count;
}
