// Rate limits that hold across all processes: the counts are in Redis. What many requests want to count at once goes
// there in one call. When Redis is away or hangs, each process counts for itself until it is back.
import type { Redis } from "ioredis";
import { LRUCache } from "lru-cache";
import { gather } from "./gather.ts";
import { type Count, countLocally, countScript } from "./limit_counts.ts";

/**
 * So many in a span of time, counted from the first; or one every so often, with some in reserve. `alone`: how many
 * while each process counts for itself.
 */
export type Limit =
  | { name: string; kind: "window"; most: number; per: number; alone?: number }
  | { name: string; kind: "bucket"; most: number; every: number };

/** How a subject stands with a limit after asking. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Milliseconds until the count begins anew, or until one more is allowed. */
  reset: number;
}

export interface Limiter {
  /** Counts one request of a subject. */
  take(limit: Limit, subject: string): Promise<Allowance>;
  /** Whether Redis takes part at present. */
  shared(): boolean;
  close(): void;
}

/** How long a count may take before this process counts for itself, and how often Redis is tried meanwhile; ms. */
const PATIENCE = 40;
const TRY_EVERY = 500;

/** @param redis a connection of its own, without an offline queue; what it counts is under `limit:` */
export function createLimiter(redis: Redis): Limiter {
  let away = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const local = countLocally();
  // Whoever is over a limit stays so for a while; that needs no counting.
  const over = new LRUCache<string, number>({ max: 20_000 });

  const counts = gather<Count, [first: number, second: number]>(async (items) => {
    if (away) return items.map(local);
    // Equal windows are counted together; buckets are asked one by one.
    const asked: (Count & { n: number })[] = [];
    const windows = new Map<string, number>();
    const places = items.map((item) => {
      const known = windows.get(item.key);
      if (known !== undefined) asked[known].n++;
      else if (item.limit.kind === "window") windows.set(item.key, asked.length);
      return known ?? asked.push({ ...item, n: 1 }) - 1;
    });
    try {
      const answers = await withPatience(ask(asked));
      const counted = asked.map(({ limit, n }, place) =>
        answers[2 * place] - (limit.kind === "window" ? n : 1)
      );
      return places.map((place) => [++counted[place], answers[2 * place + 1]]);
    } catch {
      leave();
      return items.map(local);
    }
  }, { most: 1000 });

  function ask(asked: (Count & { n: number })[]): Promise<number[]> {
    const keys = asked.map(({ key }) => key);
    const facts = asked.flatMap(({ limit, n }) =>
      limit.kind === "window" ? ["window", limit.per, 0, n] : ["bucket", limit.every, limit.most, n]
    );
    return redis.eval(countScript, keys.length, ...keys, ...facts) as Promise<number[]>;
  }

  function leave(): void {
    if (away) return;
    away = true;
    timer = setTimeout(tryAgain, TRY_EVERY);
  }

  async function tryAgain(): Promise<void> {
    try {
      await withPatience(redis.ping());
      away = false;
    } catch {
      timer = setTimeout(tryAgain, TRY_EVERY);
    }
  }

  return {
    async take(limit, subject) {
      const key = `limit:${limit.name}:${subject}`;
      const until = over.get(key);
      const now = performance.now();
      if (until !== undefined && until > now) {
        return { allowed: false, limit: limit.most, remaining: 0, reset: until - now };
      }
      const [first, second] = await counts.add({ key, limit });
      const allowance = limit.kind === "window"
        ? windowAllowance(away ? limit.alone ?? limit.most : limit.most, first, second)
        : bucketAllowance(limit, first === 1, second);
      if (!allowance.allowed) over.set(key, now + allowance.reset);
      return { ...allowance, limit: limit.most };
    },
    shared: () => !away,
    close: () => clearTimeout(timer),
  };
}

function windowAllowance(most: number, count: number, reset: number) {
  return { allowed: count <= most, remaining: Math.max(0, most - count), reset };
}

/** @param filled milliseconds until the bucket would be full again */
function bucketAllowance(limit: Extract<Limit, { kind: "bucket" }>, allowed: boolean, filled: number) {
  const taken = Math.ceil(filled / limit.every);
  const next = Math.max(0, filled - (limit.most - 1) * limit.every);
  return {
    allowed,
    remaining: Math.max(0, limit.most - taken),
    reset: allowed ? filled % limit.every || limit.every : next,
  };
}

function withPatience<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("Redis did not answer in time")), PATIENCE);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
