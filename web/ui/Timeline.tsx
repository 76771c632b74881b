// What happened to a thing, the newest first: who, what, before and after, and the request that caused it.
import { createSignal, For, Show } from "solid-js";
import { useAnswer } from "../lib/answers.ts";
import type { HouseEvent } from "../lib/live.ts";
import type { Inputs } from "../lib/trpc.ts";
import { changesOf, describeActor, describeEvent } from "../lib/events.ts";
import { Answered } from "./Answered.tsx";
import { Button } from "./Button.tsx";
import { Changes } from "./Changes.tsx";
import { Code } from "./Code.tsx";
import { Empty } from "./Empty.tsx";
import { Time } from "./Time.tsx";

/** Events about one thing: the same filters as the list of events has. */
export function Timeline(props: { of: Omit<Inputs["events"]["list"], "cursor" | "limit"> }) {
  const [cursors, setCursors] = createSignal<(string | undefined)[]>([undefined]);
  return (
    <div class="flex flex-col">
      <For each={cursors()}>
        {(cursor, place) => (
          <Stretch
            of={props.of}
            cursor={cursor}
            isLast={place() === cursors().length - 1}
            goOn={(next) => setCursors([...cursors(), next])}
          />
        )}
      </For>
    </div>
  );
}

function Stretch(
  props: {
    of: Inputs["events"]["list"];
    cursor: string | undefined;
    isLast: boolean;
    goOn(next: string): void;
  },
) {
  const events = useAnswer("events", "list", () => ({ ...props.of, cursor: props.cursor }), { keep: true });
  return (
    <Answered of={events}>
      {(page) => (
        <>
          <Show
            when={page().rows.length > 0 || props.cursor}
            fallback={<Empty title="Nothing has happened yet" />}
          >
            <ol>
              <For each={page().rows}>{(event) => <EventLine event={event} />}</For>
            </ol>
          </Show>
          <Show when={props.isLast && page().next}>
            {(next) => (
              <div class="pt-2">
                <Button look="quiet" onClick={() => props.goOn(next())}>Show earlier</Button>
              </div>
            )}
          </Show>
        </>
      )}
    </Answered>
  );
}

export function EventLine(props: { event: HouseEvent }) {
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
          <summary class="w-fit text-muted hover:text-ink">Details</summary>
          <div class="mt-1 overflow-x-auto">
            <Changes event={props.event} />
            <Show when={props.event.requestId}>
              {(id) => (
                <p class="mt-1 text-muted">
                  Request <Code text={id()} what="the request's id" />
                </p>
              )}
            </Show>
          </div>
        </details>
      </Show>
    </li>
  );
}
