// The choice of the time span that charts show. It is kept in the URL.
import { For } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { type SpanName, spanOf, spans } from "./statistics.ts";

/** The span in the URL, and its setter. */
export function useSpan() {
  const [state, set] = useAddressState({ span: "7d" });
  return [() => spanOf(state.span), (span: SpanName) => set({ span })] as const;
}

export function SpanChoice(props: { span: SpanName; choose(span: SpanName): void }) {
  return (
    <div
      role="group"
      aria-label="Time range"
      class="flex max-w-full overflow-x-auto rounded-md border border-line bg-surface p-0.5"
    >
      <For each={Object.entries(spans)}>
        {([name, { title }]) => (
          <button
            type="button"
            class={`h-7 touch:h-11 shrink-0 rounded-sm px-2.5 text-sm whitespace-nowrap ${
              name === props.span ? "bg-accent-soft font-medium text-accent" : "text-muted hover:text-ink"
            }`}
            aria-pressed={name === props.span}
            onClick={() => props.choose(name as SpanName)}
          >
            {title.charAt(0).toUpperCase() + title.slice(1)}
          </button>
        )}
      </For>
    </div>
  );
}
