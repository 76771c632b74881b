// The current key figures, streamed while the page is visible.
import { createSignal } from "solid-js";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { whileVisible } from "../../lib/page_visibility.ts";

export type LiveStats = Outputs["monitoring"]["liveStats"];

export function useLiveStats(): () => LiveStats | undefined {
  const [stats, setStats] = createSignal<LiveStats>();
  whileVisible((ended) =>
    trpc.monitoring.live.subscribe({}, {
      onData: ({ data }) => setStats(data as unknown as LiveStats),
      onError: ended,
      onComplete: ended,
    })
  );
  return stats;
}
