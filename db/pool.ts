// A pool of connections. Waiting for one is bounded in time and number. While PostgreSQL accepts no connections, one
// attempt at a time is made for all who wait.
import { Connection } from "./connection.ts";
import type { ConnectionOptions, DriverQuery } from "./driver.ts";
import { ConnectionError } from "./connection_error.ts";
import { Contention } from "./contention.ts";
import { type TimeBudget, type Timed, unwatch, watch } from "./deadlines.ts";
import { Statement } from "./statement.ts";

/** How much more than its connections may wait for one. */
const MAX_WAITING = 1000;
/** Before another attempt after one that failed while others wait; milliseconds. */
const RETRY_AFTER = 100;
/** A connection that is idle this long is closed, and one of this age is replaced when it is idle; milliseconds. */
const MAX_IDLE = 300_000;
const MAX_AGE = 45 * 60_000;
const TIDY_INTERVAL = 60_000;

export interface PoolUsage {
  readonly busy: number;
  readonly idle: number;
  /** Statements and transactions that wait for a connection. */
  readonly waiting: number;
}

/** Who waits for a connection. */
interface Waiter {
  /** Returns false when it needs the connection no more. */
  take(connection: Connection): boolean;
  fail(error: ConnectionError): void;
}

export class Pool {
  readonly contention: Contention;
  readonly usage: PoolUsage;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Waiter>();
  #connecting = 0;
  /** Whether the last attempt to connect failed, or a connection was discarded since. */
  #isFailing = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #tidying: ReturnType<typeof setInterval> | undefined;
  #ended: Promise<void> | null = null;
  #whenEmpty: () => void = () => {};

  constructor(
    private readonly url: string,
    readonly options: ConnectionOptions & { max: number },
  ) {
    const { max } = options;
    this.contention = new Contention(Math.max(1, Math.floor(max / 2)));
    const all = this.#all, idle = this.#idle, waiting = this.#waiting;
    this.usage = {
      get busy() {
        return all.size - idle.length;
      },
      get idle() {
        return max - all.size + idle.length;
      },
      get waiting() {
        return waiting.size;
      },
    };
  }

