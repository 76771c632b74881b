// The deliveries of a webhook. A row opens a drawer, whose delivery is kept in the URL.
import { useLocation } from "@solidjs/router";
import { Show } from "solid-js";
import { withQuery } from "../../lib/addresses.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { eventLabels } from "../../features/events/event_labels.ts";
import { emptyValue, formatNumber } from "../../lib/format.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createListState } from "../../features/lists/list_state.ts";
import { Time } from "../../ui/Time.tsx";
import { DeliveryDrawer } from "./DeliveryDrawer.tsx";
import { deliveryStates, deliveryTitle, type ListedDelivery, type Webhook } from "./webhook_labels.ts";

const columns: Column<ListedDelivery>[] = [
  {
    id: "event",
    title: "Event",
    width: 160,
    cell: ({ eventType }) => (
      <span title={eventLabels[eventType as keyof typeof eventLabels]}>{eventType}</span>
    ),
  },
  {
    id: "state",
    title: "Status",
    width: 110,
    cell: (delivery) => <Badge tone={deliveryStates[delivery.state].tone}>{deliveryTitle(delivery)}</Badge>,
  },
  {
    id: "outcome",
    title: "Last response",
    isText: true,
    width: 120,
    cell: ({ lastOutcome }) => <span title={lastOutcome ?? undefined}>{lastOutcome ?? emptyValue}</span>,
  },
  { id: "tries", title: "Attempts", width: 80, isNumber: true, cell: ({ tries }) => formatNumber(tries) },
  { id: "happened", title: "Created", width: 130, cell: ({ occurredAt }) => <Time at={occurredAt} /> },
  { id: "delivered", title: "Delivered", width: 130, cell: ({ deliveredAt }) => <Time at={deliveredAt} /> },
];

const filters: Filter[] = [
  {
    name: "state",
    title: "Status",
    kind: {
      options: Object.entries(deliveryStates).map(([state, { title }]) => [state, title] as const),
    },
  },
];

export function Deliveries(props: { webhook: Webhook }) {
  const location = useLocation();
  const state = createListState("deliveries", filters.map(({ name }) => name));
  const [open, setOpen] = useAddressState({
    delivery: undefined as string | undefined,
    compare: undefined as string | undefined,
  });
  const deliveries = useApiQuery("webhooks", "deliveries", () => {
    const { q, cursor, filters } = state.query();
    return { id: props.webhook.id, q, cursor, state: filters.state as ListedDelivery["state"] | undefined };
  }, { keepPrevious: true, refetchInterval: 3000 });
  const nextTry: Column<ListedDelivery> = {
    id: "due",
    title: "Next attempt",
    width: 130,
    cell: ({ dueAt }) => (
      <Show when={dueAt && !props.webhook.isActive} fallback={<Time at={dueAt} />}>When enabled</Show>
    ),
  };
  const opened = () => /^[1-9]\d{0,15}$/.test(open.delivery ?? "") ? Number(open.delivery) : null;
  return (
    <>
      <List
        one="delivery"
        many="deliveries"
        state={state}
        rows={deliveries}
        columns={[...columns, nextTry]}
        filters={filters}
        searchedFields="event"
        href={({ id }) =>
          withQuery(location.pathname, {
            ...Object.fromEntries(new URLSearchParams(location.search)),
            delivery: id,
          })}
        empty={
          <Empty title="No deliveries yet">
            {props.webhook.isActive
              ? "Send a test event to see the request and the response."
              : "This webhook is disabled. Enable it to send a test event."}
          </Empty>
        }
      />
      <Show when={opened()} keyed>
        {(id) => (
          <DeliveryDrawer
            id={id}
            webhook={props.webhook}
            close={() => setOpen({ delivery: undefined, compare: undefined })}
          />
        )}
      </Show>
    </>
  );
}
