// Requests counted ahead of time: a process takes some of a large window at once, so that most calls need no trip to
// Redis. Small windows are counted one by one, and what was taken ahead is used up before more is asked for.
import { LRUCache } from "lru-cache";

/** Of what is left of a window a process may take a two-hundredth ahead, so limits below 200 are counted one by one. */
const AHEAD = 1 / 200;
const MOST_AHEAD = 10_000;

interface Lease {
  /** The next number to hand out, and the last. */
  next: number;
  last: number;
  ends: number;
}

/** No leases yet. */
export function createLeases() {
  const leases = new LRUCache<string, Lease>({ max: 20_000 });
  const current = (key: string) => {
    const lease = leases.get(key);
    return lease && lease.ends > performance.now() ? lease : null;
  };
  return {
    /** The next number of a lease and the milliseconds until its window ends; null when there is none left. */
    use(key: string): [count: number, left: number] | null {
      const lease = current(key);
      return lease && lease.next <= lease.last ? [lease.next++, lease.ends - performance.now()] : null;
    },
    /** How many more it is worth asking for than are wanted now. */
    sizeOf(key: string, most: number): number {
      return Math.min(MOST_AHEAD, Math.floor((most - (current(key)?.last ?? 0)) * AHEAD));
    },
    /** Keeps the numbers from `next` to `last` for later. */
    keep(key: string, next: number, last: number, left: number): void {
      leases.set(key, { next, last, ends: performance.now() + left });
    },
  };
}
