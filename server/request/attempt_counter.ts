// Failed attempts to sign in, counted in Redis for all processes, and in this process while Redis is unavailable. Each
// failure beyond the free ones doubles the wait for the next attempt (NIST SP 800-63B-4, section 3.2.2: from 30 seconds
// up to an hour).
import { LRUCache } from "lru-cache";
import type { RedisConnection } from "../../db/redis.ts";
import { keyPrefix } from "../../db/redis_keys.ts";
import type { AttemptCounter, AttemptKeys, BegunAttempt } from "../domain/attempts/attempt_counter.ts";
import { withTimeout } from "./rate_limit_group.ts";

/** The first wait and the longest; milliseconds. */
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 3_600_000;
/** How long failures are remembered after the last; milliseconds. */
const RETENTION = 24 * 3_600_000;

/** How many attempts may fail before the next has to wait: from one network, and from all. */
export interface FreeAttempts {
  network: number;
  account: number;
}

/** The failures of a key, and the instant before which no attempt may begin; milliseconds. */
interface Failures {
  count: number;
  blockedUntil: number;
}

/**
 * The arguments of `begin` are now, whether the network is known, free attempts, first and longest wait, retention. A
 * wait longer than the longest is from before the clock was put back.
 */
const scripts = {
  begin: `
local now = tonumber(ARGV[1])
local free = { tonumber(ARGV[3]), tonumber(ARGV[4]) }
local count = {}
local left = 0
for i = 1, 2 do
  local row = redis.call('hmget', KEYS[i], 'count', 'until')
  count[i] = tonumber(row[1] or 0) + 1
  local wait = tonumber(row[2] or 0) - now
  if wait <= tonumber(ARGV[6]) and (i == 1 or ARGV[2] == '0') then left = math.max(left, wait) end
end
if left > 0 then return { left, 0, 0 } end
for i = 1, 2 do
  local blocked = 0
  if count[i] >= free[i] then
    blocked = now + math.min(tonumber(ARGV[6]), tonumber(ARGV[5]) * 2 ^ math.min(count[i] - free[i], 20))
  end
  redis.call('hset', KEYS[i], 'count', count[i], 'until', string.format('%.0f', blocked))
  redis.call('pexpire', KEYS[i], ARGV[7])
end
return { 0, count[1], count[2] }`,
  /**
   * Takes failures away: after a success all of the network, of an attempt that is undone one. The latter had no wait
   * before it, or it would not have begun.
   */
  release: `
local taken = 1
if ARGV[1] == '0' then taken = tonumber(redis.call('hget', KEYS[1], 'count') or 0) end
for i = 1, 2 do
  local count = math.max(0, tonumber(redis.call('hget', KEYS[i], 'count') or 0) - taken)
  if count == 0 then
    redis.call('del', KEYS[i])
  else
    redis.call('hset', KEYS[i], 'count', count)
    if ARGV[1] == '1' or count < tonumber(ARGV[1 + i]) then redis.call('hdel', KEYS[i], 'until') end
  end
end
if ARGV[1] == '0' then redis.call('hdel', KEYS[2], 'codes') end
return 0`,
  wrongCode: `
local codes = redis.call('hincrby', KEYS[2], 'codes', 1)
redis.call('pexpire', KEYS[2], ARGV[1])
return codes`,
};

/**
 * @param redis without an offline queue
 * @param report tells the owner of an account
 */
