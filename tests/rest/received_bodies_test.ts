// What a body costs while it arrives: its own size, in whatever pieces it is sent.
import assert from "node:assert/strict";
import { receiveBody } from "../../server/request/body.ts";
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
