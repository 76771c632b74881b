// A queue for work that uses a processor core or much memory for a while: so many at a time, in the order they came, and a
// bounded number that waits. Whoever comes later is refused at once instead of waiting for longer than a client does.
import { refuse } from "./errors.ts";

export interface WorkQueue {
  /**
   * Runs the work when its turn comes.
   *
   * @param signal of the request that waits for it: aborted, it leaves the queue. Work that has begun is finished.
   * @throws DomainError `OVERLOADED` when the queue is full; the signal's reason when it is aborted before the turn
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  readonly running: number;
  readonly waiting: number;
  /** How much work was refused since the start. */
  readonly refused: number;
}

interface Waiter {
  begin(): void;
}

/** The queues of a process, by the name they have in the metrics. */
export const workQueues = new Map<string, WorkQueue>();

/**
 * Creates a queue.
 *
 * @param name in the metrics; null: it is not in them
 * @param options `concurrency`: how much work runs at a time; `maxWaiting`: how much may wait; `duration`: milliseconds that
 *   a piece of work takes, for `Retry-After`
 */
export function createWorkQueue(
  name: string | null,
  options: { concurrency: number; maxWaiting: number; duration: number },
): WorkQueue {
  const { concurrency, maxWaiting, duration } = options;
  const waiting = new Set<Waiter>();
  let running = 0;
  let refused = 0;

  /** Resolves when it is this caller's turn, which is then counted as running. */
  function waitForTurn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(waiter);
        reject(signal!.reason);
      };
      const waiter: Waiter = {
        begin() {
          waiting.delete(waiter);
          signal?.removeEventListener("abort", leave);
          running++;
          resolve();
        },
      };
      waiting.add(waiter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  const queue: WorkQueue = {
    async run(work, signal) {
      signal?.throwIfAborted();
      if (running < concurrency) running++;
      else if (waiting.size < maxWaiting) await waitForTurn(signal);
      else {
        refused++;
        refuse("OVERLOADED", { retryAfter: Math.ceil(maxWaiting * duration / concurrency / 1000) });
      }
      try {
        return await work();
      } finally {
        running--;
        // A set keeps the order in which it was filled.
        for (const next of waiting) {
          next.begin();
          break;
        }
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiting.size;
    },
    get refused() {
      return refused;
    },
  };
  if (name !== null) workQueues.set(name, queue);
  return queue;
}
