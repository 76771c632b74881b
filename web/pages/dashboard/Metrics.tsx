// The current key figures, each a link. A figure that changes is highlighted.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatAgo, formatNumber } from "../../lib/format.ts";
import type { LiveStats } from "./live_stats.ts";

const figures: { title: string; href: string; value: (metrics: LiveStats["metrics"]) => number }[] = [
  {
    title: "Active licenses",
    href: withQuery(addresses.licenses(), { state: "active" }),
    value: ({ activeLicenses }) => activeLicenses,
  },
  {
    title: "Active devices",
    href: withQuery(addresses.devices(), { isActive: true }),
    value: ({ totalActivations }) => totalActivations,
  },
  { title: "Active sessions", href: addresses.sessions(), value: ({ activeSessions }) => activeSessions },
  {
    title: "Heartbeats per minute",
    href: addresses.monitoring(),
    value: ({ heartbeatsPerMinute }) => heartbeatsPerMinute,
  },
];

export function Metrics(props: { stats: LiveStats | undefined }) {
  let isFirst = true;
  return (
    <div>
      <ul class="grid grid-cols-2 gap-3 lg:grid-cols-4" aria-label="Now">
        <For each={figures}>
          {({ title, href, value }) => (
            <li>
              <A
                href={href}
                class="block rounded-lg border border-line bg-surface px-4 py-3 hover:border-edge"
              >
                <span class="block text-sm text-muted">{title}</span>
                <Show
                  when={props.stats}
                  fallback={<span class="mt-1 block h-8 w-16 animate-wait rounded-sm bg-sunken" />}
                >
                  {(stats) => (
                    <Show when={String(value(stats().metrics))} keyed>
                      {(text) => {
                        const isNews = !isFirst;
                        queueMicrotask(() => (isFirst = false));
                        return (
                          <span
                            class={`block w-fit rounded-sm text-xl font-semibold ${
                              isNews ? "animate-arrive" : ""
                            }`}
                          >
                            {formatNumber(Number(text))}
                          </span>
                        );
                      }}
                    </Show>
                  )}
                </Show>
              </A>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.stats?.countedAt}>
        {(countedAt) => (
          <p class="mt-2 text-xs text-muted">
            Licenses, devices and sessions updated {formatAgo(countedAt())}.
          </p>
        )}
      </Show>
    </div>
  );
}
