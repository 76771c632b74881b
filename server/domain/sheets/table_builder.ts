// Makes a table of raw rows: finds the headings among the first ones, cleans the cells, counts, and keeps the rows as
// bytes outside of the heap.
import { refuseFile } from "./file_problem.ts";
import {
  MAX_CELL_LENGTH,
  MAX_COLUMNS,
  MAX_ROWS,
  MAX_TEXT_SIZE,
  MAX_TITLE_ROWS,
  MAX_WARNINGS,
} from "./read_limits.ts";
import { normalizeHeading, type TableColumn, type TableWarning, type TableWarningCode } from "./table.ts";

/** A row as a format has it. */
export interface RawRecord {
  line: number;
  cells: string[];
  warnings?: { code: TableWarningCode; column: number }[];
}

/** A table whose rows are JSON, in batches of a few thousand. */
export interface BuiltTable {
  headingLine: number | null;
  columns: TableColumn[];
  /** The cells of a row that belong to the columns. */
  positions: number[];
  rowCount: number;
  batches: ArrayBuffer[];
  warnings: TableWarning[];
  warningCount: number;
  /** How many headings the caller knows. */
  knownHeadings: number;
}

const BATCH_SIZE = 2000;
const encoder = new TextEncoder();

export interface TableBuilder {
  /** @throws FileRefusal when there are too many rows or columns, too much text, or characters that were lost */
  add(row: RawRecord): void;
  finish(): BuiltTable;
}

/** Builds a table of rows in their order. */
export function buildTable(rows: Iterable<RawRecord>, isKnown: (cell: string) => boolean): BuiltTable {
  const builder = createTableBuilder(isKnown);
  for (const row of rows) builder.add(row);
  return builder.finish();
}

/**
 * Creates a builder.
 *
 * @param isKnown whether a text is a heading the caller knows
 */
export function createTableBuilder(isKnown: (cell: string) => boolean): TableBuilder {
  const table: BuiltTable = {
    headingLine: null,
    columns: [],
    positions: [],
    rowCount: 0,
    batches: [],
    warnings: [],
    warningCount: 0,
    knownHeadings: 0,
  };
  let headings: string[] | null = null;
  const beginning: RawRecord[] = [];
  const hasValue: boolean[] = [];
  let batch: [number, ...string[]][] = [];
  let size = 0;

  const warn = (code: TableWarningCode, line: number, column: number | null) => {
    if (table.warningCount++ >= MAX_WARNINGS) return;
    const name = column === null ? null : table.columns[column]?.name || columnLetters(column);
    table.warnings.push({ code, line, column: name });
  };
  const flush = () => {
    if (batch.length === 0) return;
    const bytes = encoder.encode(JSON.stringify(batch));
    size += bytes.length;
    if (size > MAX_TEXT_SIZE) refuseFile("too_large_unpacked", { maximum: MAX_TEXT_SIZE / 1024 / 1024 });
    table.batches.push(bytes.buffer);
    batch = [];
  };
  const addRow = ({ line, cells, warnings = [] }: RawRecord) => {
    if (++table.rowCount > MAX_ROWS) refuseFile("too_many_rows", { maximum: MAX_ROWS });
    for (const { code, column } of warnings) warn(code, line, column);
    const width = headings!.length;
    if (cells.length > width && cells.slice(width).some(Boolean)) warn("extra_cells", line, null);
    const kept = cells.slice(0, width);
    kept.forEach((cell, at) => {
      if (cell) hasValue[at] = true;
    });
    batch.push([line, ...kept]);
    if (batch.length === BATCH_SIZE) flush();
  };
  const begin = () => {
    const at = findHeadings(beginning, isKnown);
    if (at === -1) return;
    const { line, cells } = beginning[at];
    headings = cells.map((cell) => cell.replace(/\s+/g, " "));
    table.headingLine = line;
    table.columns = nameColumns(headings);
    table.knownHeadings = headings.filter(isKnown).length;
    table.columns.forEach(({ heading, name }, column) => {
      if (heading && name !== heading) warn("duplicate_heading", line, column);
    });
    beginning.slice(at + 1).forEach(addRow);
  };

  return {
    add(row) {
      const cleaned = cleanRow(row);
      if (!cleaned) return;
      if (headings) addRow(cleaned);
      else if (beginning.push(cleaned) === MAX_TITLE_ROWS) begin();
    },
    finish() {
      if (!headings) begin();
      flush();
      // A column with neither heading nor value is the space left of a table.
      table.positions = table.columns.flatMap(({ heading }, at) => heading || hasValue[at] ? [at] : []);
      table.columns = table.positions.map((at) => table.columns[at]);
      return table;
    },
  };
}

/** Cleans the cells of a row and cuts off the empty ones at its end; null for a blank row. */
function cleanRow({ line, cells, warnings = [] }: RawRecord): RawRecord | null {
  const cleaned: string[] = [];
  const all = [...warnings];
  let width = 0;
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column];
    if (cell.length > MAX_CELL_LENGTH) refuseFile("cell_too_long", { line, maximum: MAX_CELL_LENGTH });
    const normalized = cell.replace(/\r\n?/g, "\n");
    const text = normalized.replace(/[^\P{Cc}\t\n]|\p{Cs}/gu, "");
    if (text.includes("\ufffd")) refuseFile("undecodable", { line });
    if (text.length < normalized.length) {
      all.push({ code: "control_characters", column });
    }
    const trimmed = text.trim();
    cleaned.push(trimmed);
    if (trimmed) width = column + 1;
  }
  // A row of formulas without results is not blank: it is reported.
  if (width === 0 && all.length === 0) return null;
  if (width > MAX_COLUMNS) refuseFile("too_many_columns", { line, maximum: MAX_COLUMNS });
  return { line, cells: cleaned.slice(0, width), warnings: all };
}

/**
 * The row of the headings among the first ones: that with most headings the caller knows, otherwise the first one that is
 * at least half as wide as the widest, because titles above a table have one or two cells.
 */
function findHeadings(rows: RawRecord[], isKnown: (cell: string) => boolean): number {
  const known = rows.map(({ cells }) => new Set(cells.filter(isKnown).map(normalizeHeading)).size);
  const most = Math.max(0, ...known);
  if (most > 0) return known.indexOf(most);
  const filled = rows.map(({ cells }) => cells.filter(Boolean).length);
  const widest = Math.max(0, ...filled);
  return filled.findIndex((count) => count * 2 >= widest);
}

function nameColumns(headings: string[]): TableColumn[] {
  const taken = new Set(headings);
  const seen = new Set<string>();
  return headings.map((heading, at) => {
    let name = heading || `Column ${at + 1}`;
    if (heading === "" ? taken.has(name) || seen.has(name) : seen.has(heading)) {
      const base = name;
      for (let n = 2; taken.has(name) || seen.has(name); n++) name = `${base} (${n})`;
    }
    seen.add(name);
    return { heading, name };
  });
}

/** A column as spreadsheets call it: A, B, …, Z, AA. */
function columnLetters(column: number): string {
  let letters = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + (rest - 1) % 26) + letters;
  }
  return letters;
}
