// The first rows of a table; above each column the field it is imported as.
import { For, Show } from "solid-js";
import { emptyValue } from "../../lib/format.ts";
import type { DryReport } from "./upload.ts";
import { inputClass } from "../../ui/Field.tsx";
import { AlertIcon } from "../../ui/icons.ts";

export function ColumnMapping(
  props: {
    headings: readonly string[];
    report: DryReport;
    isOld: boolean;
    match(at: number, column: string | null): void;
  },
) {
  /** A column such as "metadata.region" is none of the headings. */
  const choicesFor = (column: string | null) =>
    column === null || props.headings.includes(column) ? props.headings : [column, ...props.headings];
  const wrong = (line: number, column: string | null) =>
    props.report.errors.find((error) => error.line === line && error.field === column)?.message;
  return (
    <div
      class={`overflow-x-auto ${props.isOld ? "opacity-60" : ""}`}
      aria-busy={props.isOld ? "true" : undefined}
      tabindex="0"
      role="group"
      aria-label="First rows of the file"
    >
      <table class="w-full border-collapse text-sm">
        <thead class="text-left align-top">
          <tr class="border-b border-line">
            <th scope="col" class="px-4 py-2 text-xs font-medium text-muted">Row</th>
            <For each={props.report.columns}>
              {(found, at) => (
                <th scope="col" class="max-w-64 min-w-44 px-2 py-2 font-medium last:pr-4">
                  <span class="block truncate pb-1" title={found.name}>{found.name || emptyValue}</span>
                  <select
                    class={inputClass}
                    aria-label={`Field for column ${found.name}`}
                    onChange={(event) => props.match(at(), event.currentTarget.value || null)}
                  >
                    <option value="" selected={found.column === null}>Ignore</option>
                    <For each={choicesFor(found.column)}>
                      {(column) => <option value={column} selected={found.column === column}>{column}
                      </option>}
                    </For>
                  </select>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.report.preview}>
            {(row) => (
              <tr class="h-9 border-b border-line last:border-0">
                <td class="px-4 text-muted">{row.line}</td>
                <For each={props.report.columns}>
                  {(found, at) => {
                    const message = () => found.column === null ? undefined : wrong(row.line, found.column);
                    return (
                      <td
                        class={`max-w-64 truncate px-2 last:pr-4 ${
                          found.column === null ? "text-muted line-through decoration-line" : ""
                        } ${message() ? "bg-bad-soft text-bad" : ""}`}
                        title={message() ?? row.values[at()]}
                      >
                        <Show when={message()}>
                          <AlertIcon class="mr-1 inline size-3.5 align-[-2px]" aria-label={message()} />
                        </Show>
                        {row.values[at()] || emptyValue}
                      </td>
                    );
                  }}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
