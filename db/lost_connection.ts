// Transactions whose connection is lost. The driver (postgres 3.4) sends the rollback, and later statements of the
// transaction, to the closed socket: that throws outside any promise, which ends the process, and leaves a connection in the
// pool that never works again. So nothing is sent once the connection is known to be lost.
import type postgres from "postgres";

/** What is known of a transaction and its connection. */
export interface TransactionState {
  /** The error that ended the transaction or its connection. Nothing is sent afterwards. */
  endedBy: Error | null;
}

/** The part of the driver's query that is intercepted. */
interface Query {
  handler(query: Query): void;
  reject(error: Error): void;
}

/** Errors of the driver and the operating system, and SQLSTATEs, after which the connection is closed. */
const lossCodes = /^(CONNECTION_(CLOSED|DESTROYED|ENDED)|ECONNRESET|EPIPE|ETIMEDOUT|57P0[1-3]|08.*)$/;

/** Whether the connection on which an error occurred is closed. */
export function isConnectionLost(error: unknown): error is Error {
  return error instanceof Error && "code" in error && lossCodes.test(String(error.code));
}

// deno-lint-ignore no-explicit-any
type Transaction = postgres.TransactionSql<any>;

/** Wraps a transaction so that it sends nothing after its connection is lost; its queries then reject. */
export function guardTransaction<Sql extends Transaction>(sql: Sql, state: TransactionState): Sql {
  const intercept = (result: unknown): unknown => {
    if (!isQuery(result)) return result;
    const { handler, reject } = result;
    result.handler = (query) => state.endedBy ? query.reject(state.endedBy) : handler(query);
    result.reject = (error) => {
      if (isConnectionLost(error)) state.endedBy ??= error;
      reject(error);
    };
    return result;
  };
  return new Proxy(sql, {
    apply: (target, self, args) => intercept(Reflect.apply(target as unknown as () => unknown, self, args)),
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== "unsafe" || typeof value !== "function") return value;
      return (...args: unknown[]) => intercept(value(...args));
    },
  });
}

function isQuery(value: unknown): value is Query {
  return typeof value === "object" && value !== null && "handler" in value && "reject" in value;
}

/**
 * Runs the work of a transaction or savepoint. When the connection is lost it never settles, so that the driver sends no
 * rollback; the promise of the transaction itself is rejected by the driver.
 */
export async function withoutRollbackOnLoss<T>(
  state: TransactionState,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isConnectionLost(error)) state.endedBy ??= error;
    if (state.endedBy) return await new Promise(() => {});
    throw error;
  }
}
