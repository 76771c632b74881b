// One event in a drawer: what it is about, who did it, before and after, and the request that caused it.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { addresses, withQuery } from "../../addresses.ts";
import { useAnswer } from "../../lib/answers.ts";
import { describeActor, describeEvent } from "../../lib/events.ts";
import { formatInstant, nothing } from "../../lib/format.ts";
import { Answered } from "../../ui/Answered.tsx";
import { Changes } from "../../ui/Changes.tsx";
import { Code } from "../../ui/Code.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Subject } from "./Subject.tsx";

export function EventDrawer(props: { id: number; close(): void }) {
  const event = useAnswer("events", "get", () => ({ id: props.id }));
  return (
    <Dialog
      title={event.data ? describeEvent(event.data) : "Event"}
      hint={event.data && `${formatInstant(event.data.occurredAt)}, ${describeActor(event.data)}`}
      look="drawer"
      isOpen
      close={props.close}
    >
      <Answered of={event}>
        {(event) => (
          <div class="flex flex-col gap-6">
            <Facts
              facts={[
                ["About", <Subject event={event()} />],
                ["Type", <Code text={event().type} what="the type" />],
                ["Event", <Code text={event().uid} what="the event's id" />],
                ["Request", <Request id={event().requestId} />],
              ]}
            />
            <Changes event={event()} />
          </div>
        )}
      </Answered>
    </Dialog>
  );
}

function Request(props: { id: string | null }) {
  return (
    <Show when={props.id} fallback={nothing}>
      {(id) => (
        <span class="flex flex-wrap items-center gap-2">
          <Code text={id()} what="the request's id" />
          <A href={withQuery(addresses.activity(), { requestId: id() })} class="text-accent hover:underline">
            All it changed
          </A>
        </span>
      )}
    </Show>
  );
}
