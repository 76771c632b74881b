// The queue sizes that the worker measured last.
import { type Accessor, For, Show } from "solid-js";
import { formatNumber, formatWord } from "../../lib/format.ts";
import type { Health } from "../../features/monitoring/system_health.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Time } from "../../ui/Time.tsx";

const counts = ["waiting", "active", "delayed", "failed"] as const;

export function Queues(props: { health: { data: Health | undefined; error: unknown; refetch(): unknown } }) {
  return (
    <Card
      title="Queues"
      hint={props.health.data?.queues[0] && (
        <>
          Updated <Time at={props.health.data.queues[0].measuredAt} />
        </>
      )}
      flush
    >
      <QueryBoundary query={props.health}>
        {(health: Accessor<Health>) => (
          <Show
            when={health().queues.length > 0}
            fallback={
              <Empty title="No queue data yet">
                A worker reports its queues every few seconds. Start one with <code>deno task worker</code>.
              </Empty>
            }
          >
            <div class="overflow-x-auto" tabindex="0" role="group" aria-label="Queue sizes">
              <table class="w-full border-collapse text-sm">
                <thead class="text-left text-xs text-muted">
                  <tr class="h-9 border-b border-line">
                    <th scope="col" class="pr-1.5 pl-4 font-medium md:pr-4">Queue</th>
                    <For each={counts}>
                      {(count) => (
                        <th scope="col" class="px-1.5 text-right font-medium last:pr-4 md:px-3">
                          {formatWord(count)}
                        </th>
                      )}
                    </For>
                  </tr>
                </thead>
                <tbody>
                  <For each={health().queues}>
                    {(queue) => (
                      <tr class="h-9 border-b border-line last:border-0">
                        <th scope="row" class="pr-1.5 pl-4 text-left font-medium md:pr-4">
                          {formatWord(queue.name)}
                        </th>
                        <For each={counts}>
                          {(count) => (
                            <td
                              class={`px-1.5 text-right last:pr-4 md:px-3 ${
                                count === "failed" && queue.failed > 0 ? "font-medium text-bad" : ""
                              }`}
                            >
                              {formatNumber(queue[count])}
                            </td>
                          )}
                        </For>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
            </div>
          </Show>
        )}
      </QueryBoundary>
    </Card>
  );
}
