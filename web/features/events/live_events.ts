// Events as they are committed: one stream for the whole panel, open while the page is visible. Each event says which
// queries it may have changed, and those on the screen are loaded again.
import { createSignal, onCleanup } from "solid-js";
import { checkConnection } from "../../lib/connection.ts";
import { refresh } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { whileVisible } from "../../lib/page_visibility.ts";

export type SystemEvent = Outputs["events"]["list"]["rows"][number];
type Router = Parameters<typeof refresh>[number];
type StreamedEvent = SystemEvent & { refreshes: readonly Router[] };
type Listener = (event: SystemEvent) => void;

/** Many events at once refresh once; milliseconds. */
const REFRESH_DELAY = 300;

const listeners = new Set<Listener>();
const [isLive, setIsLive] = createSignal(false);
/** Whether the stream is connected. */
export { isLive };

/** Calls the listener with every event from now on, until the component that calls this is removed. */
export function onEvent(listener: Listener): void {
  listeners.add(listener);
  onCleanup(() => listeners.delete(listener));
}

/** Keeps the stream open until the component that calls this is removed. */
export function followEvents(): void {
  let lastEventId: string | undefined;
  let routers = new Set<Router>();
  let refreshesAll = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function scheduleRefresh(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      refresh(...refreshesAll ? [] : routers);
      refreshesAll = false;
      routers = new Set();
    }, REFRESH_DELAY);
  }

  function receive(event: StreamedEvent): void {
    for (const listener of listeners) listener(event);
    for (const router of event.refreshes) routers.add(router);
    routers.add("events");
    scheduleRefresh();
  }

  whileVisible((ended) =>
    trpc.events.feed.subscribe({ lastEventId }, {
      onData({ id, data }) {
        lastEventId = id;
        // The type of what a subscription sends does not say that dates arrive as text.
        if (data) return receive(data as unknown as StreamedEvent);
        // Events before this position may be missing: those between the page's queries and the start of the stream, or
        // more than the server delivers one by one.
        if (isLive()) {
          refreshesAll = true;
          return scheduleRefresh();
        }
        setIsLive(true);
        refresh();
      },
      onConnectionStateChange: ({ state }) => {
        if (state === "pending") return;
        setIsLive(false);
        void checkConnection();
      },
      onError: ended,
      onComplete: ended,
    }), () => setIsLive(false));
  onCleanup(() => clearTimeout(timer));
}
