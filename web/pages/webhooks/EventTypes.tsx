// The choice of the events that a webhook receives: all, including future ones, or some.
import { createUniqueId, For, Show } from "solid-js";
import { type PublicEventType, publicEventTypes } from "../../../server/domain/events/catalogue/catalogue.ts";
import { allEvents } from "../../../server/domain/webhooks/inputs.ts";
import { eventLabels } from "../../features/events/event_labels.ts";
import type { Form } from "../../lib/form.ts";
import { formatWord } from "../../lib/format.ts";
import { AlertIcon } from "../../ui/icons.ts";
import type { WebhookValues } from "./webhook_form.ts";

const titles: Record<string, string> = {
  license: "Licenses",
  activity: "Anomalies",
  usage: "Usage",
  release: "Releases",
};

const groups = [...Map.groupBy(publicEventTypes, (type) => type.split(".")[0])];

const checkboxClass = "mt-0.5 size-4 touch:size-6 shrink-0 accent-accent";

export function EventTypes(props: { form: Form<WebhookValues> }) {
  props.form.describeField("eventTypes", { label: "Events" });
  const id = createUniqueId();
  const chosen = () => props.form.values.eventTypes;
  const isAll = () => chosen().includes(allEvents);
  const error = () => props.form.errors.eventTypes;
  const choose = (types: readonly string[], isChosen: boolean) => {
    const others = chosen().filter((type) => !types.includes(type));
    props.form.set("eventTypes", isChosen ? [...others, ...types] : others);
  };
  const has = (type: PublicEventType) => chosen().includes(type);
  return (
    <fieldset class="flex min-w-0 flex-col gap-3" aria-describedby={error() ? `${id}-error` : undefined}>
      <legend class="mb-1 text-sm font-medium">Events</legend>
      <div class="flex items-start gap-2">
        <input
          id={`${id}-all`}
          type="checkbox"
          class={checkboxClass}
          checked={isAll()}
          aria-invalid={error() ? "true" : undefined}
          onChange={(event) => props.form.set("eventTypes", event.currentTarget.checked ? [allEvents] : [])}
        />
        <label for={`${id}-all`} class="text-sm">All events, including future ones</label>
      </div>
      <Show when={!isAll()}>
        <For each={groups}>
          {([noun, types]) => (
            <fieldset class="flex min-w-0 flex-col gap-1.5 rounded-md border border-line p-3">
              <legend class="px-1 text-xs font-medium text-muted">{titles[noun] ?? formatWord(noun)}</legend>
              <Show when={types.length > 2}>
                <div class="flex items-start gap-2 border-b border-line pb-1.5">
                  <input
                    id={`${id}-${noun}`}
                    type="checkbox"
                    class={checkboxClass}
                    checked={types.every(has)}
                    onChange={(event) => choose(types, event.currentTarget.checked)}
                  />
                  <label for={`${id}-${noun}`} class="text-sm">Select all</label>
                </div>
              </Show>
              <For each={types}>
                {(type) => (
                  <div class="flex items-start gap-2">
                    <input
                      id={`${id}-${type}`}
                      type="checkbox"
                      class={checkboxClass}
                      checked={has(type)}
                      onChange={(event) => choose([type], event.currentTarget.checked)}
                    />
                    <label for={`${id}-${type}`} class="flex min-w-0 flex-wrap gap-x-2 text-sm">
                      {eventLabels[type]}
                      <code class="font-mono text-xs leading-5 text-muted">{type}</code>
                    </label>
                  </div>
                )}
              </For>
            </fieldset>
          )}
        </For>
      </Show>
      <Show when={error()}>
        <p id={`${id}-error`} class="flex items-start gap-1 text-xs text-bad">
          <AlertIcon class="mt-0.5 size-3 shrink-0" aria-hidden="true" />
          {error()}
        </p>
      </Show>
    </fieldset>
  );
}
