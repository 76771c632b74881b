// Receives a body piece by piece, with no more memory than its size, whatever pieces it is sent in.
import { Buffer } from "node:buffer";
import type { Readable } from "node:stream";
import { readInTurns } from "./read_in_turns.ts";
import { refuseInput, RequestError } from "./request_error.ts";

/** Memory for the beginning of a body whose size is unknown; bytes. */
const FIRST_CAPACITY = 4096;

/**
 * Receives a body that may be longer than the others, or slower.
 *
 * @param limits.timeout how long it may take to arrive; milliseconds
 * @param incoming the request as node:http received it: its pieces are taken without the copy that `Request.body` makes
 * @throws RequestError PAYLOAD_TOO_LARGE, CLIENT_CLOSED_REQUEST when it was cut off, INVALID_REQUEST when it takes too long
 */
export async function receiveBody(
  request: Request,
  { maxBytes, timeout }: { maxBytes: number; timeout?: number },
  incoming: Readable | null = null,
): Promise<Uint8Array<ArrayBuffer>> {
  // Pieces are copied: each can be a view of a buffer of 64 KiB, however short it is.
  let bytes = new Uint8Array(Math.min(maxBytes, FIRST_CAPACITY));
  let size = 0;
  const add = (piece: Uint8Array) => {
    if (size + piece.length > maxBytes) {
      bytes.buffer.transfer(0);
      throw new RequestError("PAYLOAD_TOO_LARGE", { maxBytes });
    }
    if (size + piece.length > bytes.length) {
      // The old memory is free at once, not with the next garbage collection.
      const capacity = Math.min(maxBytes, Math.max(2 * bytes.length, size + piece.length));
      bytes = new Uint8Array(bytes.buffer.transfer(capacity));
    }
    bytes.set(piece, size);
    size += piece.length;
    release(piece);
  };
  const overdue = timeout === undefined ? null : AbortSignal.timeout(timeout);
  if (incoming && !incoming.readableDidRead && !incoming.destroyed) await takePieces(incoming, add, overdue);
  else await readPieces(request, add, overdue);
  if (overdue?.aborted) {
    const message = `The body did not arrive within ${timeout! / 1000} seconds.`;
    refuseInput({ field: "body", reason: "too_slow", message });
  }
  return new Uint8Array(bytes.buffer.transfer(size));
}

/**
 * Receives a short body of node:http. Nearly all arrive in one piece, which is returned as it is: it can be a view of a much
 * larger buffer, so do not keep it.
 *
 * @param length the length it was announced with
 * @throws RequestError CLIENT_CLOSED_REQUEST when it was cut off
 */
export function receiveShort(incoming: Readable, length: number): Promise<Uint8Array> {
  if (length === 0) return Promise.resolve(new Uint8Array());
  return new Promise((resolve, reject) => {
    let received: Uint8Array | null = null;
    const take = (piece: Uint8Array) => {
      received = received ? Buffer.concat([received, piece]) : piece;
      if (received.length < length) return;
      leave();
      resolve(received);
    };
    const cut = () => {
      leave();
      reject(new RequestError("CLIENT_CLOSED_REQUEST"));
    };
    const leave = () => incoming.off("data", take).off("error", cut).off("close", cut);
    incoming.on("data", take).on("error", cut).on("close", cut);
  });
}

/** Takes the pieces of a body until it ends, or is overdue. What is left when one is refused is not read. */
async function takePieces(
  incoming: Readable,
  add: (piece: Uint8Array) => void,
  overdue: AbortSignal | null,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const turns = readInTurns(incoming);
  const take = (piece: Uint8Array) => {
    // Before the piece is copied: its memory is free afterwards, and its length 0.
    turns.noteRead(piece.length);
    try {
      add(piece);
    } catch (error) {
      incoming.pause();
      incoming.off("data", take);
      reject(error);
    }
  };
  const cut = () => {
    if (incoming.readableEnded) resolve();
    else reject(new RequestError("CLIENT_CLOSED_REQUEST"));
  };
  const end = () => resolve();
  overdue?.addEventListener("abort", end, { once: true });
  incoming.on("data", take).on("end", end).on("error", cut).on("close", cut);
  try {
    await promise;
  } finally {
    overdue?.removeEventListener("abort", end);
    turns.end();
    incoming.off("data", take).off("end", end).off("close", cut);
    if (!incoming.readableEnded) incoming.pause();
  }
}

/** The same for a listener that has no other form of a body than a stream. */
async function readPieces(
  request: Request,
  add: (piece: Uint8Array) => void,
  overdue: AbortSignal | null,
): Promise<void> {
  if (!request.body) return;
  const reader = request.body.getReader();
  // Cancelling ends the pending read.
  overdue?.addEventListener("abort", () => void reader.cancel().catch(() => {}), { once: true });
  try {
    while (true) {
      const { done, value } = await reader.read().catch(refuseCut);
      if (done || overdue?.aborted) return;
      add(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
}

/**
 * Frees the memory of a piece of a body that was copied or is dropped. It would be collected late: buffers outside the heap
 * make the next collection due only when there are 64 MB of them. A view of a larger buffer has neighbours that may be in
 * use.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** A body ends too early only with its connection. */
function refuseCut(): never {
  throw new RequestError("CLIENT_CLOSED_REQUEST");
}
