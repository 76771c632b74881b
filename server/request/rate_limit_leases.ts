// Leases: a process counts some requests of a large window in Redis ahead of time, so that most requests need no trip
// to Redis. Small windows are counted one by one. A lease is used up before the next one is acquired.
import { LRUCache } from "lru-cache";

/** The share of the rest of a window that a lease reserves. Windows below 200 are therefore counted one by one. */
const AHEAD = 1 / 200;
const MOST_AHEAD = 10_000;

interface Lease {
  /** The next and the last count of the lease. */
  next: number;
  last: number;
  ends: number;
}

export type Leases = ReturnType<typeof createLeases>;

/** No leases yet. */
export function createLeases() {
  const leases = new LRUCache<string, Lease>({ max: 20_000 });
  const current = (key: string, now: number) => {
    const lease = leases.get(key);
    return lease && lease.ends > now ? lease : null;
  };
  return {
    /**
     * The next count of a lease and the milliseconds until its window ends; null when none is left.
     *
     * @param now by `performance.now()`
     */
    use(key: string, now: number): [count: number, left: number] | null {
      const lease = current(key, now);
      return lease && lease.next <= lease.last ? [lease.next++, lease.ends - now] : null;
    },
    /** How many requests to count ahead. */
    sizeOf(key: string, most: number): number {
      return Math.min(MOST_AHEAD, Math.floor((most - (current(key, performance.now())?.last ?? 0)) * AHEAD));
    },
    /** Stores the counts from `next` to `last`. */
    store(key: string, next: number, last: number, left: number): void {
      leases.set(key, { next, last, ends: performance.now() + left });
    },
  };
}