  /** Runs a query on the next free connection. */
  run(query: DriverQuery, budget: TimeBudget | null): void {
    const statement = new Statement(query, this.options.limits, budget);
    if (statement.isEnded) return;
    if (this.contention.refuses(statement)) return statement.end(new ConnectionError("CONTENDED"));
    const connection = this.#takeIdle();
    if (connection) {
      if (!this.#send(statement, connection)) this.release(connection);
      return;
    }
    const waiter: Waiter = {
      take: (connection) => this.#send(statement, connection),
      fail: (error) => statement.end(error),
    };
    statement.onEnded(() => this.#waiting.delete(waiter));
    this.#wait(waiter);
  }

  /** Sends a statement and returns the connection after it. Returns false when it is not sent. */
  #send(statement: Statement, connection: Connection): boolean {
    this.contention.admit(statement);
    if (statement.isEnded) return false;
    statement.onEnded(() => this.release(connection));
    statement.sendOn(connection);
    return true;
  }

  /**
   * Takes a connection out of the pool; `release` returns it.
   *
   * @throws ConnectionError
   */
  async acquire(budget: TimeBudget | null): Promise<Connection> {
    const connection = this.#takeIdle();
    if (connection) return connection;
    const now = performance.now();
    const { answer } = this.options.limits;
    budget?.begin(now);
    try {
      return await new Promise((resolve, reject) => {
        const leave = () => {
          unwatch(patience);
          this.#waiting.delete(waiter);
        };
        const waiter: Waiter = {
          take: (connection) => (leave(), resolve(connection), true),
          fail: (error) => (leave(), reject(error)),
        };
        const patience: Timed = {
          deadline: now + Math.min(answer, budget?.left(now) ?? answer),
          expire: () => waiter.fail(new ConnectionError("POOL_TIMEOUT")),
        };
        watch(patience);
        this.#wait(waiter);
      });
    } finally {
      budget?.end(performance.now());
    }
  }

  /** Returns a connection. */
  release(connection: Connection): void {
    if (connection.lostBy) return;
    connection.usedAt = performance.now();
    if (this.#ended || connection.usedAt - connection.openedAt > MAX_AGE) {
      this.#close(connection);
      return this.#fill();
    }
    for (const waiter of this.#waiting) {
      this.#waiting.delete(waiter);
      if (waiter.take(connection)) return;
    }
    this.#idle.push(connection);
  }

  /**
   * Ends the pool: what runs is finished, nothing more begins.
   *
   * @param options.timeout seconds after which what still runs is cut off
   */
  end({ timeout }: { timeout?: number } = {}): Promise<void> {
    return this.#ended ??= this.#end(timeout);
  }

  async #end(timeout: number | undefined): Promise<void> {
    clearTimeout(this.#retry);
    clearInterval(this.#tidying);
    const error = new ConnectionError("POOL_ENDED");
    for (const waiter of [...this.#waiting]) waiter.fail(error);
    const timer = timeout === undefined ? undefined : setTimeout(() => {
      for (const connection of [...this.#all]) connection.discard(error);
    }, timeout * 1000);
    const closing = this.#idle.splice(0).map((connection) => connection.close());
    if (this.#all.size + this.#connecting > 0) {
      await new Promise<void>((resolve) => this.#whenEmpty = resolve);
    }
    clearTimeout(timer);
    await Promise.all(closing);
  }

  #takeIdle(): Connection | undefined {
    return this.#ended ? undefined : this.#idle.pop();
  }

  #wait(waiter: Waiter): void {
    if (this.#ended) return waiter.fail(new ConnectionError("POOL_ENDED"));
    if (this.#waiting.size >= MAX_WAITING) return waiter.fail(new ConnectionError("POOL_FULL"));
    this.#waiting.add(waiter);
    this.#fill();
  }

  /** Opens connections for those who wait. */
  #fill(): void {
    const { max } = this.options;
    while (
      this.#waiting.size > this.#connecting && this.#all.size + this.#connecting < max && !this.#ended &&
      !(this.#isFailing && this.#connecting > 0)
    ) this.#connect();
  }

  async #connect(): Promise<void> {
    this.#connecting++;
    try {
      const connection = await Connection.open(this.url, this.options);
      this.#connecting--;
      this.#isFailing = false;
      this.#add(connection);
    } catch (error) {
      this.#connecting--;
      this.#isFailing = true;
      // Who waits may still get a connection that is in use; without one, waiting has no use.
      if (this.#all.size === 0) {
        for (const waiter of [...this.#waiting]) waiter.fail(error as ConnectionError);
      } else if (this.#waiting.size > 0) {
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => this.#fill(), RETRY_AFTER);
      }
      this.#checkEmpty();
    }
  }

  #add(connection: Connection): void {
    this.#all.add(connection);
    connection.onLost = () => {
      this.#all.delete(connection);
      const index = this.#idle.indexOf(connection);
      if (index >= 0) this.#idle.splice(index, 1);
      // One that gave no answer in time, or that the server ended: the next ones may fare alike.
      this.#isFailing = true;
      this.#fill();
      this.#checkEmpty();
    };
    if (!this.#tidying && !this.#ended) {
      this.#tidying = setInterval(() => this.#tidy(), TIDY_INTERVAL);
      Deno.unrefTimer(this.#tidying as unknown as number);
    }
    this.release(connection);
    this.#fill();
  }

  #tidy(): void {
    const now = performance.now();
    for (const connection of [...this.#idle]) {
      const isOld = now - connection.usedAt > MAX_IDLE || now - connection.openedAt > MAX_AGE;
      if (isOld) this.#close(connection);
    }
  }

  #close(connection: Connection): void {
    this.#all.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    connection.onLost = () => {};
    connection.close().then(() => this.#checkEmpty());
  }

  #checkEmpty(): void {
    if (this.#ended && this.#all.size + this.#connecting === 0) this.#whenEmpty();
  }
}
