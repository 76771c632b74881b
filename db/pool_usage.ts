// How many connections of a pool are in use. The driver (postgres 3.4) does not say, so statements and transactions are
// counted from the moment they ask for a connection until they end.
import type postgres from "postgres";

export interface PoolUsage {
  readonly busy: number;
  readonly idle: number;
  /** Statements and transactions that wait for a connection, or behind another statement on it. */
  readonly waiting: number;
}

/** The part of the driver's query that is intercepted. */
interface Query {
  handler(query: Query): void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

// deno-lint-ignore no-explicit-any
type Pool = postgres.Sql<any>;

const usages = new WeakMap<object, PoolUsage>();

/** Wraps a pool so that its use is counted. */
export function countUsage<Sql extends Pool>(sql: Sql, max: number): Sql {
  let active = 0;
  const count = (result: unknown): unknown => {
    if (!isQuery(result)) return result;
    const { handler, resolve, reject } = result;
    // A part of another statement is never handed to the handler.
    result.handler = (query) => {
      active++;
      result.resolve = (value) => (active--, resolve(value));
      result.reject = (error) => (active--, reject(error));
      handler(query);
    };
    return result;
  };
  const begin = async (...args: unknown[]) => {
    active++;
    try {
      return await Reflect.apply(sql.begin as (...args: unknown[]) => unknown, sql, args);
    } finally {
      active--;
    }
  };
  const counted = new Proxy(sql, {
    apply: (target, self, args) => count(Reflect.apply(target as unknown as () => unknown, self, args)),
    get(target, name) {
      if (name === "begin") return begin;
      const value: unknown = Reflect.get(target, name);
      if (name !== "unsafe" || typeof value !== "function") return value;
      return (...args: unknown[]) => count(value(...args));
    },
  });
  usages.set(counted, {
    get busy() {
      return Math.min(active, max);
    },
    get idle() {
      return max - Math.min(active, max);
    },
    get waiting() {
      return Math.max(0, active - max);
    },
  });
  return counted;
}

/** The use of a pool that was opened by `connect`. */
export function poolUsageOf(db: Pool): PoolUsage {
  return usages.get(db)!;
}

function isQuery(value: unknown): value is Query {
  return typeof value === "object" && value !== null && "handler" in value && "reject" in value;
}
