// What a body costs while it arrives: its own size, in whatever pieces it is sent.
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { receiveBody, receiveShort } from "../../server/request/receive_body.ts";
import { RequestError } from "../../server/request/request_error.ts";
import { test } from "../support/test.ts";

/** A request whose body arrives in pieces that share one buffer, as a listener's pieces have large buffers. */
function inPieces(sizes: number[]): Request {
  const buffer = new Uint8Array(64 * 1024);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at === sizes.length) return controller.close();
      controller.enqueue(buffer.fill(at % 251).subarray(0, sizes[at++]));
    },
  }, { highWaterMark: 0 });
  return new Request("http://localhost", { method: "POST", body });
}

test("no piece of a body is kept: each is a view of a buffer that is much larger", async () => {
  for (const sizes of [[], [1], Array(3000).fill(1), [5000, 1, 60_000, 7], [0, 3, 0]]) {
    const expected = sizes.flatMap((size, n) => Array(size).fill(n % 251));
    const received = await receiveBody(inPieces(sizes), { maxBytes: 100_000 });
    assert.deepEqual([...received], expected);
    // What is handed to a thread is this body and no more.
    assert.equal(received.buffer.byteLength, expected.length);
  }
});

test("a body of the largest size is received, and refused with one byte more", async () => {
  assert.equal((await receiveBody(inPieces([9999, 1]), { maxBytes: 10_000 })).length, 10_000);
  await assert.rejects(
    receiveBody(inPieces([9999, 2]), { maxBytes: 10_000 }),
    (error) => error instanceof RequestError && error.code === "PAYLOAD_TOO_LARGE",
  );
});

const nothing = new Request("http://localhost", { method: "POST" });
const bytes = (size: number, of: number) => new Uint8Array(size).fill(of);

test("the pieces of node:http are freed when they are copied, unless they share their memory", async () => {
  const incoming = new PassThrough();
  const pieces = [bytes(60_000, 1), bytes(60_000, 2).subarray(0, 30_000), bytes(1, 3)];
  const receiving = receiveBody(nothing, { maxBytes: 100_000 }, incoming);
  for (const piece of pieces) incoming.write(piece);
  incoming.end();
  const received = await receiving;
  assert.deepEqual([received.length, received[0], received[60_000], received.at(-1)], [90_001, 1, 2, 3]);
  assert.deepEqual(pieces.map(({ buffer }) => buffer.detached), [true, false, true]);
  assert.equal(received.buffer.byteLength, received.length);
});

test("a body of node:http that is too long, cut off or late is refused, and its rest is not read", async () => {
  const code = (promise: Promise<unknown>) => promise.then(() => "none", (error) => error.code);
  const long = new PassThrough({ highWaterMark: 1000 });
  const refused = code(receiveBody(nothing, { maxBytes: 1000 }, long));
  long.write(bytes(999, 1));
  long.write(bytes(2, 1));
  assert.equal(await refused, "PAYLOAD_TOO_LARGE");
  for (let n = 0; n < 5; n++) long.write(bytes(1000, 1));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(long.isPaused() && long.writableNeedDrain);
  const cut = new PassThrough();
  const cutOff = code(receiveBody(nothing, { maxBytes: 1000 }, cut));
  cut.write(bytes(10, 1));
  cut.destroy();
  assert.equal(await cutOff, "CLIENT_CLOSED_REQUEST");
  const failing = new PassThrough();
  const failed = code(receiveBody(nothing, { maxBytes: 1000 }, failing));
  failing.destroy(new Error("aborted"));
  assert.equal(await failed, "CLIENT_CLOSED_REQUEST");
  const late = new PassThrough();
  late.write(bytes(10, 1));
  assert.equal(await code(receiveBody(nothing, { maxBytes: 1000, timeout: 1 }, late)), "INVALID_REQUEST");
});

test("a short body of node:http is not copied, arrives in any pieces, and is refused when it is cut off", async () => {
  const whole = new PassThrough();
  const piece = bytes(10, 1);
  const receiving = receiveShort(whole, 10);
  whole.write(piece);
  assert.equal((await receiving).buffer, piece.buffer);
  const torn = new PassThrough();
  const parts = receiveShort(torn, 10);
  for (const size of [1, 8, 1]) torn.write(bytes(size, size));
  assert.deepEqual([...await parts], [1, ...Array(8).fill(8), 1]);
  assert.equal((await receiveShort(new PassThrough(), 0)).length, 0);
  const cut = new PassThrough();
  const refused = receiveShort(cut, 10).then(() => "none", ({ code }) => code);
  cut.write(bytes(9, 1));
  cut.destroy();
  assert.equal(await refused, "CLIENT_CLOSED_REQUEST");
});
