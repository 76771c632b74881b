// A button that copies a text to the clipboard.
import { createSignal, Show } from "solid-js";
import { CheckIcon, CopyIcon } from "./icons.ts";

export function CopyButton(props: { text: string; label: string; class?: string }) {
  const [isDone, setIsDone] = createSignal(false);
  async function copy(event: MouseEvent) {
    event.stopPropagation();
    await navigator.clipboard.writeText(props.text);
    setIsDone(true);
    setTimeout(() => setIsDone(false), 1500);
  }
  return (
    <button
      type="button"
      class={`inline-flex size-6 touch:size-11 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-sunken hover:text-ink ${
        props.class ?? ""
      }`}
      aria-label={isDone() ? "Copied" : `Copy ${props.label}`}
      title={isDone() ? "Copied" : `Copy ${props.label}`}
      onClick={copy}
    >
      <Show when={isDone()} fallback={<CopyIcon class="size-3.5" />}>
        <CheckIcon class="size-3.5 text-good" />
      </Show>
    </button>
  );
}
