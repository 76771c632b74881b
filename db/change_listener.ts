// Hears which things changed. The promise of this room: whoever asks `hearing()` and is told yes has heard of every
// change committed more than a second ago. It is kept by asking the database for an answer on the very connection
// that listens, several times a second; a connection that is cut, hung or slow is noticed by the missing answer.
import postgres from "postgres";

/** How often the connection is tried, and how old the last good answer may be; milliseconds. */
const PING_EVERY = 250;
const STALE_AFTER = 900;

export interface ChangeListener {
  /** Whether every change committed a second ago has been heard. */
  isFresh(): boolean;
  close(): Promise<void>;
}

/**
 * Listens on the channel `changes`.
 *
 * @param url of the database
 * @param heard called with each notice, as "kind:id"
 * @param lost called when notices may have been missed, so that everything remembered must go
 */
export function startChangeListener(
  url: string,
  heard: (notice: string) => void,
  lost: () => void,
): ChangeListener {
  // A notice can be sent between the start of a ping and its end, so a ping vouches only for what was
  // committed before it began.
  let heardUpTo = 0;
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
    connection: { application_name: "latchkey change listener" },
    onnotice: () => {},
    onclose: () => {
      listening = false;
      heardUpTo = 0;
      lost();
    },
    ...{ onnotify: (_channel: string, payload: string) => heard(payload) },
  });

  async function ping(): Promise<void> {
    const began = performance.now();
    try {
      if (!listening) {
        await connection.unsafe("listen changes");
        // Whatever was committed before the listening began has been missed.
        lost();
        listening = true;
      } else {
        await connection.unsafe("select 1");
      }
      if (listening) heardUpTo = began;
    } catch {
      listening = false;
    }
    if (!closed) timer = setTimeout(ping, PING_EVERY);
  }
  ping();

  return {
    isFresh: () => listening && performance.now() - heardUpTo < STALE_AFTER,
    async close() {
      closed = true;
      clearTimeout(timer);
      await connection.end({ timeout: 1 });
    },
  };
}
