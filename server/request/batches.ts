// Work that requests share. While a batch runs, the requests for the same work wait and are the next one, so that batches
// grow with the load; each request waits no longer than it may wait for the database.
import { ConnectionError } from "../../db/connection_error.ts";
import { type Database, type Db, isRolledBack, isUnavailable, PostgresError } from "../../db/connect.ts";
import { type TimeBudget, type Timed, unwatch, watch } from "../../db/deadlines.ts";
import { budgetOf } from "../../db/handles.ts";
import type { Batches, SharedWork } from "../domain/context.ts";
import { type Batcher, createBatcher } from "./batch.ts";
import { describeError, type Log } from "./log.ts";

/** Items of one batch: enough for the load, and few enough that it takes milliseconds. */
const MAX_BATCH_SIZE = 100;
/** How many may wait for a batch of one kind, as many as for a connection. */
const MAX_WAITING = 1000;

interface Entry {
  item: unknown;
  /** Whether its batch has begun. */
  isSent: boolean;
  /** Whether its request waits no more. */
  hasLeft: boolean;
}

type AnyWork = SharedWork<unknown, unknown>;

interface Kind {
  batcher: Batcher<Entry, unknown>;
  waiting: number;
}

/**
 * Creates the batches of a process.
 *
 * @param db its statements may take as long as those of a request
 */
export function createBatches(db: Database, log: Log): Batches & { drain(): Promise<void> } {
  const kinds = new Map<AnyWork, Kind>();

  function kindOf(work: AnyWork): Kind {
    let kind = kinds.get(work);
    if (!kind) {
      const batcher = createBatcher((entries: Entry[]) => run(work, entries), {
        maxBatchSize: MAX_BATCH_SIZE,
      });
      kinds.set(work, kind = { batcher, waiting: 0 });
    }
    return kind;
  }

  async function run(work: AnyWork, entries: Entry[]): Promise<unknown[]> {
    kindOf(work).waiting -= entries.length;
    const present = entries.filter(({ hasLeft }) => !hasLeft);
    for (const entry of present) entry.isSent = true;
    const results = await runOnce(work, present.map(({ item }) => item));
    const resultOf = new Map(present.map((entry, index) => [entry, results[index]]));
    return entries.map((entry) => resultOf.get(entry) ?? null);
  }

  async function runOnce(work: AnyWork, items: unknown[]): Promise<unknown[]> {
    if (items.length === 0) return [];
    try {
      return await work(db, items, { waits: false });
    } catch (error) {
      // Only what PostgreSQL refused is certain to have had no effect. Of anything else no one may try again as if nothing
      // had happened: a machine that the batch activated would be answered as one that was activated before.
      if (!(error instanceof PostgresError)) throw error;
      if (!isRolledBack(error)) {
        if (isUnavailable(error)) throw error;
        log.warn("a shared statement failed", describeError(error));
      }
      return items.map(() => null);
    }
  }

  return {
    async add<Item, Result>(callerDb: Db, work: SharedWork<Item, Result>, item: Item) {
      const kind = kindOf(work as AnyWork);
      const budget = budgetOf(callerDb);
      if (budget && budget.left(performance.now()) <= 0) throw new ConnectionError("POOL_TIMEOUT");
      if (kind.waiting >= MAX_WAITING) throw new ConnectionError("POOL_FULL");
      const entry: Entry = { item, isSent: false, hasLeft: false };
      kind.waiting++;
      const result = kind.batcher.add(entry);
      return await (budget ? withinTime(budget, entry, result) : result) as Result | null;
    },
    async drain() {
      await Promise.all([...kinds.values()].map(({ batcher }) => batcher.drain()));
    },
  };
}

/**
 * Waits for an entry's result as long as its request may wait for the database.
 *
 * @throws ConnectionError `POOL_TIMEOUT`, and `ANSWER_TIMEOUT` when its batch has begun
 */
async function withinTime(budget: TimeBudget, entry: Entry, result: Promise<unknown>): Promise<unknown> {
  const now = performance.now();
  const patience: Timed = { deadline: now + budget.left(now), expire: () => {} };
  budget.begin(now);
  try {
    return await new Promise((resolve, reject) => {
      patience.expire = () => {
        entry.hasLeft = true;
        reject(new ConnectionError(entry.isSent ? "ANSWER_TIMEOUT" : "POOL_TIMEOUT"));
      };
      watch(patience);
      result.then(resolve, reject);
    });
  } finally {
    unwatch(patience);
    budget.end(performance.now());
  }
}
