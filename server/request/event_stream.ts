// The stream of events for the panels. One reader per process reads new events, once for all streams and only while
// there are streams: immediately when the change listener is notified, and twice a second for the frequent events, which
// send no notification.
import type { Database } from "../../db/connect.ts";
import { type NewEvents, readEventsAfter } from "../domain/events/follow.ts";
import type { ListedEvent } from "../domain/events/timeline.ts";
import { describeError, type Log } from "./log.ts";

/** How often the frequent events are read; milliseconds. */
const READ_INTERVAL = 500;
/** The time between two reads while events are committed one after another, so that streams get several at once; milliseconds. */
const READ_PAUSE = 100;
/** Events that wait for a slow reader. One that lags further behind is disconnected and continues where it was. */
const MAX_QUEUED = 1000;

/** An event, or null: what came before this position may be missing, so everything shown is loaded again. */
export interface StreamItem {
  position: string;
  event: ListedEvent | null;
}

export interface EventSubscription {
  /**
   * Waits for events.
   *
   * @param maxWait milliseconds
   * @returns those of one read, the same list for every stream; none after `maxWait`, or when sessions have to be checked; null
   *   when the stream has ended
   */
  next(maxWait: number): Promise<readonly StreamItem[] | null>;
  close(): void;
}

export interface EventStream {
  /**
   * Begins a stream: the events after a position, an item without event, and then every event as it is committed.
   *
   * @param after the position of the last item that arrived; null begins now
   * @param onLag called when the stream ends because its reader lags too far behind
   */
  subscribe(after: string | null, onLag?: () => void): Promise<EventSubscription>;
  /** Events were committed. */
  wake(): void;
  /** Sessions of administrators changed: every stream has to check its own. */
  checkSessions(): void;
  /** How often they changed, for streams that do not wait here. */
  readonly sessionChanges: number;
  /** Ends every stream. */
  close(): void;
}

interface Queue extends EventSubscription {
  push(items: readonly StreamItem[]): void;
  interrupt(): void;
}

/**
 * A stream without subscriptions; it reads nothing yet.
 *
 * @param onEvents called before events are delivered
 */
export function createEventStream(db: Database, log: Log, onEvents: () => void = () => {}): EventStream {
  const queues = new Set<Queue>();
  /** Everything before it has been delivered; null while there are no subscriptions. */
  let position: string | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let readAt = -READ_PAUSE;
  let isClosed = false;
  let isWoken = false;
  let sessionChanges = 0;
  let lastTurn: Promise<unknown> = Promise.resolve();

  /** Runs reads one after another, since each continues where the one before ended. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = lastTurn.then(work);
    lastTurn = turn.catch(() => {});
    return turn;
  }

  async function read(): Promise<void> {
    const found = await readEventsAfter({ db }, position);
    position = found.position;
    const items = itemsOf(found);
    if (items.length > 0) onEvents();
    if (items.length > 0) { for (const queue of queues) queue.push(items); }
  }

  function wake(): void {
    if (isWoken || isClosed || queues.size === 0) return;
    isWoken = true;
    pause = setTimeout(readNow, Math.max(0, readAt + READ_PAUSE - performance.now()));
  }

  function readNow(): void {
    inTurn(async () => {
      isWoken = false;
      readAt = performance.now();
      if (queues.size > 0) await read();
    }).catch((error) => log.warn("events not read", { ...describeError(error), stack: undefined }));
  }

  function remove(queue: Queue): void {
    queues.delete(queue);
    if (queues.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    position = null;
  }

  return {
    subscribe: (after, onLag = () => {}) =>
      inTurn(async () => {
        await read();
        const start = position!;
        const missed = after === null ? [] : itemsOf(await readEventsAfter({ db }, after, start));
        const queue = createQueue([...missed, { position: start, event: null }], remove, onLag);
        if (isClosed) {
          queue.close();
          return queue;
        }
        queues.add(queue);
        // The position is dropped with the last subscription, which may have ended during the reads above.
        position ??= start;
        timer ??= setInterval(wake, READ_INTERVAL);
        return queue;
      }),
    wake,
    get sessionChanges() {
      return sessionChanges;
    },
    checkSessions() {
      sessionChanges++;
      for (const queue of queues) queue.interrupt();
    },
    close() {
      isClosed = true;
      for (const queue of [...queues]) queue.close();
      clearInterval(timer);
      clearTimeout(pause);
    },
  };
}

/** Events in such numbers that they cannot be read at a time are not delivered one by one. */
function itemsOf({ events, position, isComplete }: NewEvents): StreamItem[] {
  return isComplete ? events : [{ position, event: null }];
}

function createQueue(
  beginning: readonly StreamItem[],
  removed: (queue: Queue) => void,
  onLag: () => void,
): Queue {
  let batches = [beginning];
  let size = beginning.length;
  let waiting: (() => void) | null = null;
  let isInterrupted = false;
  let isEnded = false;
  const queue: Queue = {
    push(items) {
      batches.push(items);
      size += items.length;
      if (size > MAX_QUEUED) {
        queue.close();
        onLag();
      }
      waiting?.();
    },
    interrupt() {
      isInterrupted = true;
      waiting?.();
    },
    async next(maxWait) {
      if (batches.length === 0 && !isInterrupted && !isEnded) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, maxWait);
          waiting = () => (clearTimeout(timer), resolve());
        });
        waiting = null;
      }
      if (isEnded) return null;
      if (isInterrupted) {
        isInterrupted = false;
        return [];
      }
      const [items = [], ...rest] = batches;
      batches = rest;
      size -= items.length;
      return items;
    },
    close() {
      isEnded = true;
      batches = [];
      waiting?.();
      removed(queue);
    },
  };
  return queue;
}
