// The values of a chart as a table, newest first.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { type ChartData, formatValue, pointLabel } from "./chart.ts";

const headings = { hour: "Hour", day: "Day", week: "Week", month: "Month" } as const;

export function ChartTable(
  props: { title: string; data: ChartData; isAhead?: boolean; href: ((point: number) => string) | null },
) {
  const indexes = () => {
    const all = props.data.starts.map((_, index) => index);
    return props.isAhead ? all : all.reverse();
  };
  return (
    <div class="max-h-72 overflow-auto" tabindex="0" role="group" aria-label={`Table of ${props.title}`}>
      <table class="w-full border-collapse text-sm">
        <caption class="sr-only">{props.title}</caption>
        <thead class="sticky top-0 bg-surface text-left text-xs text-muted">
          <tr class="border-b border-line">
            <th scope="col" class="h-8 px-4 font-medium">{headings[props.data.bucket]}</th>
            <For each={props.data.series}>
              {({ title }) => <th scope="col" class="px-4 text-right font-medium">{title}</th>}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={indexes()}>
            {(index) => {
              const name = () => pointLabel(props.data.starts[index], props.data.bucket);
              return (
                <tr class="h-8 border-b border-line last:border-0">
                  <th scope="row" class="px-4 text-left font-normal whitespace-nowrap">
                    <Show when={props.href} fallback={name()}>
                      <A href={props.href!(index)} class="hover:underline">{name()}</A>
                    </Show>
                  </th>
                  <For each={props.data.series}>
                    {({ values }) => <td class="px-4 text-right">{formatValue(values[index])}</td>}
                  </For>
                </tr>
              );
            }}
          </For>
        </tbody>
      </table>
    </div>
  );
}
