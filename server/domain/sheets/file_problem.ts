// Why a file is not read, as the worker that reads it reports it. Imports nothing, because the worker uses it.

/** Why a file is not read. */
export type FileProblem =
  | "empty"
  /** Nothing in the file could be headings and rows. */
  | "no_table"
  /** Headings without a row. */
  | "no_rows"
  /** Cut off or changed on the way. */
  | "damaged"
  /** A web page or another XML file, whatever its name says. */
  | "web_page"
  /** Neither text nor a workbook. */
  | "other_format"
  /** Protected by a password. */
  | "encrypted"
  | "unclosed_quote"
  | "unknown_encoding"
  /** Characters that the encoding does not have, or that an earlier conversion has lost (U+FFFD). */
  | "undecodable"
  | "no_such_sheet"
  /** `maximum` in MiB. */
  | "too_large_unpacked"
  | "too_many_columns"
  | "cell_too_long"
  /** `maximum` in rows. */
  | "too_many_rows"
  /** It took the reader too long, or too much memory. */
  | "too_complex";

export interface FileProblemFacts {
  /** Where it was found; counted from 1. */
  line?: number;
  maximum?: number;
  value?: string;
}

/** Ends the reading of a file. */
export class FileRefusal extends Error {
  constructor(readonly problem: FileProblem, readonly facts: FileProblemFacts = {}) {
    super(problem);
  }
}

/** @throws FileRefusal */
export function refuseFile(problem: FileProblem, facts: FileProblemFacts = {}): never {
  throw new FileRefusal(problem, facts);
}
