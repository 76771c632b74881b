// The open alerts.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { AlertIcon } from "../../ui/icons.ts";
import { Time } from "../../ui/Time.tsx";
import type { LiveStats } from "./live_stats.ts";

const variants = { critical: "bg-bad-soft text-bad", warning: "bg-warn-soft text-warn" } as const;

export function Alerts(props: { stats: LiveStats | undefined }) {
  return (
    <Show when={props.stats?.alerts.length}>
      <ul class="flex flex-col gap-2" aria-label="Alerts">
        <For each={props.stats!.alerts}>
          {({ severity, message, since }) => (
            <li
              class={`flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md px-3 py-2 text-sm ${
                variants[severity]
              }`}
            >
              <AlertIcon class="size-4 shrink-0" aria-hidden="true" />
              <span class="sr-only">{severity}:</span>
              <span class="min-w-0 flex-1 basis-56 font-medium break-words">{message}</span>
              <span>
                started <Time at={since} />
              </span>
              <A href={addresses.monitoring()} class="font-medium underline">View alert</A>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
