// What stands where nothing is yet, with what to do first; and where something could not be had, with what to do next.
import { type JSX, Show } from "solid-js";
import type { Refused } from "../lib/refusal.ts";
import { Button } from "./Button.tsx";
import { AlertIcon } from "./icons.ts";

export function Empty(props: { title: string; children?: JSX.Element; actions?: JSX.Element }) {
  return (
    <div class="flex flex-col items-center gap-2 px-4 py-12 text-center">
      <p class="text-md font-semibold">{props.title}</p>
      <Show when={props.children}>
        <div class="max-w-lg text-sm text-muted">{props.children}</div>
      </Show>
      <Show when={props.actions}>
        <div class="mt-2 flex flex-wrap justify-center gap-2">{props.actions}</div>
      </Show>
    </div>
  );
}

export function Failure(props: { refused: Refused; retry?: () => void }) {
  return (
    <div role="alert" class="flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
      <AlertIcon class="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <p class="min-w-0 flex-1 break-words">{props.refused.message}</p>
      <Show when={props.retry}>
        <Button look="quiet" onClick={() => props.retry!()}>Try again</Button>
      </Show>
    </div>
  );
}

/** A grey line in the place of what is still on its way. */
export function Skeleton(props: { lines?: number }) {
  return (
    <div class="flex flex-col gap-3" role="status" aria-label="Loading">
      {Array.from(
        { length: props.lines ?? 3 },
        (_, line) => (
          <span class={`h-4 animate-wait rounded-sm bg-sunken ${["w-full", "w-4/5", "w-3/5"][line % 3]}`} />
        ),
      )}
    </div>
  );
}
