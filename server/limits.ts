// Rate limits that hold across all processes: the counts are in Redis. What many requests want to count at once goes
// there in one call. When Redis is away or hangs, each process counts for itself until it is back.
import type { Redis } from "ioredis";
import { LRUCache } from "lru-cache";
import { gather } from "./gather.ts";
import { type Count, countLocally, countScript, type Limit } from "./limit_counts.ts";
import { createLeases } from "./limit_leases.ts";

export type { Limit };

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
  take(limit: Limit, subject: string): Allowance | Promise<Allowance>;
  /** Whether Redis takes part at present. */
  shared(): boolean;
  close(): void;
}

/** How often Redis is tried again while it is away; milliseconds. */
const TRY_EVERY = 500;
type Counted = [first: number, second: number];

/**
 * @param redis a connection of its own, without an offline queue; what it counts is under `limit:`
 * @param patience how long a count may take before this process counts for itself; milliseconds
 */
export function createLimiter(redis: Redis, patience: number): Limiter {
  let away = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const local = countLocally();
  // Whoever is over a limit stays so for a while; that needs no counting.
  const over = new LRUCache<string, number>({ max: 20_000 });
  const leases = createLeases();

  const counts = gather<Count, Counted>(async (items) => {
    if (away) return items.map(local);
    // What was taken ahead is used first. Of the rest equal windows are counted together, buckets are asked one by one.
    const asked: (Count & { n: number })[] = [];
    const windows = new Map<string, number>();
    const answers = items.map(({ key, limit }) => {
      const leased = limit.kind === "window" ? leases.use(key) : null;
      if (leased) return leased;
      const known = windows.get(key);
      if (known !== undefined) asked[known].n++;
      else if (limit.kind === "window") windows.set(key, asked.length);
      return known ?? asked.push({ key, limit, n: 1 }) - 1;
    });
    const ahead = asked.map(({ key, limit }) => limit.kind === "window" ? leases.worth(key, limit.most) : 0);
    try {
      const counted = await withPatience(ask(asked, ahead), patience);
      const reached = asked.map(({ key, limit, n }, place) => {
        const [first, second] = [counted[2 * place], counted[2 * place + 1]];
        if (limit.kind === "bucket") return first - 1;
        const before = first - n - ahead[place];
        if (ahead[place] > 0) leases.keep(key, before + n + 1, Math.min(first, limit.most), second);
        return before;
      });
      return answers.map((answer): Counted =>
        typeof answer === "number" ? [++reached[answer], counted[2 * answer + 1]] : answer
      );
    } catch {
      leave();
      return items.map(local);
    }
  }, { most: 1000 });

  function ask(asked: (Count & { n: number })[], ahead: number[]): Promise<number[]> {
    const keys = asked.map(({ key }) => key);
    const facts = asked.flatMap(({ limit, n }, place) =>
      limit.kind === "window"
        ? ["window", limit.per, 0, n + ahead[place]]
        : ["bucket", limit.every, limit.most, n]
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
      await withPatience(redis.ping(), patience);
      away = false;
    } catch {
      timer = setTimeout(tryAgain, TRY_EVERY);
    }
  }

  return {
    take(limit, subject) {
      const key = `limit:${limit.name}:${subject}`;
      const now = performance.now();
      const until = over.get(key);
      if (until !== undefined && until > now) {
        return { allowed: false, limit: limit.most, remaining: 0, reset: until - now };
      }
      const leased = limit.kind === "window" ? leases.use(key) : null;
      if (leased) return windowAllowance(limit.most, ...leased);
      return counts.add({ key, limit }).then(([first, second]) => {
        const allowance = limit.kind === "window"
          ? windowAllowance(away ? limit.alone ?? limit.most : limit.most, first, second)
          : bucketAllowance(limit, first === 1, second);
        if (!allowance.allowed) over.set(key, now + allowance.reset);
        return allowance;
      });
    },
    shared: () => !away && redis.status === "ready",
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
  const { most, every } = limit;
  return {
    allowed,
    limit: most,
    remaining: Math.max(0, most - Math.ceil(filled / every)),
    reset: allowed ? filled % every || every : Math.max(0, filled - (most - 1) * every),
  };
}

function withPatience<T>(promise: Promise<T>, patience: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error("Redis did not answer in time"));
    // In two steps, so that an answer which waits behind a pause of our own is read before it is called late.
    let timer = setTimeout(() => timer = setTimeout(late, patience / 4), patience * 3 / 4);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
