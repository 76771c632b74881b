// Listens for change notifications of PostgreSQL. While `isFresh()` is true, every change committed more than a second ago
// has been received. To know that, the listening connection itself is queried several times a second: one that is cut,
// blocked or slow does not answer in time.
import { Connection } from "./connection.ts";
import { ConnectionError } from "./connection_error.ts";
import { Statement } from "./statement.ts";
import { timeLimits } from "./time_limits.ts";

/** The interval between two pings; milliseconds. */
const PING_INTERVAL = 250;
/** The age of the last answered ping from which the listener is stale; milliseconds. */
const STALE_AFTER = 900;

export interface ChangeListener {
  /** Whether every change committed more than a second ago has been received. */
  isFresh(): boolean;
  close(): Promise<void>;
}

/**
 * Listens on the channel `changes`.
 *
 * @param url of the database
 * @param onChange called with each notification, "kind:id"
 * @param onGap called when notifications may have been missed, so that everything cached is invalid
 */
export function startChangeListener(
  url: string,
  onChange: (notification: string) => void,
  onGap: () => void,
): ChangeListener {
  // When the last answered ping was sent. A change can commit while a ping is under way, so an answer covers only what was
  // committed before the ping was sent.
  let freshAt = 0;
  let connection: Connection | null = null;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function listen(): Promise<Connection> {
    const opened = await Connection.open(url, {
      name: "latchkey change listener",
      limits: timeLimits.ping,
      onNotify: onChange,
    });
    opened.onLost = () => {
      connection = null;
      freshAt = 0;
      onGap();
    };
    await query(opened, "listen changes");
    // Changes committed before `listen` were missed.
    onGap();
    return opened;
  }

  async function ping(): Promise<void> {
    const sentAt = performance.now();
    try {
      if (connection) await query(connection, "select 1");
      else connection = await listen();
      if (closed) await connection?.close();
      else if (connection && !connection.lostBy) freshAt = sentAt;
    } catch (error) {
      // One that did not answer in time has missed pings; another may have been opened by a server that is well.
      connection?.discard(new ConnectionError("CONNECTION_CLOSED", error));
      connection = null;
    }
    if (!closed) timer = setTimeout(ping, PING_INTERVAL);
  }
  ping();

  return {
    isFresh: () => connection !== null && performance.now() - freshAt < STALE_AFTER,
    async close() {
      closed = true;
      clearTimeout(timer);
      await connection?.close();
    },
  };
}

async function query(connection: Connection, text: string): Promise<void> {
  await connection.query(text, (query) => new Statement(query, timeLimits.ping, null));
}
