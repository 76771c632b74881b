// A list of values with horizontal bars.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { formatNumber } from "../../lib/format.ts";

export interface Bar {
  title: string;
  value: number;
  href?: string;
}

export function BarList(props: { bars: Bar[] }) {
  const most = () => Math.max(1, ...props.bars.map(({ value }) => value));
  return (
    <ul class="flex flex-col gap-2 text-sm">
      <For each={props.bars}>
        {(bar) => (
          <li>
            <div class="flex items-baseline justify-between gap-3">
              <Show when={bar.href} fallback={<span class="min-w-0 truncate">{bar.title}</span>}>
                <A href={bar.href!} class="min-w-0 truncate hover:underline">{bar.title}</A>
              </Show>
              <span>{formatNumber(bar.value)}</span>
            </div>
            <div class="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
              <div
                class="h-full rounded-full bg-accent"
                style={{ width: `${(100 * bar.value) / most()}%` }}
              />
            </div>
          </li>
        )}
      </For>
    </ul>
  );
}
