// A tooltip on hover and focus. Without text there is none.
import { Tooltip as Part } from "@kobalte/core/tooltip";
import type { JSX } from "solid-js";

export function Tooltip(props: { text: string | null; children: JSX.Element }) {
  return (
    <Part openDelay={350} closeDelay={80} gutter={6} disabled={props.text === null}>
      <Part.Trigger as="span" class="inline-flex min-w-0">{props.children}</Part.Trigger>
      <Part.Portal>
        <Part.Content class="z-50 max-w-72 rounded-md bg-ink px-2 py-1 text-xs text-ground shadow-pop">
          {props.text}
        </Part.Content>
      </Part.Portal>
    </Part>
  );
}
