// The health of the system and of the event stream: one word in the top bar, and a popover with every part.
import { Popover } from "@kobalte/core/popover";
import { A } from "@solidjs/router";
import { createSignal, For } from "solid-js";
import { addresses } from "../lib/addresses.ts";
import { useApiQuery } from "../lib/queries.ts";
import { describeParts, type Part } from "../features/monitoring/system_health.ts";
import { isLive } from "../features/events/live_events.ts";
import { Badge } from "../ui/Badge.tsx";

/** Milliseconds. */
const REFETCH_MS = 30_000;

export function SystemStatus() {
  const [isOpen, setIsOpen] = createSignal(false);
  const health = useApiQuery("monitoring", "health", () => undefined, { refetchInterval: REFETCH_MS });
  const parts = (): Part[] => [
    // While the first query runs, no part is shown as failing.
    ...describeParts(health.isPending ? undefined : health.data, health.error),
    {
      title: "Live updates",
      tone: isLive() ? "good" : "off",
      word: isLive() ? "On" : "Offline",
      hint: isLive()
        ? "Changes appear automatically."
        : "Reconnecting every 10 seconds. Reload to see recent changes.",
    },
  ];
  const worst = () =>
    parts().find(({ tone }) => tone === "bad") ?? parts().find(({ tone }) => tone === "warn");
  const word = () => {
    const part = worst();
    return part ? `${part.title}: ${part.word.toLowerCase()}` : isLive() ? "Live" : "Offline – reconnecting…";
  };
  const dot = () => {
    const tone = worst()?.tone;
    return tone === "bad" ? "bg-bad" : tone === "warn" ? "bg-warn" : isLive() ? "bg-good" : "bg-edge";
  };
  return (
    <Popover open={isOpen()} onOpenChange={setIsOpen} gutter={4} placement="bottom-end">
      <Popover.Trigger
        class="inline-flex h-8 touch:h-11 items-center gap-1.5 rounded-md px-2 text-xs whitespace-nowrap text-muted hover:bg-sunken hover:text-ink"
        aria-label={`${word()}: system status, live updates ${isLive() ? "on" : "offline"}`}
      >
        <span class={`size-2 rounded-full ${dot()}`} aria-hidden="true" />
        {word()}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class="z-50 w-80 max-w-[calc(100vw-1rem)] rounded-md border border-line bg-raised p-4 text-sm shadow-pop outline-none animate-fade-in">
          <Popover.Title class="font-semibold">System status</Popover.Title>
          <dl class="mt-3 flex flex-col gap-3">
            <For each={parts()}>
              {(part) => (
                <div>
                  <dt class="flex items-center justify-between gap-2">
                    <span>{part.title}</span>
                    <Badge tone={part.tone}>{part.word}</Badge>
                  </dt>
                  <dd class="text-xs text-muted">{part.hint}</dd>
                </div>
              )}
            </For>
          </dl>
          <A
            href={addresses.monitoring()}
            class="mt-3 inline-block text-accent hover:underline"
            onClick={() => setIsOpen(false)}
          >
            View monitoring
          </A>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}
