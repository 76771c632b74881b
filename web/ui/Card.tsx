// A framed section of a page, with a title.
import { type JSX, Show } from "solid-js";

export function Card(
  props: {
    title?: string;
    hint?: JSX.Element;
    actions?: JSX.Element;
    flush?: boolean;
    class?: string;
    children: JSX.Element;
  },
) {
  return (
    <section
      class={`min-w-0 rounded-lg border border-line bg-surface ${props.class ?? ""}`}
      aria-label={props.title}
    >
      <Show when={props.title}>
        <header class="flex min-h-12 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
          <div>
            <h2 class="text-base font-semibold">{props.title}</h2>
            <Show when={props.hint}>
              <p class="text-xs text-muted">{props.hint}</p>
            </Show>
          </div>
          <Show when={props.actions}>
            <div class="flex flex-wrap items-center gap-2">{props.actions}</div>
          </Show>
        </header>
      </Show>
      <div class={props.flush ? "" : "p-4"}>{props.children}</div>
    </section>
  );
}
