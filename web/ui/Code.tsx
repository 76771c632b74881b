// Keys, hashes and ids: monospace, never broken in the middle of a group, copied with one click.
import { Show } from "solid-js";
import { Copy } from "./Copy.tsx";

export function Code(props: { text: string; what?: string; short?: boolean; noCopy?: boolean }) {
  return (
    <span class="inline-flex max-w-full min-w-0 items-center gap-1">
      <code
        class={`font-mono text-[0.95em] ${props.short ? "truncate" : "break-all"}`}
        title={props.short ? props.text : undefined}
      >
        {props.text}
      </code>
      <Show when={!props.noCopy}>
        <Copy text={props.text} what={props.what ?? "it"} />
      </Show>
    </span>
  );
}

/** Commands to paste, with a button that copies them. */
export function CodeBlock(props: { text: string; what: string }) {
  return (
    <div class="relative min-w-0 rounded-md border border-line bg-sunken">
      <pre
        tabindex="0"
        class="overflow-x-auto p-3 pr-10 font-mono text-xs leading-5"
        aria-label={props.what}
      >{props.text}</pre>
      <Copy text={props.text} what={props.what} class="absolute top-2 right-2 bg-sunken" />
    </div>
  );
}
