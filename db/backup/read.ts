// Reads the stream of a backup and gives its rows to a consumer, table by table, checking that nothing is missing.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import {
  type BackupEnd,
  BackupError,
  type BackupHeader,
  END_OF_ROWS,
  FORMAT,
  parseComment,
  type TableDigest,
} from "./format.ts";
import { countRows } from "./dump.ts";

/** What receives a backup. */
export interface BackupConsumer {
  onHeader(header: BackupHeader): Promise<void> | void;
  /** Receives the rows of one table. It has to read all of `rows`. */
  onTable(table: { name: string; copy: string }, rows: AsyncGenerator<Uint8Array>): Promise<void>;
}

/** What was read. */
export interface BackupContent {
  header: BackupHeader;
  tables: TableDigest[];
  end: BackupEnd;
}

const MISSING = "The backup is incomplete";
const TERMINATOR = Buffer.from(`\n${END_OF_ROWS}`);
const MAX_LINE = 10_000_000;

/**
 * Reads a backup to its end.
 *
 * @throws BackupError when a part is missing or is not as it was saved, or when a later version of the format made it
 */
export async function readBackup(
  source: AsyncIterable<Uint8Array>,
  consumer: BackupConsumer,
): Promise<BackupContent> {
  const reader = new Reader(source);
  const header = parseComment("header", await reader.readLine() ?? "");
  if (!header) throw new BackupError("This is not a backup of Latchkey.");
  if (header.format > FORMAT) {
    throw new BackupError(
      `The backup was made by a later version, ${header.programVersion}. Restore it with that version.`,
    );
  }
  await consumer.onHeader(header);
  const tables: TableDigest[] = [];
  while (true) {
    const line = await reader.readLine();
    if (line === null) throw new BackupError(`${MISSING}: it ends after ${tables.length} tables.`);
    if (line === "") continue;
    const end = parseComment("end", line);
    if (end) {
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      if (end.tables !== tables.length || end.rows !== rows) throw new BackupError(`${MISSING}.`);
      return { header, tables, end };
    }
    tables.push(await readTable(reader, line, consumer));
  }
}

async function readTable(reader: Reader, copy: string, consumer: BackupConsumer): Promise<TableDigest> {
  const name = copy.match(/^copy "((?:[^"]|"")+)" \(.*\) from stdin;$/)?.[1].replaceAll('""', '"');
  if (name === undefined) {
    throw new BackupError(`The backup has a line that is not understood: ${copy.slice(0, 80)}`);
  }
  const hash = createHash("sha256");
  let rows = 0;
  await consumer.onTable(
    { name, copy: copy.slice(0, -1) },
    (async function* () {
      for await (const piece of reader.readRows()) {
        rows += countRows(piece);
        hash.update(piece);
        yield piece;
      }
    })(),
  );
  const saved = parseComment("table", await reader.readLine() ?? "");
  const read = { name, rows, sha256: hash.digest("hex") };
  if (!saved) throw new BackupError(`${MISSING}: it ends in the table ${name}.`);
  if (saved.name !== name || saved.rows !== rows || saved.sha256 !== read.sha256) {
    throw new BackupError(`The rows of the table ${name} are not those that were saved.`);
  }
  return read;
}

/** Reads lines, and rows up to the line that ends them. */
class Reader {
  #source: AsyncIterator<Uint8Array>;
  #pending: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #readMore(): Promise<boolean> {
    const { value, done } = await this.#source.next();
    if (done) return false;
    this.#pending = this.#pending.length === 0 ? Buffer.from(value) : Buffer.concat([this.#pending, value]);
    return true;
  }

  /** The next line without its end; null after the last. */
  async readLine(): Promise<string | null> {
    while (true) {
      const at = this.#pending.indexOf("\n");
      if (at >= 0) {
        const line = this.#pending.toString("utf8", 0, at);
        this.#pending = this.#pending.subarray(at + 1);
        return line;
      }
      if (this.#pending.length > MAX_LINE || !await this.#readMore()) return null;
    }
  }

  async *readRows(): AsyncGenerator<Uint8Array> {
    // The terminator begins with the end of the line before it, which is the COPY statement when there are no rows.
    this.#pending = Buffer.concat([TERMINATOR.subarray(0, 1), this.#pending]);
    let skipped = 1;
    while (true) {
      const at = this.#pending.indexOf(TERMINATOR);
      const isEnd = at >= 0;
      const length = isEnd ? at + 1 : this.#pending.length - TERMINATOR.length + 1;
      if (length > skipped) yield this.#pending.subarray(skipped, length);
      if (isEnd) {
        this.#pending = this.#pending.subarray(at + TERMINATOR.length);
        return;
      }
      if (length > 0) {
        this.#pending = this.#pending.subarray(length);
        skipped = Math.max(0, skipped - length);
      }
      if (!await this.#readMore()) throw new BackupError(`${MISSING}: it ends in the middle of a table.`);
    }
  }
}
