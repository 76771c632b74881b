// Importing an uploaded table of leads: a small one in the request, a large one as a job.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { type JobRow, requestJob, saveTotal, storeFile } from "../jobs/job.ts";
import { isWorkbook } from "../sheets/read.ts";
import { importLeads, type ImportPreview } from "./import.ts";
import type { ImportReport } from "./import_validation.ts";
import type { ImportOptions } from "./inputs.ts";

/** Larger files are imported by a job; bytes. */
const MAX_IMMEDIATE_SIZE = 1024 * 1024;

/**
 * Imports a small file immediately; stores a large one and requests a job that imports it.
 *
 * @throws DomainError `INVALID_REQUEST` when a small file is not a table, or has no column "Name"
 */
export async function importTable(
  ctx: Context,
  chunks: AsyncGenerator<Uint8Array>,
  options: ImportOptions,
): Promise<ImportReport | ImportPreview | { job: JobRow }> {
  requireRole(ctx, "manager");
  const first: Uint8Array[] = [];
  let size = 0;
  while (size <= MAX_IMMEDIATE_SIZE) {
    const { value, done } = await chunks.next();
    if (done) return await importLeads(ctx, iterate(first), options);
    first.push(value);
    size += value.length;
  }
  const job = await inTransaction(ctx, async (ctx) => {
    const job = await requestJob(ctx, { kind: "import_leads", input: { ...options }, total: null });
    let lines = 0;
    await storeFile(ctx, job.id, joinChunks(first, chunks, (chunk) => lines += countLines(chunk)));
    // An estimate: a CSV row is usually one line. The rows of a workbook are unknown until it is read.
    if (!isWorkbook(first[0])) await saveTotal(ctx, job.id, Math.max(1, lines - 1));
    return job;
  });
  return { job };
}

async function* iterate(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
  return lines;
}

/** Joins small chunks to chunks of about 256 KiB. */
async function* joinChunks(
  first: Uint8Array[],
  rest: AsyncGenerator<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let size = 0;
  async function* all() {
    yield* first;
    yield* rest;
  }
  for await (const chunk of all()) {
    onChunk(chunk);
    pending.push(chunk);
    size += chunk.length;
    if (size < 256 * 1024) continue;
    yield concat(pending, size);
    pending = [];
    size = 0;
  }
  if (size > 0) yield concat(pending, size);
}

function concat(chunks: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
