// What happens on the server, as it happens: one stream for the whole panel, open while the panel is seen. Whoever
// wants to know listens; what is on the screen of the things concerned is asked for again by itself.
import { createSignal, onCleanup } from "solid-js";
import { refresh } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { whileVisible } from "../../lib/page_visibility.ts";

export type SystemEvent = Outputs["events"]["list"]["rows"][number];
type Listener = (event: SystemEvent) => void;

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
  activation: ["devices"],
  seat: ["sessions"],
  session: ["users"],
  customer: ["customers"],
  lead: ["leads", "customers"],
  contact: ["leads"],
  lead_activity: ["leads"],
  user: ["users"],
  administrator: ["administrators", "account"],
  resource: ["resources"],
  product: ["products"],
  plan: ["plans"],
  release: ["releases"],
  webhook: ["webhooks"],
  api_key: ["apiKeys"],
  signing_key: ["signingKeys"],
  settings: ["settings"],
  job: ["jobs"],
  alert: ["alerts", "monitoring"],
  anomaly: ["anomalies"],
  activity: ["anomalies"],
};

/** Follows what happens for as long as the caller's part of the page is there. */
export function followEvents(): void {
  let last: string | undefined;
  let concerned = new Set<Parameters<typeof refresh>[number]>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function toast(event: SystemEvent): void {
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

  whileVisible((ended) =>
    trpc.events.feed.subscribe({ lastEventId: last }, {
      onData({ id, data }) {
        last = id;
        if (data) return toast(data as unknown as SystemEvent);
        setIsLive(true);
        // What happened between the page's own questions and the stream's beginning is in neither.
        refresh();
      },
      onConnectionStateChange: ({ state }) => {
        if (state !== "pending") setIsLive(false);
      },
      onError: ended,
      onComplete: ended,
    }), () => setIsLive(false));
  onCleanup(() => clearTimeout(timer));
}
