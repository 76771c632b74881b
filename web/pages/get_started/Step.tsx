// One step, expandable. The next open step is expanded.
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { CheckIcon, DownIcon } from "../../ui/icons.ts";

export function Step(
  props: { number: number; title: string; isDone: boolean; isNext: boolean; children: JSX.Element },
) {
  const [isOpen, setIsOpen] = createSignal(props.isNext);
  // Only a step that is finished while the page is open is highlighted.
  const wasDone = props.isDone;
  createEffect(on(() => props.isNext, (isNext) => setIsOpen(isNext), { defer: true }));
  const id = `step-${props.number}`;
  return (
    <li
      class={`min-w-0 rounded-lg border bg-surface ${props.isNext ? "border-accent" : "border-line"} ${
        props.isDone && !wasDone ? "animate-arrive" : ""
      }`}
      aria-current={props.isNext ? "step" : undefined}
    >
      <h2>
        <button
          type="button"
          class="flex min-h-12 w-full items-center gap-3 rounded-lg px-4 py-2 text-left"
          aria-expanded={isOpen()}
          aria-controls={id}
          onClick={() => setIsOpen(!isOpen())}
        >
          <span
            class={`inline-flex size-6 shrink-0 items-center justify-center rounded-full text-xs font-semibold ${
              props.isDone
                ? "bg-good-soft text-good"
                : props.isNext
                ? "bg-accent text-on-accent"
                : "bg-sunken text-muted"
            }`}
            aria-hidden="true"
          >
            <Show when={props.isDone} fallback={props.number}>
              <CheckIcon class="size-4" />
            </Show>
          </span>
          <span class={`min-w-0 flex-1 ${props.isNext ? "font-semibold" : props.isDone ? "" : "text-muted"}`}>
            {props.title}
          </span>
          <span class="text-xs text-muted">{props.isDone ? "Done" : props.isNext ? "Next" : "Later"}</span>
          <DownIcon class={`size-4 shrink-0 text-muted ${isOpen() ? "rotate-180" : ""}`} aria-hidden="true" />
        </button>
      </h2>
      <div id={id} hidden={!isOpen()} class="border-t border-line p-4">
        <Show when={isOpen()}>{props.children}</Show>
      </div>
    </li>
  );
}
