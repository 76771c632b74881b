// What a table is imported as: its columns, where it is sent, and what the page says.
import type { DuplicateHandling } from "../../../server/domain/imports/inputs.ts";

export interface ImportTarget {
  /** "lead" */
  one: string;
  /** "leads" */
  many: string;
  /** The headings that columns can be mapped to. */
  headings: readonly string[];
  /** The headings that a table must have, and what each says: "a name". */
  required: Readonly<Record<string, string>>;
  /** The page of the list. */
  list: { href: string; title: string };
  /** The page of an object. */
  href(id: number): string;
  /** Where a table is sent, and where for the rows that cannot be imported. */
  importAddress: string;
  invalidRowsAddress: string;
  /** Which rows are duplicates. */
  duplicatesHint: string;
  handlings: [DuplicateHandling, title: string, effect: string][];
  /** Whether customers that do not exist can be created. */
  createsCustomers?: boolean;
  /** What else an import does. */
  note?: string;
  /** The file name of an empty table with the headings; without it there is none to download. */
  template?: string;
  /** What is imported next. */
  next?: { href: string; title: string };
}
