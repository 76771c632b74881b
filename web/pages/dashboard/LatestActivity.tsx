// The ten latest events, updated as they happen.
import { A } from "@solidjs/router";
import { createSignal, For, Match, Show, Switch } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { describeActor, describeEvent } from "../../features/events/event_labels.ts";
import { onEvent, type SystemEvent } from "../../features/events/live_events.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Time } from "../../ui/Time.tsx";

export function LatestActivity() {
  const events = useApiQuery("events", "list", () => ({ limit: 10 }), { keepPrevious: true });
  const [arrived, setArrived] = createSignal<ReadonlySet<number>>(new Set());
  onEvent(({ id }) => setArrived(new Set([...arrived(), id].slice(-50))));
  return (
    <Card
      title="Recent activity"
      flush
      actions={<ButtonLink variant="quiet" href={addresses.activity()}>View all</ButtonLink>}
    >
      <QueryBoundary query={events}>
        {(page) => (
          <Show
            when={page().rows.length > 0}
            fallback={<p class="px-4 py-12 text-center text-sm text-muted">No activity yet.</p>}
          >
            <ul class="divide-y divide-line text-sm">
              <For each={page().rows}>
                {(event) => (
                  <li
                    class={`flex flex-wrap items-baseline gap-x-2 px-4 py-2 ${
                      arrived().has(event.id) ? "animate-arrive" : ""
                    }`}
                  >
                    <span class="font-medium">{describeEvent(event)}</span>
                    <About event={event} />
                    <span class="text-muted">{describeActor(event)}</span>
                    <span class="ml-auto text-xs text-muted">
                      <Time at={event.occurredAt} />
                    </span>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </QueryBoundary>
    </Card>
  );
}

/** The license or customer of an event, as a link. */
function About(props: { event: SystemEvent }) {
  const link = "min-w-0 break-words hover:underline";
  return (
    <Switch>
      <Match when={props.event.licenseId !== null && props.event.licenseKey}>
        {(key) => (
          <A href={addresses.license(props.event.licenseId!)} class={link}>
            <LicenseKey text={key()} />
          </A>
        )}
      </Match>
      <Match when={props.event.customerId !== null && props.event.customerName}>
        {(name) => <A href={addresses.customer(props.event.customerId!)} class={link}>{name()}</A>}
      </Match>
    </Switch>
  );
}
