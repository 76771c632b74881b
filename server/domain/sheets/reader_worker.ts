// A thread that reads uploaded files, one after the other; see `reader_threads.ts` for the other side.
import { setPriority } from "node:os";
import { setImmediate } from "node:timers";
import { parentPort } from "node:worker_threads";
import { readFile, type ReadRequest } from "./read_file.ts";
import type { ReaderMessage } from "./reader_threads.ts";

/** Of the thread, as for `nice`: requests that are answered meanwhile come first. */
const PRIORITY = 10;

// On Linux a priority belongs to a thread, elsewhere to the whole process.
if (Deno.build.os === "linux") {
  try {
    setPriority(0, PRIORITY);
  } catch {
    // A container can forbid it; reading works all the same.
  }
}

function send(message: ReaderMessage, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}

parentPort!.on("message", async (request: ReadRequest) => {
  send({ kind: "started" });
  const answer = await readFile(request);
  // What a library throws late, outside of every promise, ends the thread before it is kept for another file.
  await new Promise((resolve) => setImmediate(resolve));
  const { heapTotal, external } = Deno.memoryUsage();
  send(
    { kind: "answer", answer, memory: heapTotal + external },
    answer.kind === "table" ? answer.table.batches : [],
  );
});
