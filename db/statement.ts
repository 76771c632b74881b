// A statement from the moment it is asked for until PostgreSQL has answered. Its caller waits until its deadline at most;
// a connection that has not answered then stays out of use, and is discarded when even the server's own limit is over.
import { ConnectionError, isReadOnly } from "./connection_error.ts";
import { type TimeBudget, type Timed, unwatch, watch } from "./deadlines.ts";
import type { DriverQuery } from "./driver.ts";
import type { TimeLimits } from "./time_limits.ts";

/** What a statement is sent on. */
interface Connection {
  execute(statement: Statement): void;
  discard(error: ConnectionError): void;
}

export class Statement implements Timed {
  deadline: number;
  /** Whether the caller has its answer. */
  isAnswered = false;
  /** What the caller was told; null: the result. */
  error: unknown = null;
  readonly #resolve: DriverQuery["resolve"];
  readonly #reject: DriverQuery["reject"];
  readonly #ended: (() => void)[] = [];
  #connection: Connection | null = null;
  #isEnded = false;
  /** When the connection is discarded, by `performance.now()`. */
  #discardAt = Infinity;

  /**
   * @param budget the time left to the request it belongs to
   * @param grace milliseconds it may take beyond the budget
   */
  constructor(
    readonly query: DriverQuery,
    private readonly limits: TimeLimits,
    private readonly budget: TimeBudget | null,
    grace = 0,
  ) {
    const now = performance.now();
    const left = budget ? budget.left(now) : Infinity;
    // Without time left nothing is sent, not even a commit.
    this.deadline = now + (left <= 0 ? 0 : Math.min(limits.answer, left + grace));
    this.#resolve = query.resolve;
    this.#reject = query.reject;
    query.resolve = (result) => this.#end(null, result);
    query.reject = (error) => this.#end(error, undefined);
    budget?.begin(now);
    if (left <= 0) this.end(new ConnectionError("POOL_TIMEOUT"));
    else watch(this);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Calls back when it has ended, after the connection can be used again or is lost. */
  onEnded(callback: () => void): void {
    if (this.#isEnded) callback();
    else this.#ended.push(callback);
  }

  /** Sends it. */
  sendOn(connection: Connection): void {
    if (this.#isEnded) return;
    this.#connection = connection;
    this.#discardAt = performance.now() + this.limits.answer;
    connection.execute(this);
  }

  /** Ends it without an answer of the server. */
  end(error: ConnectionError): void {
    this.#end(error, undefined);
  }

  expire(now: number): void {
    if (!this.#connection) return this.end(new ConnectionError("POOL_TIMEOUT"));
    const error = new ConnectionError("ANSWER_TIMEOUT");
    this.#answer(error, undefined);
    if (now >= this.#discardAt) return this.#connection.discard(error);
    this.deadline = this.#discardAt;
    watch(this);
  }

  #end(error: unknown, result: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    unwatch(this);
    if (isReadOnly(error)) this.#connection?.discard(new ConnectionError("CONNECTION_CLOSED", error));
    this.#answer(error, result);
    for (const callback of this.#ended) callback();
  }

  #answer(error: unknown, result: unknown): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.error = error;
    this.budget?.end(performance.now());
    if (error === null) this.#resolve(result);
    else this.#reject(error);
  }
}
