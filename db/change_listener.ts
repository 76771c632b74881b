// Hears of changes: reads the table `changes` four times a second, and at once when PostgreSQL notifies. While `isFresh()`
// is true, every change committed more than a second ago has been heard, whether notifications arrive or not. A
// connection that is cut, blocked or slow does not answer in time; a new one continues where the last one was.
import { beginHistory, type ChangePosition, readChanges, selectChanges } from "./changes.ts";
import { Connection } from "./connection.ts";
import { ConnectionError } from "./connection_error.ts";
import type { Driver, DriverQuery } from "./driver.ts";
import { Statement } from "./statement.ts";
import { timeLimits } from "./time_limits.ts";

/** The interval between two reads; milliseconds. */
const READ_INTERVAL = 250;
/** The time between two reads while changes are committed one after another; milliseconds. */
const READ_PAUSE = 20;
/** The age of the last answered read from which the listener is stale; milliseconds. */
const STALE_AFTER = 900;
/** After so long without an answer everything may have changed; milliseconds. */
const FORGET_AFTER = 60_000;

/** The notification of a row in `changes`. */
const CHANGED = "change";

export interface ChangeListener {
  /** Whether every change committed more than a second ago has been heard. */
  isFresh(): boolean;
  /**
   * How far a replica has to have replayed the database's log (an LSN): to have every change that was `heard`, or everything
   * that was committed when the database was `read` last. Null while that is not known.
   */
  logPosition(of: "heard" | "read"): string | null;
  /** Reads at once: something was committed that a replica may lack. */
  look(): void;
  close(): Promise<void>;
}

/** What is told of changes. */
export interface ChangeHandlers {
  /** Something changed, "kind:id". */
  onChange(tag: string): void;
  /** Anything may have changed, so that everything cached is invalid. */
  onGap(): void;
  /** A notification that is not about `changes` arrived. It may be lost. */
  onNotification(payload: string): void;
}

/**
 * Follows the changes.
 *
 * @param url of the database; notifications do not pass a pooler that shares connections between transactions
 */
export function startChangeListener(
  url: string,
  { onChange, onGap, onNotification }: ChangeHandlers,
): ChangeListener {
  // When the last answered read was sent. A change can commit while a read is under way, so an answer covers only what was
  // committed before the read was sent.
  let freshAt = -Infinity;
  let position: ChangePosition | null = null;
  let lookAfter = -Infinity;
  const logPositions = { heard: "", read: "" };
  let connection: Connection | null = null;
  let isClosed = false;
  let isReading = false;
  let isWoken = false;
  let readAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function listen(): Promise<Connection> {
    const opened = await Connection.open(url, {
      name: "latchkey change listener",
      limits: timeLimits.ping,
      onNotify: (payload) => payload === CHANGED ? wake() : onNotification(payload),
    });
    opened.onLost = () => connection = null;
    // Also where notifications are not available, the changes are read.
    await query(opened, (sql) => sql`listen changes`);
    return opened;
  }

  async function readNew(from: Connection): Promise<void> {
    const sentAt = performance.now();
    if (sentAt - freshAt > FORGET_AFTER) position = null;
    let found = readChanges(await query(from, (sql) => selectChanges(sql, position)));
    if (!found) {
      await query(from, beginHistory);
      found = readChanges(await query(from, (sql) => selectChanges(sql, null)));
    }
    if (isClosed || from.lostBy || !found) return;
    position = found.position;
    logPositions.read = found.logPosition;
    if (found.tags?.length !== 0 || lookAfter > freshAt) logPositions.heard = found.logPosition;
    if (found.tags === null) onGap();
    else found.tags.forEach(onChange);
    freshAt = sentAt;
  }

  async function read(): Promise<void> {
    isReading = true;
    isWoken = false;
    readAt = performance.now();
    try {
      connection ??= await listen();
      if (isClosed) await connection?.close();
      else if (connection) await readNew(connection);
    } catch (error) {
      // One that did not answer in time has missed reads; another may have been opened by a server that is well.
      connection?.discard(new ConnectionError("CONNECTION_CLOSED", error));
      connection = null;
    }
    isReading = false;
    if (!isClosed) readIn(isWoken ? READ_PAUSE : READ_INTERVAL);
  }

  /** Reads after a time since the last read; milliseconds. */
  function readIn(pause: number): void {
    clearTimeout(timer);
    timer = setTimeout(read, Math.max(0, readAt + pause - performance.now()));
  }

  /** Reads at once, or again when what is under way may have missed it. */
  function wake(): void {
    if (isWoken || isClosed) return;
    isWoken = true;
    if (!isReading) readIn(READ_PAUSE);
  }
  read();

  const isFresh = () => connection !== null && performance.now() - freshAt < STALE_AFTER;
  return {
    isFresh,
    logPosition: (of) => isFresh() && freshAt > lookAfter ? logPositions[of] : null,
    look() {
      lookAfter = performance.now();
      wake();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await connection?.close();
    },
  };
}

function query<Result>(
  connection: Connection,
  build: (sql: Driver) => PromiseLike<Result>,
): Promise<Result> {
  return connection.query(build, (query: DriverQuery) => new Statement(query, timeLimits.ping, null));
}
