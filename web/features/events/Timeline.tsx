// The events about an object, newest first: who, what, the changed values and the request id.
import { createSignal, For, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import type { SystemEvent } from "./live_events.ts";
import type { Inputs } from "../../lib/trpc.ts";
import { changesOf, describeActor, describeEvent } from "./event_labels.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { EventChanges } from "./EventChanges.tsx";
import { Code } from "../../ui/Code.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Time } from "../../ui/Time.tsx";

/**
 * @param props.filter the filters of the list of events
 */
export function Timeline(props: { filter: Omit<Inputs["events"]["list"], "cursor" | "limit"> }) {
  const [cursors, setCursors] = createSignal<(string | undefined)[]>([undefined]);
  return (
    <div class="flex flex-col">
      <For each={cursors()}>
        {(cursor, index) => (
          <LoadedPage
            filter={props.filter}
            cursor={cursor}
            isLast={index() === cursors().length - 1}
            loadMore={(next) => setCursors([...cursors(), next])}
          />
        )}
      </For>
    </div>
  );
}

function LoadedPage(
  props: {
    filter: Inputs["events"]["list"];
    cursor: string | undefined;
    isLast: boolean;
    loadMore(next: string): void;
  },
) {
  const events = useApiQuery("events", "list", () => ({ ...props.filter, cursor: props.cursor }), {
    keepPrevious: true,
  });
  return (
    <QueryBoundary query={events}>
      {(page) => (
        <>
          <Show
            when={page().rows.length > 0 || props.cursor}
            fallback={<Empty title="No activity yet" />}
          >
            <ol>
              <For each={page().rows}>{(event) => <EventLine event={event} />}</For>
            </ol>
          </Show>
          <Show when={props.isLast && page().next}>
            {(next) => (
              <div class="pt-2">
                <Button variant="quiet" onClick={() => props.loadMore(next())}>Load more</Button>
              </div>
            )}
          </Show>
        </>
      )}
    </QueryBoundary>
  );
}

export function EventLine(props: { event: SystemEvent }) {
  const hasChanges = () => changesOf(props.event).length > 0;
  return (
    <li class="relative border-l border-line py-2 pl-4 before:absolute before:top-4 before:-left-1 before:size-2 before:rounded-full before:bg-edge">
      <div class="flex flex-wrap items-baseline gap-x-2 text-sm">
        <span class="font-medium">{describeEvent(props.event)}</span>
        <span class="text-muted">{describeActor(props.event)}</span>
        <span class="ml-auto text-xs text-muted">
          <Time at={props.event.occurredAt} />
        </span>
      </div>
      <Show when={hasChanges() || props.event.requestId}>
        <details class="mt-1 text-xs">
          <summary
            class="w-fit text-muted hover:text-ink"
            aria-label={`Details of event ${props.event.id}: ${describeEvent(props.event)}`}
          >
            Details
          </summary>
          <div class="mt-1 overflow-x-auto">
            <EventChanges event={props.event} />
            <Show when={props.event.requestId}>
              {(id) => (
                <p class="mt-1 text-muted">
                  Request <Code text={id()} label={`the request ID ${id()}`} />
                </p>
              )}
            </Show>
          </div>
        </details>
      </Show>
    </li>
  );
}
