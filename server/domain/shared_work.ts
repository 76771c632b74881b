// Work that callers share: one statement for all who wait at the same time. Whoever it leaves undecided tries again alone.
import { isInTransaction } from "../../db/connect.ts";
import type { Context, SharedWork } from "./context.ts";

/** Attempts for an item whose rows change faster than they can be read. */
const MAX_ATTEMPTS = 10;

/**
 * Runs work for an item until it is decided: first together with those of other callers, then alone. Inside a transaction,
 * which has to see its own changes, and outside a request it is alone from the beginning.
 *
 * @param explain called when nothing was done: throws why, or returns when the cause is gone. In the last attempt it throws.
 *   `isAlone`: the item was tried alone, waiting for locks
 */
export async function runShared<Item, Result>(
  ctx: Pick<Context, "db" | "batches">,
  work: SharedWork<Item, Result>,
  item: Item,
  explain: (options: { isLast: boolean; isAlone: boolean }) => Promise<void>,
): Promise<Result> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const batches = attempt === 1 && !isInTransaction(ctx.db) ? ctx.batches : undefined;
    const result = batches
      ? await batches.add(ctx.db, work, item)
      : (await work(ctx.db, [item], { waits: true }))[0];
    if (result !== null) return result;
    await explain({ isLast: attempt === MAX_ATTEMPTS, isAlone: batches === undefined });
  }
  throw new Error(`${work.name} stays undecided`);
}
