// Rate limits that hold across all processes: the counts are in Redis. What many requests want to count at once goes
// there in one call. When Redis is away or hangs, each process counts for itself until it is back.
import type { Redis } from "ioredis";
import { LRUCache } from "lru-cache";
import { gather } from "./gather.ts";
import { type Count, countLocally, countScript } from "./limit_counts.ts";

/** So many in a span of time, counted from the first; or one every so often, with some in reserve. */
export type Limit =
  | { name: string; kind: "window"; most: number; per: number }
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
  take(limit: Limit, subject: string): Allowance | Promise<Allowance>;
  /** Whether Redis takes part at present. */
  shared(): boolean;
  close(): void;
}

/** How long a count may take before this process counts for itself, and how often Redis is tried meanwhile; ms. */
const PATIENCE = 40;
const TRY_EVERY = 500;
/** Of what is left of a window a process may take a two-hundredth ahead, so limits below 200 are counted one by one. */
const AHEAD = 1 / 200;
const MOST_AHEAD = 10_000;

type Counted = [first: number, second: number];

/** Requests counted ahead of time, to be used until the window ends. */
interface Lease {
  next: number;
  last: number;
  ends: number;
}

/** @param redis a connection of its own, without an offline queue; what it counts is under `limit:` */
export function createLimiter(redis: Redis): Limiter {
  let away = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const local = countLocally();
  // Whoever is over a limit stays so for a while; that needs no counting.
  const over = new LRUCache<string, number>({ max: 20_000 });
  const leases = new LRUCache<string, Lease>({ max: 20_000 });

  const counts = gather<Count, Counted>(async (items) => {
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
    const ahead = asked.map(({ key, limit }) =>
      limit.kind === "window" ? worthTakingAhead(key, limit.most) : 0
    );
    try {
      const answers = await withPatience(ask(asked, ahead));
      const counted = asked.map(({ key, limit, n }, place) => {
        const [first, second] = [answers[2 * place], answers[2 * place + 1]];
        if (limit.kind === "bucket") return first - 1;
        const before = first - n - ahead[place];
        if (ahead[place] > 0) {
          leases.set(key, {
            next: before + n + 1,
            last: Math.min(first, limit.most),
            ends: performance.now() + second,
          });
        }
        return before;
      });
      return places.map((place): Counted => [++counted[place], answers[2 * place + 1]]);
    } catch {
      leave();
      return items.map(local);
    }
  }, { most: 1000 });

  function worthTakingAhead(key: string, most: number): number {
    const lease = leases.get(key);
    const used = lease && lease.ends > performance.now() ? lease.last : 0;
    return Math.min(MOST_AHEAD, Math.floor((most - used) * AHEAD));
  }

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
      await withPatience(redis.ping());
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
      const lease = limit.kind === "window" ? leases.get(key) : undefined;
      if (lease && lease.next <= lease.last && lease.ends > now) {
        return windowAllowance(limit.most, lease.next++, lease.ends - now);
      }
      return counts.add({ key, limit }).then(([first, second]) => {
        const allowance = limit.kind === "window"
          ? windowAllowance(limit.most, first, second)
          : bucketAllowance(limit, first === 1, second);
        if (!allowance.allowed) over.set(key, now + allowance.reset);
        return allowance;
      });
    },
    shared: () => !away,
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

function withPatience<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error("Redis did not answer in time"));
    // In two steps, so that an answer which waits behind a pause of our own is read before it is called late.
    let timer = setTimeout(() => timer = setTimeout(late, PATIENCE / 4), PATIENCE * 3 / 4);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
