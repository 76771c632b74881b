// Batches of small writes: items added while a batch is running go into the next one. Batches grow with the load;
// without load nothing waits.
import { activeSpan, inSharedSpan, type TraceSpan } from "../../db/tracing.ts";

export interface Batcher<Item, Result> {
  /** Settles with the item's result when its batch is done, or rejects with the batch's error. */
  add(item: Item): Promise<Result>;
  /** Settles when nothing is waiting or running. */
  drain(): Promise<void>;
}

/**
 * Collects items into batches, one batch at a time.
 *
 * @param run processes a batch and returns a result for each item, in order
 * @param options `maxDelay`: milliseconds a batch waits for more items; `maxBatchSize`: items a batch
 */
export function createBatcher<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  options: { maxDelay?: number; maxBatchSize: number },
): Batcher<Item, Result> {
  let waiting: {
    item: Item;
    caller: TraceSpan | null;
    resolve: (result: Result) => void;
    reject: (error: unknown) => void;
  }[] = [];
  let running: Promise<void> | null = null;

  async function runAll(): Promise<void> {
    while (waiting.length > 0) {
      if (options.maxDelay && waiting.length < options.maxBatchSize) {
        await new Promise((resolve) => setTimeout(resolve, options.maxDelay));
      }
      const batch = waiting.slice(0, options.maxBatchSize);
      waiting = waiting.slice(options.maxBatchSize);
      try {
        const callers = batch.map(({ caller }) => caller);
        const results = await inSharedSpan("batch", callers, () => run(batch.map(({ item }) => item)));
        batch.forEach(({ resolve }, index) => resolve(results[index]));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = null;
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, caller: activeSpan(), resolve, reject });
        running ??= runAll();
      });
    },
    async drain() {
      while (running) await running;
    },
  };
}
