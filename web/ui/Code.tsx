// Keys, hashes and ids: monospaced, with a copy button.
import { CopyButton } from "./CopyButton.tsx";

export function Code(props: { text: string; label?: string; short?: boolean }) {
  return (
    <span class="inline-flex max-w-full min-w-0 items-center gap-1">
      <code
        class={`font-mono text-[0.95em] ${props.short ? "truncate" : "break-all"}`}
        title={props.short ? props.text : undefined}
      >
        {props.text}
      </code>
      <CopyButton text={props.text} label={props.label ?? props.text} />
    </span>
  );
}

/** Lines of code with a copy button. */
export function CodeBlock(props: { text: string; label: string }) {
  return (
    <div class="relative min-w-0 rounded-md border border-line bg-sunken">
      <pre
        tabindex="0"
        class="overflow-x-auto p-3 font-mono max-md:pt-10 md:pr-10 text-xs leading-5"
        aria-label={props.label}
      >{props.text}</pre>
      <CopyButton text={props.text} label={props.label} class="absolute top-2 right-2 bg-sunken" />
    </div>
  );
}
