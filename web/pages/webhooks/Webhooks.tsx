// The list of webhooks.
import { Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatCount, formatNumber } from "../../lib/format.ts";
import { Badge } from "../../ui/Badge.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column } from "../../ui/list/list.ts";
import { createListState } from "../../features/lists/list_state.ts";
import { OwnersOnly } from "../../features/account/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { statusOf, titleOf, type Webhook } from "./webhook_labels.ts";

const columns: Column<Webhook>[] = [
  { id: "name", title: "Webhook", isText: true, width: 220, cell: titleOf },
  {
    id: "state",
    title: "Status",
    width: 165,
    cell: (webhook) => (
      <span title={statusOf(webhook).description ?? undefined}>
        <Badge tone={statusOf(webhook).tone}>{statusOf(webhook).title}</Badge>
      </span>
    ),
  },
  {
    id: "url",
    title: "Endpoint URL",
    isText: true,
    width: 200,
    cell: ({ url }) => <span title={url}>{url}</span>,
  },
  {
    id: "events",
    title: "Events",
    isText: true,
    width: 190,
    cell: ({ eventTypes }) => <span title={eventTypes.join(", ")}>{eventsOf(eventTypes)}</span>,
  },
  {
    id: "waiting",
    title: "Pending",
    width: 80,
    isNumber: true,
    cell: ({ waiting }) => formatNumber(waiting),
  },
  {
    id: "failed",
    title: "Failed (7 days)",
    width: 140,
    isNumber: true,
    cell: ({ failed }) => (
      <Show when={failed > 0} fallback={formatNumber(0)}>
        <span class="text-bad">{formatNumber(failed)}</span>
      </Show>
    ),
  },
  {
    id: "delivered",
    title: "Last delivered",
    width: 130,
    cell: ({ lastDeliveredAt }) => <Time at={lastDeliveredAt} />,
  },
  {
    id: "created",
    title: "Created",
    width: 140,
    isHidden: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
];

function eventsOf(eventTypes: string[]): string {
  if (eventTypes.includes("*")) return "All";
  return eventTypes.length === 0
    ? emptyValue
    : eventTypes.length === 1
    ? eventTypes[0]
    : `${eventTypes[0]} and ${eventTypes.length - 1} more`;
}

export function Webhooks() {
  return (
    <OwnersOnly title="Webhooks">
      <WebhookList />
    </OwnersOnly>
  );
}

function WebhookList() {
  const state = createListState("webhooks", []);
  const webhooks = useApiQuery("webhooks", "list", () => undefined, { refetchInterval: 10_000 });
  const rows = {
    get data() {
      const found = webhooks.data;
      return found && { rows: found, next: null, previous: null, total: found.length, totalIsMore: false };
    },
    get error() {
      return webhooks.error;
    },
    get isFetching() {
      return webhooks.isFetching;
    },
    isPlaceholderData: false,
    refetch: () => webhooks.refetch(),
  };
  return (
    <Page
      title="Webhooks"
      state={webhooks.data && summary(webhooks.data)}
      actions={
        <ButtonLink href={addresses.newWebhook()} variant="primary">
          <AddIcon /> New webhook
        </ButtonLink>
      }
    >
      <List
        one="webhook"
        many="webhooks"
        state={state}
        rows={rows}
        columns={columns}
        filters={[]}
        href={({ id }) => addresses.webhook(id)}
        empty={
          <Empty
            title="No webhooks yet"
            actions={
              <ButtonLink href={addresses.newWebhook()} variant="primary">
                <AddIcon /> New webhook
              </ButtonLink>
            }
          >
            Webhooks send events to your endpoint as they happen, such as a license that was activated or is
            about to expire. Add an endpoint URL and send a test event.
          </Empty>
        }
      />
    </Page>
  );
}

function summary(webhooks: Webhook[]): string {
  const on = webhooks.filter(({ isActive }) => isActive).length;
  const waiting = webhooks.reduce((sum, webhook) => sum + webhook.waiting, 0);
  return `${formatNumber(on)} of ${formatNumber(webhooks.length)} active · ${
    formatCount(waiting, "pending delivery", "pending deliveries")
  }`;
}
