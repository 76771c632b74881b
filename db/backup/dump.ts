// Writes all rows of a database as one stream, from one snapshot: what commits while it runs is not in it.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Db } from "../connect.ts";
import { type BackupHeader, commentLine, END_OF_ROWS, FORMAT, type TableDigest } from "./format.ts";
import { listSequences, listTables, quoteName, type TableToSave } from "./tables.ts";

const NEWLINE = 10;
/** Characters collected before they are passed on; COPY gives a row at a time. */
const CHUNK = 65_536;

/**
 * Columns that are saved as another value, by table. Transaction ids start again in another cluster. An event that all
 * readers have read is saved with the lowest one, so that it never counts as a new event there.
 */
const savedAs: Record<string, Record<string, string>> = {
  events: {
    transaction_id: `case
        when not exists (
          select
          from event_readers r
          where (t.transaction_id, t.id) > (r.transaction_id, r.event_id) and t.id > r.restored_up_to
        ) then '0'::xid8
        else t.transaction_id
      end`,
  },
};

/** Prepares a transaction that reads everything from one snapshot. Call it first in the transaction. */
export async function prepareSnapshot(tx: Db): Promise<void> {
  // A backup takes as long as it takes. Without synchronised and parallel scans, rows come in the same order every time.
  await tx.unsafe(
    `set transaction isolation level repeatable read, read only;
     set local statement_timeout = 0;
     set local lock_timeout = 0;
     set local transaction_timeout = 0;
     set local idle_in_transaction_session_timeout = 0;
     set local synchronize_seqscans = off;
     set local max_parallel_workers_per_gather = 0;
     set local row_security = off;
     set local datestyle = 'ISO';
     set local intervalstyle = 'postgres'`,
  );
}

/**
 * The database as a stream.
 *
 * @param tx a transaction that `prepareSnapshot` has prepared
 * @param onTable called after each table
 */
export async function* dumpDatabase(
  tx: Db,
  programVersion: string,
  onTable: (table: TableDigest) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const [{ madeAt }] = await tx<{ madeAt: Date }[]>`
    select now() as made_at`;
  const migrations = await tx<BackupHeader["migrations"]>`
    select name, hash
    from migrations
    order by name`;
  const [eventPartitions] = await tx<{ first: number; last: number }[]>`
    select min(number) as first, max(number) as last
    from event_partitions`;
  yield text(
    commentLine("header", {
      format: FORMAT,
      madeAt: madeAt.toISOString(),
      programVersion,
      migrations: [...migrations],
      eventPartitions,
    }),
  );
  const tables = await listTables(tx);
  let rows = 0;
  for (const table of tables) {
    const columns = table.columns.map(quoteName).join(", ");
    yield text(`\ncopy ${quoteName(table.name)} (${columns}) from stdin;\n`);
    const digest = yield* dumpRows(tx, table);
    yield text(END_OF_ROWS + commentLine("table", digest));
    rows += digest.rows;
    onTable(digest);
  }
  const sequences = await listSequences(tx);
  yield text(`\n${commentLine("end", { tables: tables.length, rows, sequences: [...sequences] })}`);
}

/** The rows of a table in the text form of COPY. */
async function* dumpRows(tx: Db, { name, columns }: TableToSave): AsyncGenerator<Uint8Array, TableDigest> {
  const values = columns.map((column) => savedAs[name]?.[column] ?? `t.${quoteName(column)}`);
  const select = `
    select ${values.join(", ")}
    from ${quoteName(name)} t`;
  const stream = await tx.unsafe(`copy (${select}) to stdout`).readable();
  const hash = createHash("sha256");
  let rows = 0;
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const row of stream) {
    rows += countRows(row);
    hash.update(row);
    waiting.push(row);
    size += row.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  // The driver (postgres 3.4) pauses the socket while the stream is full and does not resume it when the stream ends.
  stream._read(0);
  if (size > 0) yield Buffer.concat(waiting);
  return { name, rows, sha256: hash.digest("hex") };
}

/** The rows in a piece of COPY text: a newline inside a value is written as a backslash and a letter. */
export function countRows(piece: Uint8Array): number {
  let rows = 0;
  for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) rows++;
  return rows;
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
