// Files that are sent along, as a form's or as the body itself, with the fields of the form. A file is received
// completely before anything is done with it; how many are in memory at a time is limited.
import type { Readable } from "node:stream";
import { MAX_FILE_SIZE } from "../domain/sheets/read_limits.ts";
import { createWorkQueue, type WorkQueue } from "../domain/work_queue.ts";
import { decodeText } from "../request/body.ts";
import { parseMultipart } from "../request/multipart.ts";
import { runInTime } from "../request/patience.ts";
import { nextTurn } from "../request/read_in_turns.ts";
import { receiveBody } from "../request/receive_body.ts";
import type { RequestContext } from "../request/request_context.ts";
import { refuseInput, RequestError } from "../request/request_error.ts";

const MAX_FIELD_SIZE = 64 * 1024;
/** What a form adds to its file; bytes. */
const MAX_FORM_OVERHEAD = 2 * 1024 * 1024;
/** How long a body may take to arrive, and how long an upload waits for others; milliseconds. */
const RECEIVE_TIMEOUT = 60_000;
const WAIT_TIMEOUT = 20_000;

/** A larger file has to announce its size, so that endless ones take little memory; bytes. */
const MAX_UNANNOUNCED_SIZE = 4 * 1024 * 1024;

/** Uploads that are received and handled at a time; of large ones fewer, because they are held in memory. */
export const uploadQueue = createWorkQueue("uploads", { concurrency: 4, maxWaiting: 64, duration: 500 });
/** Those that do not say how large they are: each may take as much as is allowed. */
export const unannouncedUploadQueue = createWorkQueue("unannounced_uploads", {
  concurrency: 2,
  maxWaiting: 64,
  duration: 500,
});
export const largeUploadQueue = createWorkQueue("large_uploads", {
  concurrency: 2,
  maxWaiting: 16,
  duration: 2000,
});

export interface Upload {
  /** The fields that precede the file in the form. */
  fields: Map<string, string>;
  file: Uint8Array<ArrayBuffer>;
}

/**
 * Receives what a request brings and handles it, when its turn comes.
 *
 * @throws RequestError INVALID_REQUEST when it brings no file or a broken form, PAYLOAD_TOO_LARGE beyond 50 MiB, without
 *   Content-Length beyond 4 MiB
 * @throws DomainError `OVERLOADED` when too many uploads wait, or it waited for 20 seconds
 */
export async function handleUpload<T>(
  { raw, incoming }: Pick<RequestContext, "raw" | "incoming">,
  handle: (upload: Upload) => Promise<T>,
): Promise<T> {
  const length = Number(raw.headers.get("content-length") ?? NaN);
  if (length > maxSizeOf(raw)) refuseSize();
  return await runInTime(
    queueFor(length),
    { maxWait: WAIT_TIMEOUT, retryAfter: 10 },
    raw.signal,
    async () => {
      // Many that wait for their turn have been received by the system: the next one would follow at once.
      await nextTurn();
      const upload = await receiveUpload(raw, incoming, Number.isNaN(length));
      try {
        return await handle(upload);
      } finally {
        // Its memory is free at once, not with the next garbage collection. A reader may have taken it.
        if (!upload.file.buffer.detached) upload.file.buffer.transfer(0);
      }
    },
  );
}

/** What a body may have whose size is announced: its file, and what a form adds to it; bytes. */
function maxSizeOf(request: Request): number {
  return isForm(request) ? MAX_FILE_SIZE + MAX_FORM_OVERHEAD : MAX_FILE_SIZE;
}

function isForm(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "");
}

/** @param length the announced size; NaN without one */
function queueFor(length: number): WorkQueue {
  if (Number.isNaN(length)) return unannouncedUploadQueue;
  return length > MAX_UNANNOUNCED_SIZE ? largeUploadQueue : uploadQueue;
}

async function receiveUpload(
  request: Request,
  incoming: Readable | null,
  isUnannounced: boolean,
): Promise<Upload> {
  const body = await receiveBody(request, {
    maxBytes: isUnannounced ? MAX_UNANNOUNCED_SIZE : maxSizeOf(request),
    timeout: RECEIVE_TIMEOUT,
  }, incoming);
  const upload = isForm(request)
    ? takeForm(body, request.headers.get("content-type")!)
    : { fields: new Map(), file: body };
  if (upload.file.length === 0) refuseNoFile();
  if (upload.file.length > MAX_FILE_SIZE) refuseSize();
  return upload;
}

/** Reads a form and frees its memory. */
function takeForm(body: Uint8Array<ArrayBuffer>, type: string): Upload {
  try {
    return readForm(body, type);
  } finally {
    body.buffer.transfer(0);
  }
}

/** The file of a form, whatever its field is called, and the fields before it. */
function readForm(body: Uint8Array<ArrayBuffer>, type: string): Upload {
  const fields = new Map<string, string>();
  let file: Uint8Array<ArrayBuffer> | null = null;
  for (const { name, fileName, content } of parseMultipart(body, type)) {
    if (fileName !== null || name === "file") {
      if (file) refuseInput({ field: name, reason: "too_many", message: "Send one file at a time." });
      // A copy, whose memory can be handed over.
      file = content.slice();
    } else if (file) {
      // It is refused rather than ignored, as it was before, when files were handled while they arrived.
      refuseInput({
        field: name,
        reason: "after_file",
        message: `Send the field "${name}" before the file.`,
      });
    } else if (content.length > MAX_FIELD_SIZE) {
      const message = `The field "${name}" has more than ${MAX_FIELD_SIZE} bytes.`;
      refuseInput({ field: name, reason: "too_long", message });
    } else fields.set(name, decodeText(content, "form"));
  }
  return { fields, file: file ?? refuseNoFile() };
}

function refuseSize(): never {
  throw new RequestError("PAYLOAD_TOO_LARGE", { maxBytes: MAX_FILE_SIZE });
}

function refuseNoFile(): never {
  refuseInput({
    field: "file",
    reason: "required",
    message: "Send a CSV or Excel file, as the body or as a field of a form.",
  });
}
