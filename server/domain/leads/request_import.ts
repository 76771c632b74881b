// A table of leads on its way in: a small one is imported at once, a large one as a job.
import { type Context, inTransaction, requireRole } from "../context.ts";
import { expectTotal, type JobRow, keepFile, requestJob } from "../jobs/job.ts";
import { isWorkbook } from "../sheets/read.ts";
import { type DryReport, importLeads, type ImportOptions, type ImportReport } from "./import.ts";

/** Up to here a table is imported while its sender waits; bytes. */
const AT_ONCE = 1024 * 1024;

/**
 * Imports a table, or begins to.
 *
 * @throws DomainError `INVALID_REQUEST` when it is no table, or has no column "Name"
 */
export async function importTable(
  ctx: Context,
  pieces: AsyncGenerator<Uint8Array>,
  options: ImportOptions,
): Promise<ImportReport | DryReport | { job: JobRow }> {
  requireRole(ctx, "manager");
  const first: Uint8Array[] = [];
  let size = 0;
  while (size <= AT_ONCE) {
    const { value, done } = await pieces.next();
    if (done) return await importLeads(ctx, listOf(first), options);
    first.push(value);
    size += value.length;
  }
  const job = await inTransaction(ctx, async (ctx) => {
    const job = await requestJob(ctx, { kind: "import_leads", input: { ...options }, total: null });
    let lines = 0;
    await keepFile(ctx, job.id, joined(first, pieces, (piece) => lines += countLines(piece)));
    // A line is a row, nearly always; how many rows a workbook has is not known before they are read.
    if (!isWorkbook(first[0])) await expectTotal(ctx, job.id, Math.max(1, lines - 1));
    return job;
  });
  return { job };
}

async function* listOf(pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

function countLines(piece: Uint8Array): number {
  let lines = 0;
  for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines++;
  return lines;
}

/** All pieces, gathered to some 256 KiB each. */
async function* joined(
  first: Uint8Array[],
  rest: AsyncGenerator<Uint8Array>,
  seen: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  async function* all() {
    yield* first;
    yield* rest;
  }
  for await (const piece of all()) {
    seen(piece);
    gathered.push(piece);
    size += piece.length;
    if (size < 256 * 1024) continue;
    yield concat(gathered, size);
    gathered = [];
    size = 0;
  }
  if (size > 0) yield concat(gathered, size);
}

function concat(pieces: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