export function createAttemptCounter(
  redis: RedisConnection,
  timeoutMs: number,
  free: FreeAttempts,
  report: AttemptCounter["report"],
): AttemptCounter {
  const local = countAttemptsLocally(free, report);
  async function run(script: string, { network, account }: AttemptKeys, ...args: number[]): Promise<unknown> {
    // The failures of an account are on one node, so that a script can name those of a network as well.
    const prefix = keyPrefix(`attempts-${account}`);
    return await withTimeout(
      redis.eval(script, 2, `${prefix}:${network}`, `${prefix}:${account}`, ...args),
      timeoutMs,
    );
  }
  return {
    report,
    async begin(keys, options) {
      const { isKnownHere, now } = options;
      try {
        const [left, networkFailures, accountFailures] = await run(
          scripts.begin,
          keys,
          now.getTime(),
          Number(isKnownHere),
          free.network,
          free.account,
          FIRST_WAIT,
          LONGEST_WAIT,
          RETENTION,
        ) as number[];
        if (left > 0) return { retryAfterMs: left };
        local.learn(keys, { networkFailures, accountFailures }, now);
        return { networkFailures, accountFailures };
      } catch {
        return await local.begin(keys, options);
      }
    },
    async succeed(keys) {
      await Promise.all([
        local.succeed(keys),
        run(scripts.release, keys, 0, free.network, free.account).catch(() => {}),
      ]);
    },
    async undo(keys) {
      await Promise.all([
        local.undo(keys),
        run(scripts.release, keys, 1, free.network, free.account).catch(() => {}),
      ]);
    },
    async countWrongCode(keys) {
      return await run(scripts.wrongCode, keys, RETENTION).catch(() => local.countWrongCode(keys)) as number;
    },
  };
}

interface LocalAttempts extends AttemptCounter {
  /** Notes what Redis has counted, so that this process goes on from there while Redis is unavailable. */
  learn(keys: AttemptKeys, counted: { networkFailures: number; accountFailures: number }, at: Date): void;
}

/** The same counts in this process. */
export function countAttemptsLocally(free: FreeAttempts, report: AttemptCounter["report"]): LocalAttempts {
  const kept = new LRUCache<string, Failures>({ max: 50_000, ttl: RETENTION });
  const codes = new LRUCache<string, number>({ max: 10_000, ttl: RETENTION });
  const failuresOf = (key: string) => kept.get(key) ?? { count: 0, blockedUntil: 0 };
  const freeOf = ({ network }: AttemptKeys, key: string) => key === network ? free.network : free.account;

  function take(keys: AttemptKeys, taken: number, isUndone: boolean): void {
    for (const key of [keys.network, keys.account]) {
      const { count, blockedUntil } = failuresOf(key);
      const left = count - taken;
      if (left <= 0) kept.delete(key);
      else {kept.set(key, {
          count: left,
          blockedUntil: isUndone || left < freeOf(keys, key) ? 0 : blockedUntil,
        });}
    }
  }

  /** 0 while attempts are free: one that was sent earlier may arrive later, and waits for nothing. */
  function blockedUntil(count: number, freeAttempts: number, now: number): number {
    const over = count - freeAttempts;
    return over < 0 ? 0 : now + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(over, 20));
  }

  return {
    report,
    learn({ network, account }, { networkFailures, accountFailures }, at) {
      const counted = [[network, networkFailures, free.network], [
        account,
        accountFailures,
        free.account,
      ]] as const;
      for (const [key, count, freeAttempts] of counted) {
        kept.set(key, { count, blockedUntil: blockedUntil(count, freeAttempts, at.getTime()) });
      }
    },
    begin: (keys, { isKnownHere, now }) => Promise.resolve(beginAt(keys, isKnownHere, now.getTime())),
    succeed(keys) {
      take(keys, failuresOf(keys.network).count, false);
      codes.delete(keys.account);
      return Promise.resolve();
    },
    undo: (keys) => Promise.resolve(take(keys, 1, true)),
    countWrongCode({ account }) {
      const count = (codes.get(account) ?? 0) + 1;
      codes.set(account, count);
      return Promise.resolve(count);
    },
  };

  function beginAt(keys: AttemptKeys, isKnownHere: boolean, now: number): BegunAttempt {
    const blocking = isKnownHere ? [keys.network] : [keys.network, keys.account];
    const waits = blocking.map((key) => failuresOf(key).blockedUntil - now);
    const left = Math.max(0, ...waits.filter((wait) => wait <= LONGEST_WAIT));
    if (left > 0) return { retryAfterMs: left };
    const [networkFailures, accountFailures] = [keys.network, keys.account].map((key) => {
      const count = failuresOf(key).count + 1;
      kept.set(key, { count, blockedUntil: blockedUntil(count, freeOf(keys, key), now) });
      return count;
    });
    return { networkFailures, accountFailures };
  }
}
