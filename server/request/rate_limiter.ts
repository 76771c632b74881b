// Rate limits across all processes: the counts are in Redis, and requests that arrive together are counted in one call.
// While Redis is unavailable or hangs, each process counts for itself.
import { LRUCache } from "lru-cache";
import type { RedisConnection } from "../../db/redis.ts";
import { keyPrefix } from "../../db/redis_keys.ts";
import { countLocally, type Limit } from "./rate_limit_counters.ts";
import { createRateLimitGroup } from "./rate_limit_group.ts";
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

/**
 * On a cluster the counts are spread over this many groups, each of which is on one node: a script can count those of a
 * group together, and while a node is unavailable the groups on the others are still counted for all processes.
 */
const GROUPS_OF_CLUSTER = 16;

/**
 * @param redis a connection of its own, without an offline queue
 * @param timeoutMs how long a count may take before this process counts locally; milliseconds
 */
export function createRateLimiter(redis: RedisConnection, timeoutMs: number): RateLimiter {
  // Refused subjects and when their limit resets; until then no count in Redis is needed.
  const refusedUntil = new LRUCache<string, number>({ max: 20_000 });
  const local = countLocally();
  const leases = createLeases();
  const groups = Array.from(
    { length: redis.isCluster ? GROUPS_OF_CLUSTER : 1 },
    (_, n) => createRateLimitGroup(redis, { timeoutMs, prefix: keyPrefix(`limits-${n}`), local, leases }),
  );
  const groupOf = (key: string) => groups.length === 1 ? groups[0] : groups[hashOf(key) % groups.length];

  return {
    consume(limit, subject) {
      const key = `${limit.name}:${subject}`;
      const now = performance.now();
      const until = refusedUntil.get(key);
      if (until !== undefined && until > now) {
        return { allowed: false, limit: limit.max, remaining: 0, reset: until - now };
      }
      const leased = limit.kind === "window" ? leases.use(key, now) : null;
      if (leased) return windowAllowance(limit.max, ...leased);
      const group = groupOf(key);
      return group.count({ key, limit }).then(([first, second]) => {
        const allowance = limit.kind === "window"
          ? windowAllowance(
            group.isUnavailable() ? limit.maxWithoutRedis ?? limit.max : limit.max,
            first,
            second,
          )
          : bucketAllowance(limit, first === 1, second);
        if (!allowance.allowed) refusedUntil.set(key, now + allowance.reset);
        return allowance;
      });
    },
    isConnected: () => redis.status === "ready" && !groups.some((group) => group.isUnavailable()),
    close: () => groups.forEach((group) => group.close()),
  };
}

/** The same number for the same text in every process (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return hash >>> 0;
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
