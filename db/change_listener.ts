// Listens for change notifications of PostgreSQL. While `isFresh()` is true, every change committed more than a second ago
// has been received. To know that, the listening connection itself is queried several times a second: one that is cut,
// blocked or slow does not answer in time.
import postgres from "postgres";
import { applicationName } from "./application_name.ts";

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
  let listening = false;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connection = postgres(url, {
    max: 1,
    idle_timeout: undefined,
    max_lifetime: null,
    connect_timeout: 2,
    fetch_types: false,
    prepare: false,
    backoff: () => 0.2,
    connection: { application_name: applicationName("latchkey change listener") },
    onnotice: () => {},
    onclose: () => {
      listening = false;
      freshAt = 0;
      onGap();
    },
    // An option of the driver that its types lack. Its own `listen` has no pings.
    ...{ onnotify: (_channel: string, payload: string) => onChange(payload) },
  });

  async function ping(): Promise<void> {
    const sentAt = performance.now();
    try {
      if (!listening) {
        await connection.unsafe("listen changes");
        // Changes committed before `listen` were missed.
        onGap();
        listening = true;
      } else {
        await connection.unsafe("select 1");
      }
      if (listening) freshAt = sentAt;
    } catch {
      listening = false;
    }
    if (!closed) timer = setTimeout(ping, PING_INTERVAL);
  }
  ping();

  return {
    isFresh: () => listening && performance.now() - freshAt < STALE_AFTER,
    async close() {
      closed = true;
      clearTimeout(timer);
      await connection.end({ timeout: 1 });
    },
  };
}
