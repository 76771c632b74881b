// What the reader of uploaded tables accepts at most. Imports nothing, because the worker uses it.

const MIB = 1024 * 1024;

/** An upload; bytes. */
export const MAX_FILE_SIZE = 50 * MIB;
/** The parts of an .xlsx workbook together when they are unpacked, which they are as a stream; bytes. */
export const MAX_UNPACKED_SIZE = 512 * MIB;
/** How many times larger than the file they may be, beyond the size below. */
export const MAX_EXPANSION = 100;
/**
 * What is held in memory of a workbook: the shared texts of .xlsx, all of the other formats; bytes. SheetJS splits a part
 * into pieces of a few characters, which takes up to 16 times its size.
 */
export const MAX_LOADED_SIZE = 32 * MIB;
/** Parts of a workbook. */
export const MAX_PARTS = 2000;
/** Rows with a value. */
export const MAX_ROWS = 500_000;
/** Rows and cells of a row with the blank ones. */
export const MAX_RAW_ROWS = 4 * MAX_ROWS;
export const MAX_RAW_CELLS = 20_000;
/** Columns with a value. */
export const MAX_COLUMNS = 500;
/** A cell; UTF-16 units. Excel allows 32,767. */
export const MAX_CELL_LENGTH = 100_000;
/** The text of all rows, as it is kept outside of the heap; bytes. */
export const MAX_TEXT_SIZE = 128 * MIB;
/** Warnings that are listed; further ones are counted. */
export const MAX_WARNINGS = 100;
/** Rows that can be the headings: so many with a value from the beginning. */
export const MAX_TITLE_ROWS = 20;

/** The heap of the thread that reads; MiB. */
export const MAX_HEAP_MIB = 384;
/** Time for a file that is read while its sender waits, and for one that a job reads; milliseconds. */
export const READ_TIMEOUT = 10_000;
export const JOB_READ_TIMEOUT = 120_000;
