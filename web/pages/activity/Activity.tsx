// The audit log, newest first. New events appear as they happen; a row opens the event in a drawer.
import { drawerHref } from "../../features/lists/drawer_href.ts";
import { useList } from "../../features/lists/use_list.ts";
import { createSignal, Show } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { describeActor, describeEvent, eventLabels } from "../../features/events/event_labels.ts";
import { onEvent, type SystemEvent } from "../../features/events/live_events.ts";
import { customerSearch, licenseSearch } from "../../features/pickers/searches.ts";
import { Code } from "../../ui/Code.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { addresses } from "../../lib/addresses.ts";
import { EventDrawer } from "./EventDrawer.tsx";
import { Subject } from "./Subject.tsx";

const columns: Column<SystemEvent>[] = [
  { id: "what", title: "Event", width: 220, cell: describeEvent },
  { id: "about", title: "Object", isText: true, width: 320, cell: (event) => <Subject event={event} /> },
  { id: "who", title: "Actor", isText: true, width: 240, cell: describeActor },
  { id: "when", title: "Time", sort: "id", width: 150, cell: (event) => <Time at={event.occurredAt} /> },
  {
    id: "request",
    title: "Request ID",
    width: 300,
    isHidden: true,
    cell: (event) => (
      <Show when={event.requestId}>
        {(id) => <Code text={id()} label={`the request ID ${id()}`} short />}
      </Show>
    ),
  },
];

const kinds = [
  ["license.", "Licenses"],
  ["activation.", "Devices"],
  ["seat.", "Sessions"],
  ["customer.", "Customers"],
  ["user.", "Users"],
  ["product.", "Products"],
  ["plan.", "Plans"],
  ["release.", "Releases"],
  ["resource.", "Resources"],
  ["lead.", "Leads"],
  ["contact.", "Contacts"],
  ["webhook.", "Webhooks"],
  ["administrator.", "Administrators"],
  ["api_key.", "API keys"],
  ["settings.", "Settings"],
  ["anomaly.", "Anomalies resolved"],
  ["activity.", "Anomalies detected"],
  ["alert.", "Alerts"],
  ["job.", "Jobs"],
] as const;

const actors = [
  ["administrator", "Administrators"],
  ["api_key", "API keys"],
  ["user", "Users"],
  ["system", "System"],
  ["anonymous", "Unauthenticated"],
] as const;

const filters: Filter[] = [
  {
    name: "type",
    title: "Event",
    kind: { options: kinds, titleOf: (type) => eventLabels[type as keyof typeof eventLabels] },
  },
  { name: "actorKind", title: "Actor", kind: { options: actors } },
  { name: "customerId", title: "Customer", kind: customerSearch },
  { name: "licenseId", title: "License", kind: licenseSearch },
  {
    name: "time",
    title: "Time",
    kind: { from: "since", until: "until", unit: "instant", direction: "past" },
  },
  { name: "requestId", title: "Request ID", kind: "text" },
];

export function Activity() {
  const list = useList("events", { filters, name: "activity" });
  const [shown, show] = useAddressState({ event: undefined as string | undefined });
  const [newIds, setNewIds] = createSignal<ReadonlySet<number>>(new Set());
  onEvent(({ id }) => setNewIds(new Set([...newIds(), id])));

  return (
    <Page title="Activity" state="Audit log of all changes">
      <List
        {...list}
        one="event"
        many="events"
        columns={columns}
        searchedFields="event or actor"
        href={({ id }) => drawerHref(addresses.activity(), list.state, "event", id)}
        isNew={(id) => newIds().has(id)}
        empty={<Empty title="No activity yet">Changes appear here automatically.</Empty>}
      />
      <Show when={Number(shown.event) || null}>
        {(id) => <EventDrawer id={id()} close={() => show({ event: undefined })} />}
      </Show>
    </Page>
  );
}
