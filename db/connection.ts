// One connection to PostgreSQL. The driver (postgres 3.4) has no limit on the time of a statement and connects again by
// itself, so that what was meant for one transaction may run in none. Here an instance of the driver has one connection,
// which is never replaced: lost or discarded, every statement on it fails, also those that were not sent yet.
import { Socket } from "node:net";
import { ConnectionError } from "./connection_error.ts";
import { unwatch, watch } from "./deadlines.ts";
import { type ConnectionOptions, createDriver, type Driver, type DriverQuery } from "./driver.ts";
import type { Statement } from "./statement.ts";

/** How long a connection that is closed in order may take; milliseconds. */
const CLOSE_WITHIN = 500;
export class Connection {
  /** Why nothing can be sent on it any more; null while it works. */
  lostBy: ConnectionError | null = null;
  readonly openedAt = performance.now();
  /** When it was last used, by `performance.now()`. */
  usedAt = 0;
  /** Called once when it is lost. */
  onLost: () => void = () => {};
  readonly #driver: Driver;
  readonly #pending = new Set<Statement>();
  /** Runs a query on this connection. */
  readonly #run: DriverQuery["handler"];
  #socket: Socket | undefined;

  private constructor(url: string, options: ConnectionOptions, connecting: { fail(error: unknown): void }) {
    let isOpen = false;
    let next = 0;
    this.#driver = createDriver(url, options, {
      socket: async ({ host, port, path }) => {
        if (isOpen || this.lostBy) throw new ConnectionError("CONNECTION_CLOSED");
        try {
          // The driver asks again without a pause when the connection is closed before it is open, as by a proxy without
          // a server behind it.
          if (next >= host.length) throw new ConnectionError("CONNECTION_CLOSED");
          // With several hosts, the first that accepts; the driver asks again when it is not the kind that is wanted.
          for (const last = host.length - 1;; next++) {
            const at = path ? { path } : { host: host[next], port: port[next] };
            this.#socket = new Socket();
            // The driver writes the last rows of a COPY and its end one after the other. Held back until the server has
            // acknowledged the rows, which it does 40 ms later, the end would cost each table 80 ms.
            this.#socket.setNoDelay(true);
            try {
              await connectSocket(this.#socket, at);
              // The driver reads it to verify the certificate.
              Object.assign(this.#socket, at);
              next++;
              return this.#socket;
            } catch (error) {
              if (next >= last) throw error;
            }
          }
        } catch (error) {
          connecting.fail(error);
          throw error;
        }
      },
      onclose: () => this.#lose(new ConnectionError("CONNECTION_CLOSED")),
    });
    const first = this.#driver`select 1`;
    this.#run = (first as unknown as DriverQuery).handler;
    first.then(() => isOpen = true, connecting.fail);
    this.opened = first.then(() => {});
  }

  private readonly opened: Promise<void>;

  /**
   * Connects.
   *
   * @throws ConnectionError CONNECT_FAILED, CONNECT_TIMEOUT
   */
  static open(url: string, options: ConnectionOptions): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const fail = (error: ConnectionError) => {
        unwatch(patience);
        connection.#lose(error);
        connection.#socket?.destroy();
        reject(error);
      };
      const patience = {
        deadline: performance.now() + options.limits.connect,
        expire: () => fail(new ConnectionError("CONNECT_TIMEOUT")),
      };
      const connection = new Connection(url, options, {
        fail: (error) => fail(new ConnectionError("CONNECT_FAILED", error)),
      });
      watch(patience);
      connection.opened.then(() => {
        unwatch(patience);
        resolve(connection);
      }, () => {});
    });
  }

  /** Sends a statement after those that were given before. */
  execute(statement: Statement): void {
    if (this.lostBy) return statement.end(this.lostBy);
    this.#pending.add(statement);
    statement.onEnded(() => this.#pending.delete(statement));
    this.#run(statement.query);
  }

  /**
   * Runs a statement on a connection that has one user.
   *
   * @param build makes the query
   * @param limited gives the query its deadline
   */
  async query<Result>(
    build: (sql: Driver) => PromiseLike<Result>,
    limited: (query: DriverQuery) => Statement,
  ): Promise<Result> {
    const built = build(this.#driver);
    (built as unknown as DriverQuery).handler = (query) => limited(query).sendOn(this);
    return await built;
  }

  /** Ends it at once: it is not known what the server does with what was sent. */
  discard(error: ConnectionError): void {
    this.#lose(error);
    this.#socket?.destroy();
  }

  /** Ends it in order. */
  async close(): Promise<void> {
    this.#lose(new ConnectionError("CONNECTION_CLOSED"));
    const closed = this.#driver.end().catch(() => {});
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, CLOSE_WITHIN));
    await Promise.race([closed, late]).finally(() => clearTimeout(timer));
    this.#socket?.destroy();
  }

  #lose(error: ConnectionError): void {
    if (this.lostBy) return;
    this.lostBy = error;
    for (const statement of [...this.#pending]) statement.end(error);
    this.onLost();
  }
}

function connectSocket(socket: Socket, at: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => (socket.destroy(), reject(error));
    socket.once("error", failed);
    socket.connect(at, () => {
      socket.removeListener("error", failed);
      resolve();
    });
  });
}
