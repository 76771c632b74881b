// What the cells and columns of a written table are.

/** The value of a cell; an instant is written as ISO 8601 text. */
export type Cell = string | number | boolean | Date | null | undefined;

/** The columns of a table: the cell of a row by heading. */
export type Columns<Row> = Record<string, (row: Row) => Cell>;

/** What the formats write: text, numbers and truth values; null is an empty cell. */
export type WrittenCell = string | number | boolean | null;
