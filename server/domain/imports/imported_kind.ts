// What a table is imported as: its columns, its schema, and what the folder of the kind does with rows.
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { JobKind } from "../jobs/job.ts";
import type { ImportOptions } from "./inputs.ts";

/** A row of a table, with its values by field. */
export interface ImportedValues {
  /** That of the row when it was exported: it updates no object that was changed since. */
  revision?: string;
}

/** What is wrong in a column of a row. */
export interface CellError {
  /** The heading of the field; "" for the whole row. */
  field: string;
  message: string;
}

/** A valid row of a table. */
export interface ImportedRecord<Row> {
  line: number;
  cells: string[];
  values: Row;
}

/** A row of the table that is, or will be, an object of its own. */
export interface AcceptedRecord<Row> {
  line: number;
  /** Known once it is saved. */
  id: number | null;
  /** The row, until its batch is saved. */
  pending: ImportedRecord<Row> | null;
}

/** What a row is a duplicate of: an earlier row, or an existing object. */
export type Original<Row> = { accepted: AcceptedRecord<Row> } | { existingId: number };

/** A row, what it is a duplicate of, and what becomes of it if it is an object of its own. */
export interface MatchedRecord<Row> {
  row: ImportedRecord<Row>;
  original: Original<Row> | null;
  accepted: AcceptedRecord<Row> | null;
  /** What is wrong with it beside other objects and rows; it is not saved. */
  errors?: CellError[];
}

/** Finds duplicates of rows among the existing objects and the earlier rows of the table. */
export interface DuplicateFinder<Row> {
  /**
   * What each row is a duplicate of, and its acceptance if it is none.
   *
   * @param acceptAll whether duplicates become objects of their own
   */
  find(ctx: Context, rows: ImportedRecord<Row>[], acceptAll: boolean): Promise<MatchedRecord<Row>[]>;
  /** Forgets a row that was refused after all, so that later rows are no duplicates of it. */
  forget(refused: AcceptedRecord<Row>): void;
  /** Customers that the rows so far create on the way. */
  newCustomers?(): number;
  /**
   * The finder of the next transaction, when the rows so far are saved: it reads again what may have changed since. A kind that
   * has it is imported by a job in a transaction for each batch, because its rows lock objects that others need.
   */
  next?(): DuplicateFinder<Row>;
}

/** A row and the object that it updates. */
export interface RowUpdate<Row> {
  id: number;
  values: Row;
}

/** The kinds. */
export type ImportNoun = "lead" | "customer" | "license" | "device";

export interface ImportedKind<Row extends ImportedValues> {
  noun: ImportNoun;
  /** The job that imports a large table. */
  jobKind: JobKind;
  /** The headings of exported tables; a table is recognised by them. */
  headings: readonly string[];
  /** Other headings of a field by `normalizeHeading`; they count where the field has no column of its own. */
  aliases?: Readonly<Record<string, string>>;
  /** The names that a sheet of them usually has, by `normalizeHeading`. */
  sheets?: string[];
  /** The field of a heading with a name of the vendor's own, such as "metadata.region"; null for none. */
  openField?(heading: string): string | null;
  /** The fields that every row has. */
  required: readonly string[];
  /** Fields whose cells are values also when they say "none". */
  verbatim: readonly string[];
  schema: z.ZodObject & z.ZodType<Row>;
  /** What a row is called in the report. */
  nameOf(row: Row): string;
  /** The value of a cell that is not empty, as the schema takes it; "" for none. */
  readCell(field: string, cell: string): string;
  /** @param options.inBatches whether each batch is, or in a dry run would be, saved in a transaction of its own */
  createFinder(options: ImportOptions & { inBatches: boolean }): DuplicateFinder<Row>;
  /** Inserts rows; returns their ids, in their order. */
  insert(ctx: Context, rows: Row[]): Promise<number[]>;
  /** Updates objects: a value replaces the object's, a missing one leaves it. What is equal costs no statement. */
  update(ctx: Context, updates: RowUpdate<Row>[]): Promise<void>;
  /**
   * The ids of objects that were changed since their rows were exported. They are locked, so that in a transaction none is
   * changed until the rows are saved.
   */
  getOutdated(ctx: Context, updates: RowUpdate<Row>[]): Promise<Set<number>>;
}

/** A kind whose rows are of no interest. */
export type AnyKind =
  & Pick<
    ImportedKind<never>,
    "noun" | "jobKind" | "headings" | "aliases" | "sheets" | "openField" | "required"
  >
  & { schema: z.ZodObject };
