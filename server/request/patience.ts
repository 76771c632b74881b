// Waiting for a turn in a queue of work for a limited time.
import { refuse } from "../domain/errors.ts";
import type { WorkQueue } from "../domain/work_queue.ts";
import type { RequestContext } from "./request_context.ts";

/**
 * Runs work when its turn comes.
 *
 * @param options `maxWait`: milliseconds it waits for its turn; `retryAfter`: seconds after which the client may try again
 * @param signal of the request
 * @throws DomainError `OVERLOADED` when the queue is full or the turn did not come
 */
export async function runInTime<T>(
  queue: WorkQueue,
  { maxWait, retryAfter }: { maxWait: number; retryAfter: number },
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), maxWait);
  let began = false;
  try {
    return await queue.run(() => {
      began = true;
      clearTimeout(timer);
      return work();
    }, AbortSignal.any([patience.signal, signal]));
  } catch (error) {
    if (!began && patience.signal.aborted) refuse("OVERLOADED", { retryAfter });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The same for work in the database: the wait counts as waiting for it, since that is what those before it may do. */
export async function runInDatabaseTime<T>(
  queue: WorkQueue,
  { databaseTime, raw }: RequestContext,
  work: () => Promise<T>,
): Promise<T> {
  const now = performance.now();
  let isWaiting = true;
  const stopWaiting = () => {
    if (isWaiting) databaseTime.end(performance.now());
    isWaiting = false;
  };
  databaseTime.begin(now);
  try {
    return await runInTime(queue, { maxWait: databaseTime.left(now), retryAfter: 1 }, raw.signal, () => {
      stopWaiting();
      return work();
    });
  } finally {
    stopWaiting();
  }
}
