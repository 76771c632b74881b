// The content of a backup: text as `pg_dump --data-only` writes it, a COPY statement with its rows for each table. Comments
// of JSON before, between and after the tables say what is in it, so that a part that is missing is noticed.
import { z } from "zod";

/** Raised when the form changes so that earlier programs cannot read it. */
export const FORMAT = 1;

const migration = z.object({ name: z.string(), hash: z.string() });
const digest = { rows: z.int(), sha256: z.string() };

const header = z.object({
  format: z.int(),
  /** The database's time of the snapshot. */
  madeAt: z.iso.datetime({ offset: true }),
  programVersion: z.string(),
  migrations: z.array(migration),
  /** The numbers of the first and of the last partition of the events. */
  eventPartitions: z.object({ first: z.int(), last: z.int() }).optional(),
});
const table = z.object({ name: z.string(), ...digest });
const end = z.object({
  tables: z.int(),
  rows: z.int(),
  sequences: z.array(z.object({ name: z.string(), lastValue: z.int().nullable() })),
});

/** The first comment. */
export type BackupHeader = z.infer<typeof header>;
/** The comment after a table: its rows, and SHA-256 of their text. */
export type TableDigest = z.infer<typeof table>;
/** The last comment: the numbers of tables and rows, and the sequences. */
export type BackupEnd = z.infer<typeof end>;

const schemas = { header, table, end };
type Comments = { header: BackupHeader; table: TableDigest; end: BackupEnd };

/** A comment as a line of the backup. */
export function commentLine<Kind extends keyof Comments>(kind: Kind, facts: Comments[Kind]): string {
  return `-- latchkey ${kind} ${JSON.stringify(facts)}\n`;
}

/** The facts of a comment of this kind; null for another line. */
export function parseComment<Kind extends keyof Comments>(kind: Kind, line: string): Comments[Kind] | null {
  const prefix = `-- latchkey ${kind} `;
  if (!line.startsWith(prefix)) return null;
  return schemas[kind].parse(JSON.parse(line.slice(prefix.length))) as Comments[Kind];
}

/** Ends the rows of a table, on a line of its own. No row is equal to it: COPY doubles backslashes. */
export const END_OF_ROWS = "\\.\n";

/** A backup that cannot be used. The message is printed to the operator. */
export class BackupError extends Error {}
