// Streams of a hidden page are closed, because browsers allow few connections to one server. They reconnect when the
// page is visible again.
import { onCleanup } from "solid-js";
import { onReturn } from "./connection.ts";

/** The delay before a stream that failed is opened again; milliseconds. */
const RETRY_DELAY_MS = 10_000;

/**
 * Keeps a stream open while the page is visible, until the calling component is removed.
 *
 * @param subscribe opens it; calls its argument when the stream ends or fails
 * @param closed runs whenever the stream is closed
 */
export function whileVisible(
  subscribe: (ended: () => void) => { unsubscribe(): void },
  closed: () => void = () => {},
): void {
  let stream: { unsubscribe(): void } | null = null;
  const close = () => {
    stream?.unsubscribe();
    stream = null;
    closed();
  };
  const update = () => {
    if (document.visibilityState === "visible") stream ??= subscribe(close);
    else close();
  };
  document.addEventListener("visibilitychange", update);
  const timer = setInterval(update, RETRY_DELAY_MS);
  // A stream may still wait for a server that was away; one that is opened now hears at once.
  const removeListener = onReturn(() => {
    close();
    update();
  });
  update();
  onCleanup(() => {
    document.removeEventListener("visibilitychange", update);
    clearInterval(timer);
    removeListener();
    close();
  });
}
