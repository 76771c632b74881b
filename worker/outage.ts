// An outage of something the worker needs, in the log: one line when it begins and one when it is over, however many jobs fail
// meanwhile.
import type { Log } from "../server/request/log.ts";

export interface Outage {
  /**
   * Something succeeded.
   *
   * @param since when it was begun, by `performance.now()`; what began before the last failure says nothing
   */
  succeeded(since?: number): void;
  /** Something failed because of it. */
  failed(error: unknown): void;
}

/**
 * @param name of what is away, such as "database"
 * @param options.settle how long everything has to fail until it is an outage, and nothing until it is over: connections
 *   that an outage broke fail one by one afterwards; milliseconds
 */
export function createOutage(log: Log, name: string, { settle = 0 } = {}): Outage {
  let firstFailure: number | null = null;
  let lastFailure = -Infinity;
  let recovered: number | null = null;
  let isLogged = false;

  function end(): void {
    firstFailure = null;
    isLogged = false;
  }

  return {
    failed(error) {
      lastFailure = performance.now();
      recovered = null;
      firstFailure ??= lastFailure;
      if (isLogged || lastFailure < firstFailure + settle) return;
      isLogged = true;
      const code = error instanceof Error && "code" in error ? { code: error.code } : {};
      log.warn(`${name} unavailable: jobs wait`, {
        error: error instanceof Error ? error.message : String(error),
        ...code,
      });
    },
    succeeded(since = performance.now()) {
      if (firstFailure === null || since < lastFailure) return;
      if (!isLogged) return end();
      recovered ??= since;
      if (since < lastFailure + settle) return;
      log.warn(`${name} available again`, { seconds: Math.round((recovered - firstFailure) / 100) / 10 });
      end();
    },
  };
}
