// Transactions whose connection is lost. The driver (postgres 3.4) would send the rollback, and whatever else the
// transaction still wants, to a socket that is gone: that ends the process, and leaves a connection in the pool that
// never works again. So nothing is sent any more once the connection is known to be lost.
import type postgres from "postgres";

/** What is known of the connection a transaction runs on. */
export interface Line {
  lost: Error | null;
}

/** The parts of the driver's query that are met here. */
interface Query {
  handler(query: Query): void;
  reject(error: Error): void;
}

const lostBy = /^(CONNECTION_(CLOSED|DESTROYED|ENDED)|ECONNRESET|EPIPE|ETIMEDOUT|57P0[1-3]|08.*)$/;

function isLost(error: unknown): error is Error {
  return error instanceof Error && "code" in error && lostBy.test(String(error.code));
}

// deno-lint-ignore no-explicit-any
type Transaction = postgres.TransactionSql<any>;

/** The transaction, except that it sends nothing after its connection is lost. */
export function guarded<Sql extends Transaction>(sql: Sql, line: Line): Sql {
  const watch = (made: unknown): unknown => {
    if (!isQuery(made)) return made;
    const { handler, reject } = made;
    made.handler = (query) => line.lost ? query.reject(line.lost) : handler(query);
    made.reject = (error) => {
      if (isLost(error)) line.lost ??= error;
      reject(error);
    };
    return made;
  };
  return new Proxy(sql, {
    apply: (target, self, args) => watch(Reflect.apply(target as unknown as () => unknown, self, args)),
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== "unsafe" || typeof value !== "function") return value;
      return (...args: unknown[]) => watch(value(...args));
    },
  });
}

function isQuery(made: unknown): made is Query {
  return typeof made === "object" && made !== null && "handler" in made && "reject" in made;
}

/**
 * Runs the inside of a transaction or savepoint. When the connection is lost it never settles, and so no rollback is
 * sent; whoever waits for the transaction itself is told by the driver.
 */
export async function within<T>(line: Line, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isLost(error)) line.lost ??= error;
    if (line.lost) return await new Promise(() => {});
    throw error;
  }
}
