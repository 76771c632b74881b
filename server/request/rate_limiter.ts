// Rate limits across all processes: the counts are in Redis, and requests that arrive together are counted in one call.
// While Redis is unavailable or hangs, each process counts for itself.
import type { Redis } from "ioredis";
import { LRUCache } from "lru-cache";
import { createBatcher } from "./batch.ts";
import { type Count, countLocally, countScript, type Limit } from "./rate_limit_counters.ts";
import { createLeases } from "./rate_limit_leases.ts";

export type { Limit };

/** The state of a limit after a request was counted. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Milliseconds until the window restarts, or until the bucket allows one more. */
  reset: number;
}

export interface RateLimiter {
  /** Counts one request of a subject. */
  consume(limit: Limit, subject: string): Allowance | Promise<Allowance>;
  /** Whether Redis is connected. */
  isConnected(): boolean;
  close(): void;
}

/** How often Redis is tried again while it is unavailable; milliseconds. */
const RECONNECT_INTERVAL = 500;
type Counted = [first: number, second: number];

/**
 * @param redis a connection of its own, without an offline queue; keys begin with `limit:`
 * @param timeoutMs how long a count may take before this process counts locally; milliseconds
 */
export function createRateLimiter(redis: Redis, timeoutMs: number): RateLimiter {
  let unavailable = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const local = countLocally();
  // Refused subjects and when their limit resets; until then no count in Redis is needed.
  const refusedUntil = new LRUCache<string, number>({ max: 20_000 });
  const leases = createLeases();

  const counts = createBatcher<Count, Counted>(async (items) => {
    if (unavailable) return items.map(local.count);
    // Leases are used first. The rest of a window is counted together; buckets are counted one by one.
    const requests: (Count & { n: number })[] = [];
    const windows = new Map<string, number>();
    const answers = items.map(({ key, limit }) => {
      const leased = limit.kind === "window" ? leases.use(key, performance.now()) : null;
      if (leased) return leased;
      const known = windows.get(key);
      if (known !== undefined) requests[known].n++;
      else if (limit.kind === "window") windows.set(key, requests.length);
      return known ?? requests.push({ key, limit, n: 1 }) - 1;
    });
    const ahead = requests.map(({ key, limit }) =>
      limit.kind === "window" ? leases.sizeOf(key, limit.max) : 0
    );
    try {
      const counted = await withTimeout(countInRedis(requests, ahead), timeoutMs);
      const reached = requests.map(({ key, limit, n }, index) => {
        const [first, second] = [counted[2 * index], counted[2 * index + 1]];
        local.learn(requests[index], [first, second]);
        if (limit.kind === "bucket") return first - 1;
        const before = first - n - ahead[index];
        if (ahead[index] > 0) leases.store(key, before + n + 1, Math.min(first, limit.max), second);
        return before;
      });
      return answers.map((answer): Counted =>
        typeof answer === "number" ? [++reached[answer], counted[2 * answer + 1]] : answer
      );
    } catch {
      markUnavailable();
      return items.map(local.count);
    }
  }, { maxBatchSize: 1000 });

  function countInRedis(requests: (Count & { n: number })[], ahead: number[]): Promise<number[]> {
    const keys = requests.map(({ key }) => key);
    const facts = requests.flatMap(({ limit, n }, index) =>
      limit.kind === "window"
        ? ["window", limit.windowMs, 0, n + ahead[index], local.known(keys[index])]
        : ["bucket", limit.intervalMs, limit.max, n, 0]
    );
    return redis.eval(countScript, keys.length, ...keys, ...facts) as Promise<number[]>;
  }

  function markUnavailable(): void {
    if (unavailable) return;
    unavailable = true;
    timer = setTimeout(reconnect, RECONNECT_INTERVAL);
  }

  async function reconnect(): Promise<void> {
    try {
      // A write, which a replica and one whose memory is full refuse.
      await withTimeout(redis.set("limit:connected", 1, "PX", RECONNECT_INTERVAL), timeoutMs);
      unavailable = false;
    } catch {
      timer = setTimeout(reconnect, RECONNECT_INTERVAL);
    }
  }

  return {
    consume(limit, subject) {
      const key = `limit:${limit.name}:${subject}`;
      const now = performance.now();
      const until = refusedUntil.get(key);
      if (until !== undefined && until > now) {
        return { allowed: false, limit: limit.max, remaining: 0, reset: until - now };
      }
      const leased = limit.kind === "window" ? leases.use(key, now) : null;
      if (leased) return windowAllowance(limit.max, ...leased);
      return counts.add({ key, limit }).then(([first, second]) => {
        const allowance = limit.kind === "window"
          ? windowAllowance(unavailable ? limit.maxWithoutRedis ?? limit.max : limit.max, first, second)
          : bucketAllowance(limit, first === 1, second);
        if (!allowance.allowed) refusedUntil.set(key, now + allowance.reset);
        return allowance;
      });
    },
    isConnected: () => !unavailable && redis.status === "ready",
    close: () => clearTimeout(timer),
  };
}

function windowAllowance(limit: number, count: number, reset: number): Allowance {
  return { allowed: count <= limit, limit, remaining: Math.max(0, limit - count), reset };
}

/** @param filled milliseconds until the bucket would be full again */
function bucketAllowance(
  limit: Extract<Limit, { kind: "bucket" }>,
  allowed: boolean,
  filled: number,
): Allowance {
  const { max, intervalMs } = limit;
  return {
    allowed,
    limit: max,
    remaining: Math.max(0, max - Math.ceil(filled / intervalMs)),
    reset: allowed ? filled % intervalMs || intervalMs : Math.max(0, filled - (max - 1) * intervalMs),
  };
}

/** Fails when Redis takes longer than it may; milliseconds. */
export function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error("Redis did not answer in time"));
    // In two steps: after a pause of this process the answer is read before the second timer fires.
    let timer = setTimeout(() => timer = setTimeout(late, timeoutMs / 4), timeoutMs * 3 / 4);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
