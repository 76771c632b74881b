// The rows of a list. On small screens the first column is sticky. j and k move the focus, space selects, e and Enter
// open.
import { useNavigate } from "@solidjs/router";
import { createColumnHelper, createSolidTable, getCoreRowModel } from "@tanstack/solid-table";
import { createMemo, For, onCleanup, onMount, Show } from "solid-js";
import { isTyping } from "../../lib/shortcuts.ts";
import { DownIcon, SortIcon, UpIcon } from "../icons.ts";
import { chosenColumns } from "./ColumnMenu.tsx";
import { atRight, sticky, TableRow } from "./TableRow.tsx";
import { keepScrollPosition } from "./scroll_position.ts";
import type { Column, ListState, Selection } from "./list.ts";

export interface TableProps<Row extends { id: number }> {
  one: string;
  many: string;
  rows: Row[] | undefined;
  /** Whether the rows belong to the previous query. */
  isOld?: boolean;
  columns: Column<Row>[];
  state: ListState;
  defaultSort: string;
  href?(row: Row): string;
  selection?: Selection;
  isNew?: (id: number) => boolean;
}

const DEFAULT_WIDTH = 160;
const MIN_WIDTH = 64;

export function Table<Row extends { id: number }>(props: TableProps<Row>) {
  const navigate = useNavigate();
  const chosen = createMemo(() => chosenColumns(props.columns, props.state.columns()));
  const helper = createColumnHelper<Row>();
  const table = createSolidTable({
    get data() {
      return props.rows ?? [];
    },
    get columns() {
      return props.columns.map((column) =>
        helper.display({
          id: column.id,
          header: column.title,
          cell: ({ row }) => column.cell(row.original),
          size: column.width ?? DEFAULT_WIDTH,
          minSize: MIN_WIDTH,
          meta: column,
        })
      );
    },
    state: {
      get columnOrder() {
        return chosen().order;
      },
      get columnVisibility() {
        return Object.fromEntries(chosen().hidden.map((id) => [id, false]));
      },
      get columnSizing() {
        return chosen().widths;
      },
    },
    onColumnSizingChange: (update) => {
      const widths = typeof update === "function" ? update(chosen().widths) : update;
      props.state.setColumns({ ...chosen(), widths });
    },
    columnResizeMode: "onEnd",
    getRowId: ({ id }) => String(id),
    getCoreRowModel: getCoreRowModel(),
  });

  const sort = () => props.state.query().sort ?? props.defaultSort;
  const nextSort = (by: string) => {
    const next = sort() === by ? `-${by}` : by;
    props.state.change({ sort: next === props.defaultSort ? undefined : next });
  };
  const ids = createMemo(() => (props.rows ?? []).map(({ id }) => id));
  const byId = createMemo(() => new Map((props.rows ?? []).map((row) => [row.id, row])));
  const areAllChosen = () => ids().length > 0 && ids().every((id) => props.selection!.has(id));

  let body: HTMLTableSectionElement | undefined;
  const rowElements = () => [...body!.querySelectorAll<HTMLElement>("tr[data-id]")];
  function handleKeys(event: KeyboardEvent): void {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const elements = rowElements();
    const at = elements.findIndex((row) => row.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = elements[Math.max(0, Math.min(elements.length - 1, at + (event.key === "j" ? 1 : -1)))];
      next?.querySelector<HTMLElement>("a, button, input")?.focus();
      next?.scrollIntoView({ block: "nearest" });
      event.preventDefault();
    } else if (at >= 0 && (event.key === "x" || event.key === " ") && props.selection) {
      const id = Number(elements[at].dataset.id);
      props.selection.set([id], !props.selection.has(id));
      event.preventDefault();
    } else if (at >= 0 && event.key === "e" && props.href) {
      const row = props.rows!.find(({ id }) => String(id) === elements[at].dataset.id);
      if (row) navigate(props.href(row));
    }
  }
  onMount(() => document.addEventListener("keydown", handleKeys));
  onCleanup(() => document.removeEventListener("keydown", handleKeys));

  /** A row object that reads the current values, so that its element keeps focus and open menus across refetches. */
  function rowOf(id: number): Row {
    const row = createMemo<Row>((before) => byId().get(id) ?? before!);
    return new Proxy({} as Row, { get: (_, name) => row()[name as keyof Row] });
  }
  keepScrollPosition(() => body, ids);

  return (
    <div
      class={`min-w-0 overflow-x-auto [overflow-anchor:none] ${props.isOld ? "opacity-60" : ""}`}
      aria-busy={props.isOld ? "true" : undefined}
      tabindex="0"
      role="group"
      aria-label={`Table of ${props.many}`}
    >
      <table
        class="w-full table-fixed border-collapse text-sm"
        style={{ "min-width": `${table.getTotalSize() + (props.selection ? 40 : 0)}px` }}
      >
        <thead class="text-left text-xs text-muted">
          <tr class="h-9 border-b border-line bg-surface">
            <Show when={props.selection}>
              <th class="w-10 pl-4" scope="col">
                <input
                  type="checkbox"
                  class="size-4 touch:size-6 accent-accent align-middle"
                  aria-label={`Select all ${props.many} on this page`}
                  checked={areAllChosen()}
                  onChange={(event) => props.selection!.set(ids(), event.currentTarget.checked)}
                />
              </th>
            </Show>
            <For each={table.getHeaderGroups()[0].headers}>
              {(header, index) => {
                const column = header.column.columnDef.meta as Column<Row>;
                const direction = () =>
                  column.sort === sort()
                    ? "ascending"
                    : `-${column.sort}` === sort()
                    ? "descending"
                    : undefined;
                return (
                  <th
                    scope="col"
                    class={`group relative px-2 font-medium first:pl-4 last:pr-4 ${
                      column.isNumber ? "text-right" : ""
                    } ${index() === 0 ? sticky : ""} ${column.isActions ? atRight(column.width) : ""}`}
                    style={{ width: `${header.getSize()}px` }}
                    aria-sort={direction()}
                  >
                    <Show
                      when={column.sort}
                      fallback={<span class={column.isActions ? "sr-only" : ""}>{column.title}</span>}
                    >
                      <button
                        type="button"
                        class="inline-flex h-6 touch:h-11 items-center gap-1 hover:text-ink"
                        onClick={() => nextSort(column.sort!)}
                      >
                        {column.title}
                        <Show
                          when={direction()}
                          fallback={<SortIcon class="size-3 opacity-60" aria-hidden="true" />}
                        >
                          <Show
                            when={direction() === "ascending"}
                            fallback={<DownIcon class="size-3" aria-hidden="true" />}
                          >
                            <UpIcon class="size-3" aria-hidden="true" />
                          </Show>
                        </Show>
                      </button>
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
        <tbody ref={body}>
          <Show
            when={props.rows}
            fallback={
              <SkeletonRows columns={table.getVisibleLeafColumns().length + (props.selection ? 1 : 0)} />
            }
          >
            <For each={ids()}>
              {(id) => {
                const row = rowOf(id);
                return (
                  <TableRow
                    {...props}
                    id={id}
                    row={row}
                    columns={table.getVisibleLeafColumns().map(({ columnDef }) =>
                      columnDef.meta as Column<Row>
                    )}
                  />
                );
              }}
            </For>
          </Show>
        </tbody>
      </table>
    </div>
  );
}

function SkeletonRows(props: { columns: number }) {
  return (
    <For each={Array.from({ length: 8 })}>
      {() => (
        <tr class="h-9 border-b border-line last:border-0">
          <For each={Array.from({ length: props.columns })}>
            {() => (
              <td class="px-2 first:pl-4">
                <span class="block h-3 w-4/5 animate-wait rounded-sm bg-sunken" />
              </td>
            )}
          </For>
        </tr>
      )}
    </For>
  );
}
