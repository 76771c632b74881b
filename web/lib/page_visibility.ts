// Streams of a hidden page are closed: a browser allows few connections to one server. They catch up when the
// page is seen again.
import { onCleanup } from "solid-js";

/** What broke off is tried again after so many milliseconds. */
const AGAIN = 10_000;

/**
 * Keeps a stream open while the page is seen, until the caller's part of it is gone.
 *
 * @param subscribe opens it; to call what it is given when it ends or breaks off
 * @param closed told whenever it is closed
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
  const handleKey = () => {
    if (document.visibilityState === "visible") stream ??= subscribe(close);
    else close();
  };
  document.addEventListener("visibilitychange", handleKey);
  const again = setInterval(handleKey, AGAIN);
  handleKey();
  onCleanup(() => {
    document.removeEventListener("visibilitychange", handleKey);
    clearInterval(again);
    close();
  });
}
