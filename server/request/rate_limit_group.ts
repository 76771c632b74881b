// Rate limits whose counts are on one server of Redis: requests that arrive together are counted in one call, and in this
// process while that server is unavailable or hangs.
import type { RedisConnection } from "../../db/redis.ts";
import { createBatcher } from "./batch.ts";
import { type Count, countScript, type LocalCounts } from "./rate_limit_counters.ts";
import type { Leases } from "./rate_limit_leases.ts";

/** How often Redis is tried again while it is unavailable; milliseconds. */
const RECONNECT_INTERVAL = 500;
type Counted = [first: number, second: number];

export interface RateLimitGroup {
  /** Counts a request in Redis, or in this process while Redis is unavailable. */
  count(count: Count): Promise<Counted>;
  /** Whether this process counts for itself. */
  isUnavailable(): boolean;
  close(): void;
}

/**
 * @param options.prefix that of the group's keys
 * @param options.timeoutMs how long a count may take before this process counts locally; milliseconds
 * @param options.local and `leases` are shared by all groups of the process
 */
export function createRateLimitGroup(
  redis: RedisConnection,
  { prefix, timeoutMs, local, leases }: {
    prefix: string;
    timeoutMs: number;
    local: LocalCounts;
    leases: Leases;
  },
): RateLimitGroup {
  let unavailable = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

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
    const keys = requests.map(({ key }) => `${prefix}:${key}`);
    const facts = requests.flatMap(({ key, limit, n }, index) =>
      limit.kind === "window"
        ? ["window", limit.windowMs, 0, n + ahead[index], local.known(key)]
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
      await withTimeout(redis.set(`${prefix}:connected`, 1, "PX", RECONNECT_INTERVAL), timeoutMs);
      unavailable = false;
    } catch {
      timer = setTimeout(reconnect, RECONNECT_INTERVAL);
    }
  }

  return {
    count: (count) => counts.add(count),
    isUnavailable: () => unavailable,
    close: () => clearTimeout(timer),
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
