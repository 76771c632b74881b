// What happens on the server, as it happens: one stream for the whole panel, open while the panel is seen. Whoever
// wants to know listens; what is on the screen of the things concerned is asked for again by itself.
import { createSignal, onCleanup } from "solid-js";
import { refresh } from "./answers.ts";
import { type Outputs, trpc } from "./trpc.ts";

export type HouseEvent = Outputs["events"]["list"]["rows"][number];
type Listener = (event: HouseEvent) => void;

const listeners = new Set<Listener>();
const [isLive, setIsLive] = createSignal(false);
/** Whether the stream stands. */
export { isLive };

/** Hears of every event from now on, until the part of the page that asked is gone. */
export function onEvent(listener: Listener): void {
  listeners.add(listener);
  onCleanup(() => listeners.delete(listener));
}

/** What is shown anew when something of a kind happens. */
const shown: Record<string, Parameters<typeof refresh>> = {
  license: ["licenses", "devices", "customers", "statistics", "sessions"],
  seat: ["sessions"],
  activation: ["devices"],
  customer: ["customers"],
  institution: ["leads"],
  user: ["users"],
  resource: ["resources"],
  product: ["products"],
  plan: ["plans"],
  release: ["releases"],
  webhook: ["webhooks"],
  job: ["jobs"],
  alert: ["alerts", "monitoring"],
  anomaly: ["anomalies"],
  activity: ["anomalies", "leads"],
};

/** Follows what happens for as long as the caller's part of the page is there. */
export function followHouse(): void {
  let last: string | undefined;
  let stream: { unsubscribe(): void } | null = null;
  let concerned = new Set<Parameters<typeof refresh>[number]>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(event: HouseEvent): void {
    for (const listener of listeners) listener(event);
    for (const noun of shown[event.type.split(".")[0]] ?? []) concerned.add(noun);
    concerned.add("events");
    // Many events at once ask once.
    timer ??= setTimeout(() => {
      timer = undefined;
      refresh(...concerned);
      concerned = new Set();
    }, 300);
  }

  function open(): void {
    stream ??= trpc.events.feed.subscribe({ lastEventId: last }, {
      onStarted: () => setIsLive(true),
      onData({ id, data }) {
        last = id;
        tell(data as unknown as HouseEvent);
      },
      onConnectionStateChange: ({ state }) => setIsLive(state === "pending"),
      onError: close,
      onComplete: close,
    });
  }

  function close(): void {
    stream?.unsubscribe();
    stream = null;
    setIsLive(false);
  }

  // A browser allows few connections to one server; a tab nobody looks at needs none, and catches up when it is seen.
  const heed = () => document.visibilityState === "visible" ? open() : close();
  document.addEventListener("visibilitychange", heed);
  const again = setInterval(heed, 10_000);
  heed();
  onCleanup(() => {
    document.removeEventListener("visibilitychange", heed);
    clearInterval(again);
    clearTimeout(timer);
    close();
  });
}
