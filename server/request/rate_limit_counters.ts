// How requests are counted: in Redis by a script, for all processes, and in this process while Redis is unavailable. A
// window begins with its first request. A bucket is the generic cell rate algorithm (ITU-T I.371, annex A).
import { LRUCache } from "lru-cache";

/**
 * `window`: `max` requests in `windowMs` from the first on. `bucket`: one request every `intervalMs`, `max` in a burst.
 * `maxWithoutRedis`: the limit of each process while Redis is unavailable.
 */
export type Limit =
  | { name: string; kind: "window"; max: number; windowMs: number; maxWithoutRedis?: number }
  | { name: string; kind: "bucket"; max: number; intervalMs: number };

/** The seconds in which a limit allows `max` requests. */
export function secondsOfQuota(limit: Limit): number {
  return Math.ceil((limit.kind === "window" ? limit.windowMs : limit.max * limit.intervalMs) / 1000);
}

export interface Count {
  key: string;
  limit: Limit;
}

/**
 * Arguments, five for each key: kind, milliseconds of the window or between two tokens, size of the bucket, number of
 * requests, and the count that the process knows of the window, in case Redis was emptied. Results, two for each key: of a window the count and the milliseconds left; of a bucket 1 or 0 for allowed
 * and the milliseconds until it is full.
 */
export const countScript = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answers = {}
for i = 1, #KEYS do
  local span = tonumber(ARGV[5 * i - 3])
  if ARGV[5 * i - 4] == 'window' then
    local count = redis.call('incrby', KEYS[i], ARGV[5 * i - 1])
    local lost = tonumber(ARGV[5 * i]) - (count - tonumber(ARGV[5 * i - 1]))
    if lost > 0 then count = redis.call('incrby', KEYS[i], lost) end
    local left = redis.call('pttl', KEYS[i])
    if left < 0 then
      redis.call('pexpire', KEYS[i], span)
      left = span
    end
    answers[2 * i - 1] = count
    answers[2 * i] = left
  else
    local full = math.max(tonumber(redis.call('get', KEYS[i]) or 0), now)
    local allowed = 0
    if full + span - now <= span * tonumber(ARGV[5 * i - 2]) then
      full = full + span
      redis.call('set', KEYS[i], full, 'px', full - now)
      allowed = 1
    end
    answers[2 * i - 1] = allowed
    answers[2 * i] = full - now
  end
end
return answers`;

/** The end of a window in which the count of this process is not trusted, as Redis may have begun the next; milliseconds. */
const MARGIN = 250;

export interface LocalCounts {
  /** Counts in this process, on from what Redis counted last. */
  count(count: Count): [number, number];
  /** Notes what Redis has counted. */
  learn(count: Count, counted: [number, number]): void;
  /** The last known count of a window; 0 when there is none. */
  known(key: string): number;
}

/** The same counts in this process. They follow those in Redis, so that a Redis that hangs grants no fresh count. */
export function countLocally(): LocalCounts {
  const windows = new LRUCache<string, { count: number; ends: number }>({ max: 50_000 });
  const buckets = new LRUCache<string, number>({ max: 50_000 });
  const count = ({ key, limit }: Count): [number, number] => {
    const now = performance.now();
    if (limit.kind === "window") {
      let window = windows.get(key);
      if (!window || window.ends <= now) windows.set(key, window = { count: 0, ends: now + limit.windowMs });
      return [++window.count, window.ends - now];
    }
    const full = Math.max(buckets.get(key) ?? 0, now);
    if (full + limit.intervalMs - now > limit.intervalMs * limit.max) return [0, full - now];
    buckets.set(key, full + limit.intervalMs);
    return [1, full + limit.intervalMs - now];
  };
  return {
    count,
    learn({ key, limit }, [first, second]) {
      const now = performance.now();
      if (limit.kind === "window") windows.set(key, { count: first, ends: now + second });
      else buckets.set(key, now + second);
    },
    known(key) {
      const window = windows.get(key);
      return window && window.ends - performance.now() > MARGIN ? window.count : 0;
    },
  };
}
