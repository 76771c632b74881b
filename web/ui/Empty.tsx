// The empty state of a list or page, with the first action to take.
import { type JSX, Show } from "solid-js";

/**
 * @param props.title what is missing
 * @param props.children an explanation
 * @param props.actions buttons that lead on
 */
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
