// The rows of a list: a table whose columns fit the window where they can, and cards on a telephone. j and k move the focus,
// space selects, with shift a range, e and Enter open.
import { useNavigate } from "@solidjs/router";
import { createColumnHelper, createSolidTable, getCoreRowModel } from "@tanstack/solid-table";
import { createMemo, createUniqueId, For, onCleanup, onMount, Show } from "solid-js";
import { isTyping } from "../../lib/shortcuts.ts";
import { chosenColumns } from "./ColumnMenu.tsx";
import { fitWidths } from "./column_widths.ts";
import { TableHead } from "./TableHead.tsx";
import { TableRow } from "./TableRow.tsx";
import { keepScrollPosition } from "./scroll_position.ts";
import { createTableRoom } from "./table_room.ts";
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
/** The part of its width that a column needs where it says nothing else. */
const NARROWEST = 0.75;
/** The width of the column of checkboxes. */
const SELECTION_WIDTH = 40;

export function Table<Row extends { id: number }>(props: TableProps<Row>) {
  const navigate = useNavigate();
  const chosen = createMemo(() => chosenColumns(props.columns, props.state.columns()));
  let scroller!: HTMLDivElement;
  const room = createTableRoom(() => scroller);
  const selectionWidth = () => props.selection ? SELECTION_WIDTH : 0;
  /** The width of each shown column by its id. One that an administrator made wider or narrower keeps its width. */
  const widths = createMemo<Record<string, number>>(() => {
    const { order, hidden, widths } = chosen();
    const ids = order.filter((id) => !hidden.includes(id));
    const columns = ids.map((id) => {
      const column = props.columns.find((column) => column.id === id)!;
      const width = widths[id] ?? column.width ?? DEFAULT_WIDTH;
      const isFixed = id in widths || column.isActions;
      return {
        width,
        minWidth: isFixed ? width : Math.min(width, column.minWidth ?? width * NARROWEST),
        priority: column.priority ?? 1,
      };
    });
    const fitted = fitWidths(columns, (room.width() ?? Infinity) - selectionWidth());
    return Object.fromEntries(ids.map((id, index) => [id, fitted[index]]));
  });
  const tableWidth = () => Object.values(widths()).reduce((sum, width) => sum + width, selectionWidth());
  const fits = () => tableWidth() <= (room.width() ?? Infinity);
  const pinnedWidth = () =>
    props.columns.filter(({ isActions, id }) => isActions && id in widths())
      .reduce((sum, { id }) => sum + widths()[id], 0);
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
        return widths();
      },
    },
    onColumnSizingChange: (update) => {
      const sizes = typeof update === "function" ? update(widths()) : update;
      const changed = Object.entries(sizes).filter(([id, width]) => width !== widths()[id]);
      props.state.setColumns({
        ...chosen(),
        widths: { ...chosen().widths, ...Object.fromEntries(changed) },
      });
    },
    columnResizeMode: "onEnd",
    getRowId: ({ id }) => String(id),
    getCoreRowModel: getCoreRowModel(),
  });

  const ids = createMemo(() => (props.rows ?? []).map(({ id }) => id));
  const byId = createMemo(() => new Map((props.rows ?? []).map((row) => [row.id, row])));

  const chooseId = createUniqueId();
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
    } else if (at >= 0 && /^[xX ]$/.test(event.key) && props.selection) {
      const id = Number(elements[at].dataset.id);
      props.selection.choose(id, !props.selection.has(id), { rows: ids(), isRange: event.shiftKey });
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
    <div class="relative min-w-0">
      <div
        ref={scroller}
        class={`min-w-0 [overflow-anchor:none] ${fits() ? "" : "md:overflow-x-auto"} ${
          props.isOld ? "opacity-60" : ""
        }`}
        aria-busy={props.isOld ? "true" : undefined}
        tabindex={fits() ? undefined : 0}
        role="group"
        aria-label={`Table of ${props.many}`}
      >
        <span id={chooseId} hidden>Select this {props.one}</span>
        <table
          class="w-full table-fixed border-collapse text-sm max-md:block md:min-w-(--columns)"
          style={{ "--columns": `${tableWidth()}px` }}
          role="table"
        >
          <TableHead
            many={props.many}
            headers={table.getHeaderGroups()[0].headers}
            widths={widths()}
            state={props.state}
            defaultSort={props.defaultSort}
            selection={props.selection}
            ids={ids()}
            isSticky={fits()}
          />
          <tbody ref={body} class="max-md:block" role="rowgroup">
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
                      chooseId={chooseId}
                      id={id}
                      row={row}
                      rowIds={ids()}
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
      <Show when={room.isMoreAtLeft()}>
        <Edge class="left-0 bg-linear-to-r" />
      </Show>
      <Show when={room.isMoreAtRight()}>
        <Edge class="right-(--pinned) bg-linear-to-l" pinned={pinnedWidth()} />
      </Show>
    </div>
  );
}

/** The shadow at an edge beyond which there are more columns. */
function Edge(props: { class: string; pinned?: number }) {
  return (
    <div
      class={`pointer-events-none absolute inset-y-0 z-10 w-4 from-ink/15 to-transparent max-md:hidden ${props.class}`}
      style={{ "--pinned": `${props.pinned ?? 0}px` }}
      data-edge
      aria-hidden="true"
    />
  );
}

function SkeletonRows(props: { columns: number }) {
  return (
    <For each={Array.from({ length: 8 })}>
      {() => (
        <tr
          class="border-b border-line last:border-0 max-md:flex max-md:flex-col max-md:gap-2 max-md:p-4 md:h-9"
          role="row"
        >
          <For each={Array.from({ length: props.columns })}>
            {() => (
              <td class="md:px-2 md:first:pl-4" role="cell">
                <span class="block h-3 w-4/5 animate-wait rounded-sm bg-sunken" />
              </td>
            )}
          </For>
        </tr>
      )}
    </For>
  );
}
