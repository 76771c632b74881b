// The drawer with one event: its subject, who caused it, the changed values and the request.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { describeActor, describeEvent } from "../../features/events/event_labels.ts";
import { emptyValue, formatInstant } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { EventChanges } from "../../features/events/EventChanges.tsx";
import { Code } from "../../ui/Code.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Subject } from "./Subject.tsx";

export function EventDrawer(props: { id: number; close(): void }) {
  const event = useApiQuery("events", "get", () => ({ id: props.id }));
  return (
    <Dialog
      title={event.data ? describeEvent(event.data) : "Event"}
      hint={event.data && `${formatInstant(event.data.occurredAt)}, ${describeActor(event.data)}`}
      variant="drawer"
      isOpen
      close={props.close}
    >
      <QueryBoundary query={event}>
        {(event) => (
          <div class="flex flex-col gap-6">
            <DetailList
              items={[
                ["Object", <Subject event={event()} />],
                ["Type", <Code text={event().type} label="the type" />],
                ["Event ID", <Code text={event().uid} label="the event ID" />],
                ["Request ID", <Request id={event().requestId} />],
              ]}
            />
            <EventChanges event={event()} />
          </div>
        )}
      </QueryBoundary>
    </Dialog>
  );
}

function Request(props: { id: string | null }) {
  return (
    <Show when={props.id} fallback={emptyValue}>
      {(id) => (
        <span class="flex flex-wrap items-center gap-2">
          <Code text={id()} label="the request ID" />
          <A href={withQuery(addresses.activity(), { requestId: id() })} class="text-accent hover:underline">
            View related events
          </A>
        </span>
      )}
    </Show>
  );
}
