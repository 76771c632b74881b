// The values that an event changed, before and after, as a table.
import { For, Show } from "solid-js";
import { changesOf } from "./event_labels.ts";
import type { SystemEvent } from "./live_events.ts";

export function EventChanges(props: { event: SystemEvent }) {
  const changes = () => changesOf(props.event);
  return (
    <Show when={changes().length > 0}>
      <div class="overflow-x-auto" tabindex="0" role="group" aria-label="Changes">
        <table class="border-collapse text-sm">
          <thead>
            <tr class="text-left text-xs text-muted">
              <th scope="col" class="pr-6 pb-1 font-normal">Field</th>
              <th scope="col" class="pr-6 pb-1 font-normal">Before</th>
              <th scope="col" class="pb-1 font-normal">After</th>
            </tr>
          </thead>
          <tbody>
            <For each={changes()}>
              {([name, before, after]) => (
                <tr class="border-t border-line align-top">
                  <th scope="row" class="py-1 pr-6 text-left font-normal text-muted">{name}</th>
                  <td class="py-1 pr-6 break-words">{before}</td>
                  <td class="py-1 break-words">{after}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}
