// The heading of a list's table: sorting, widths and the checkbox of all rows. It stays in sight while the page scrolls. On a
// telephone only the checkbox is shown.
import type { Header } from "@tanstack/solid-table";
import { For, Match, Show, Switch } from "solid-js";
import { DownIcon, SortIcon, UpIcon } from "../icons.ts";
import type { Column, ListState, Selection } from "./list.ts";
import { pinned } from "./TableRow.tsx";

/** The line below a heading. The border of a row would not move with it. */
const line =
  "md:after:absolute md:after:inset-x-0 md:after:bottom-0 md:after:h-px md:after:bg-line md:after:content-['']";

export function TableHead<Row>(
  props: {
    many: string;
    headers: Header<Row, unknown>[];
    /** Pixels, by column. */
    widths: Record<string, number>;
    state: ListState;
    defaultSort: string;
    selection?: Selection;
    /** The ids of the rows that are shown. */
    ids: number[];
    /** Whether it stays while the page scrolls, which a table that scrolls itself cannot do. */
    isSticky: boolean;
  },
) {
  const sort = () => props.state.query().sort ?? props.defaultSort;
  const nextSort = (by: string) => {
    const next = sort() === by ? `-${by}` : by;
    props.state.change({ sort: next === props.defaultSort ? undefined : next });
  };
  const areAllChosen = () => props.ids.length > 0 && props.ids.every((id) => props.selection!.has(id));
  const directionOf = ({ sort: by }: Column<Row>) =>
    by === undefined
      ? undefined
      : by === sort()
      ? "ascending"
      : `-${by}` === sort()
      ? "descending"
      : undefined;
  return (
    <thead
      class={`text-left text-xs text-muted max-md:block ${
        props.isSticky ? "md:sticky md:top-12 md:z-15" : ""
      }`}
      role="rowgroup"
    >
      <tr
        class={`border-b border-line bg-surface max-md:flex max-md:items-center md:h-9 ${
          props.selection ? "" : "max-md:hidden"
        }`}
        role="row"
      >
        <Show when={props.selection}>
          {(selection) => (
            <th
              class={`relative max-md:py-2 max-md:pl-4 md:w-10 md:pl-4 ${line}`}
              scope="col"
              role="columnheader"
            >
              <label class="inline-flex items-center gap-2 font-normal">
                <input
                  type="checkbox"
                  class="size-4 touch:size-6 accent-accent align-middle"
                  aria-label={`Select all ${props.many} on this page`}
                  checked={areAllChosen()}
                  // Before rows are there it would choose none.
                  disabled={props.ids.length === 0}
                  onChange={(event) => selection().set(props.ids, event.currentTarget.checked)}
                />
                <span class="md:hidden" aria-hidden="true">All on this page</span>
              </label>
            </th>
          )}
        </Show>
        <For each={props.headers}>
          {(header) => {
            const column = header.column.columnDef.meta as Column<Row>;
            const direction = () => directionOf(column);
            return (
              <th
                scope="col"
                role="columnheader"
                class={`group px-2 font-medium first:pl-4 last:pr-4 max-md:hidden ${line} ${
                  column.isNumber ? "text-right" : ""
                } ${column.isActions ? pinned : "relative"}`}
                style={{ width: `${props.widths[column.id]}px` }}
                aria-sort={direction()}
              >
                <Show
                  when={column.sort}
                  fallback={<span class={column.isActions ? "sr-only" : ""}>{column.title}</span>}
                >
                  {(by) => (
                    <button
                      type="button"
                      class="inline-flex h-6 touch:h-11 max-w-full items-center gap-1 hover:text-ink"
                      onClick={() => nextSort(by())}
                    >
                      <span class="truncate">{column.title}</span>
                      <Switch fallback={<SortIcon class="size-3 shrink-0 opacity-60" aria-hidden="true" />}>
                        <Match when={direction() === "ascending"}>
                          <UpIcon class="size-3 shrink-0" aria-hidden="true" />
                        </Match>
                        <Match when={direction() === "descending"}>
                          <DownIcon class="size-3 shrink-0" aria-hidden="true" />
                        </Match>
                      </Switch>
                    </button>
                  )}
                </Show>
                <span
                  aria-hidden="true"
                  class="absolute top-1 right-0 bottom-1 w-1 cursor-col-resize rounded-sm opacity-0 group-hover:bg-line group-hover:opacity-100 touch:hidden"
                  onMouseDown={header.getResizeHandler()}
                />
              </th>
            );
          }}
        </For>
      </tr>
    </thead>
  );
}
