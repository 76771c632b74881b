// The webhook deliveries about a license.
import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import type { EventType } from "../../../server/domain/events/record.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { eventLabels } from "../../features/events/event_labels.ts";
import { emptyValue, formatCount } from "../../lib/format.ts";
import { hasRole } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge, type Tone } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Time } from "../../ui/Time.tsx";

type Delivery = Outputs["licenses"]["deliveries"]["deliveries"][number];

const states: Record<Delivery["state"], [Tone, string]> = {
  waiting: ["info", "Pending"],
  delivered: ["good", "Delivered"],
  failed: ["bad", "Failed"],
};

export function LicenseDeliveries(props: { licenseId: number }) {
  const [pages, setPages] = createSignal<(number | undefined)[]>([undefined]);
  return (
    <Card flush>
      <For each={pages()}>
        {(before, index) => (
          <LoadedPage
            licenseId={props.licenseId}
            before={before}
            isLast={index() === pages().length - 1}
            loadMore={(next) => setPages([...pages(), next])}
          />
        )}
      </For>
    </Card>
  );
}

function LoadedPage(
  props: { licenseId: number; before: number | undefined; isLast: boolean; loadMore(next: number): void },
) {
  const deliveries = useApiQuery(
    "licenses",
    "deliveries",
    () => ({ id: props.licenseId, before: props.before }),
    { keepPrevious: true },
  );
  return (
    <QueryBoundary query={deliveries}>
      {(page) => (
        <>
          <Show when={page().deliveries.length === 0 && !props.before}>
            <Empty title="No webhook deliveries yet">
              Deliveries of this license’s events to webhooks appear here.
            </Empty>
          </Show>
          <ul class="divide-y divide-line text-sm">
            <For each={page().deliveries}>{(delivery) => <DeliveryItem delivery={delivery} />}</For>
          </ul>
          <Show when={props.isLast && page().next}>
            {(next) => (
              <p class="border-t border-line p-2">
                <Button variant="quiet" onClick={() => props.loadMore(next())}>Load more</Button>
              </p>
            )}
          </Show>
        </>
      )}
    </QueryBoundary>
  );
}

function DeliveryItem(props: { delivery: Delivery }) {
  const { delivery } = props;
  const name = () => delivery.endpoint || delivery.url || `Webhook ${delivery.webhookId}`;
  const [tone, word] = states[delivery.state];
  return (
    <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
      <span class="font-medium">{eventLabels[delivery.eventType as EventType] ?? delivery.eventType}</span>
      <Badge tone={tone}>{word}</Badge>
      <span class="min-w-0 flex-1 truncate text-muted">
        <Show when={hasRole("owner")} fallback={name()}>
          <A href={addresses.webhook(delivery.webhookId)} class="text-accent hover:underline">{name()}</A>
        </Show>
      </span>
      <span class="text-muted">
        {formatCount(delivery.attempts, "attempt")} · response {delivery.lastStatus ?? emptyValue}
      </span>
      <span class="text-muted">
        <Time at={delivery.occurredAt} />
      </span>
    </li>
  );
}
