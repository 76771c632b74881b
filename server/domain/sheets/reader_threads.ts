// The threads that read uploaded tables. Starting one holds up the process for tens of milliseconds, so one is kept for the
// next file when it has ended cleanly; one that took too long, failed or holds much memory is ended.
import { Worker } from "node:worker_threads";
import type { ReadAnswer, ReadRequest } from "./read_file.ts";
import { MAX_HEAP_MIB } from "./read_limits.ts";

/** What a thread sends: that it has begun with a file, and the answer with the memory it holds afterwards. */
export type ReaderMessage = { kind: "started" } | { kind: "answer"; answer: ReadAnswer; memory: number };

/**
 * The memory with which a thread is kept; bytes. Garbage of the last file counts, as it is collected with the next one. Ending
 * a thread gives back little: most of what the first one takes is code, which the process keeps.
 */
const MAX_KEPT_MEMORY = 48 * 1024 * 1024;

/** Threads that were started since the start of the process. */
let starts = 0;

export function readerStarts(): number {
  return starts;
}

/** The thread that waits for the next file. */
let kept: Worker | null = null;

/**
 * Reads a file in a thread.
 *
 * @param request its file is handed to the thread and empty afterwards
 * @param options.timeout milliseconds after which the file is refused and the thread ended
 * @throws the signal's reason; the error of a thread that could not be started
 */
export async function readInThread(
  request: ReadRequest,
  { timeout, signal }: { timeout: number; signal?: AbortSignal },
): Promise<ReadAnswer> {
  const thread = takeThread();
  const tooComplex: ReadAnswer = { kind: "refused", problem: "too_complex", facts: {} };
  // A thread can run out of memory in silence: it is ended with those that take too long.
  const overdue = AbortSignal.timeout(timeout);
  let isReusable = false;
  let leave: (() => void) | undefined;
  try {
    return await new Promise<ReadAnswer>((resolve, reject) => {
      leave = () => reject(signal!.reason);
      signal?.addEventListener("abort", leave, { once: true });
      overdue.addEventListener("abort", () => resolve(tooComplex), { once: true });
      let isStarted = false;
      thread.on("message", (message: ReaderMessage) => {
        if (message.kind === "started") isStarted = true;
        else {
          isReusable = message.answer.kind !== "failed" && message.memory <= MAX_KEPT_MEMORY;
          resolve(message.answer);
        }
      });
      // What ends a thread that has started is the file: out of memory, or an error that a library has thrown outside of
      // every promise.
      thread.once("error", (error) => isStarted ? resolve(tooComplex) : reject(error));
      thread.once("exit", () => resolve(tooComplex));
      thread.postMessage(request, [request.file]);
    });
  } finally {
    if (leave) signal?.removeEventListener("abort", leave);
    thread.removeAllListeners();
    if (isReusable && !overdue.aborted && !signal?.aborted && !kept) keep(thread);
    else endThread(thread);
  }
}

function takeThread(): Worker {
  if (kept) {
    const thread = kept;
    kept = null;
    thread.removeAllListeners();
    thread.ref();
    return thread;
  }
  starts++;
  return new Worker(new URL("./reader_worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
  });
}

/** Keeps a thread for the next file; it does not keep the process alive. */
function keep(thread: Worker): void {
  const drop = () => {
    if (kept === thread) kept = null;
    endThread(thread);
  };
  thread.once("error", drop);
  thread.once("exit", drop);
  thread.unref();
  kept = thread;
}

function endThread(thread: Worker): void {
  thread.removeAllListeners();
  // What it reports while it ends is of no interest, but an error without a listener would end the process.
  thread.on("error", () => {});
  void thread.terminate();
}
