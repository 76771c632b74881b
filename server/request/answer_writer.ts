// Writes answers with node:http. @hono/node-server waits for each piece of a body inside the one before, so that what it
// keeps grows with every piece until the body ends. Here a piece is forgotten once it is written.
import { Buffer } from "node:buffer";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { readInTurns } from "./read_in_turns.ts";
import { release } from "./receive_body.ts";
import { type Reply, toResponse } from "./reply.ts";

/** Of a body whose sender does not say what it is. */
const DEFAULT_TYPE = "text/plain; charset=UTF-8";

/** Microtasks in which the end of a body in memory is found. */
const TURNS = 10;

/** How long a client may go on sending a body after its refusal; milliseconds. */
const REST_WITHIN = 1000;
/** What is received of it; bytes. Beyond, the client waits and finds the answer. */
const MAX_REST = 8 * 1024 * 1024;

/**
 * Writes what a handler returned. A connection that a refusal ends is not closed while the rest of its body arrives, because
 * the client would see a failure instead of the answer (RFC 9112, section 9.6).
 *
 * @param connection the name and value of the header that says whether the connection is kept
 */
export function writeReply(
  reply: Reply,
  { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
  connection: readonly [string, string],
): void {
  if (reply instanceof Response || reply.body instanceof ReadableStream) {
    // Before the others: a header of the answer replaces it.
    outgoing.setHeader(...connection);
    void writeAnswer(toResponse(reply), outgoing);
    return;
  }
  const { status, headers, body } = reply;
  const leavesBody = headers.includes("connection") && !incoming.complete;
  if (!headers.includes("connection")) headers.push(...connection);
  if (body === null) return void outgoing.writeHead(status, headers).end();
  headers.push(
    "content-length",
    String(typeof body === "string" ? Buffer.byteLength(body) : body.byteLength),
  );
  outgoing.writeHead(status, headers);
  if (!leavesBody) return void outgoing.end(body);
  outgoing.write(body);
  discardRest(incoming, () => outgoing.end());
}

/** Drops what is left of a body, until it ends, the client leaves or `REST_WITHIN` is over. */
function discardRest(incoming: IncomingMessage, ended: () => void): void {
  const timer = setTimeout(settle, REST_WITHIN);
  const turns = readInTurns(incoming);
  let size = 0;
  function drop(piece: Uint8Array) {
    size += piece.length;
    turns.noteRead(piece.length);
    release(piece);
    if (size <= MAX_REST) return;
    turns.end();
    incoming.pause();
  }
  function settle() {
    clearTimeout(timer);
    turns.end();
    incoming.off("data", drop).off("end", settle).off("close", settle).off("error", settle);
    ended();
  }
  incoming.on("data", drop).on("end", settle).on("close", settle).on("error", settle);
  incoming.resume();
}

type Piece = ReadableStreamReadResult<Uint8Array>;

/**
 * Writes an answer as fast as the client reads it. A body of one piece is sent with its length, a longer one in chunks. The
 * connection is closed when the body fails, so that the client sees that it is incomplete; the body is cancelled when the
 * client leaves.
 */
async function writeAnswer(
  { status, headers, body }: Response,
  outgoing: ServerResponse,
): Promise<void> {
  const head = headersOf(headers);
  if (!body) return void outgoing.writeHead(status, head).end();
  head["content-type"] ??= DEFAULT_TYPE;
  const reader = body.getReader();
  try {
    const first = await reader.read();
    const second = first.done ? Promise.resolve(first) : reader.read();
    if (await isEndOf(second)) {
      head["content-length"] ??= first.value?.length ?? 0;
      return void outgoing.writeHead(status, head).end(first.value);
    }
    outgoing.once("close", () => void reader.cancel().catch(() => {}));
    // Also an error while nothing is being read, such as that of a client who does not read.
    reader.closed.catch(() => outgoing.destroy());
    outgoing.writeHead(status, head);
    for (
      let piece: Piece = first;
      !piece.done;
      piece = piece === first ? await second : await reader.read()
    ) {
      if (outgoing.destroyed) return void await reader.cancel();
      if (!outgoing.write(piece.value)) await drained(outgoing);
    }
    outgoing.end();
  } catch {
    // Who made the body has logged the error.
    outgoing.destroy();
  }
}

/** Whether a read that has begun finds the end at once, as that of a body in memory does. */
async function isEndOf(reading: Promise<Piece>): Promise<boolean> {
  let found: boolean | null = null;
  reading.then(({ done }) => found = done, () => found = false);
  for (let turn = 0; turn < TURNS && found === null; turn++) await null;
  return found ?? false;
}

/** Waits until everything written has been taken over by the system, or the connection is closed. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      outgoing.off("drain", settle);
      outgoing.off("close", settle);
      resolve();
    };
    outgoing.on("drain", settle);
    outgoing.on("close", settle);
    if (outgoing.destroyed) settle();
  });
}

function headersOf(headers: Headers): OutgoingHttpHeaders {
  const head: OutgoingHttpHeaders = {};
  for (const [name, value] of headers) if (name !== "set-cookie") head[name] = value;
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) head["set-cookie"] = cookies;
  return head;
}
