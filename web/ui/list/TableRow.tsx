// One row of a list: a line of the table, or a card on a telephone. A click opens its page, Ctrl-click in a new tab. New rows
// are marked.
import { A, useNavigate, usePreloadRoute } from "@solidjs/router";
import { For, onCleanup, Show } from "solid-js";
import { Badge } from "../Badge.tsx";
import type { Column, Selection } from "./list.ts";

/** Keeps the actions visible at the right edge while the table scrolls. */
export const pinned = "md:sticky md:right-0 md:z-10 md:bg-inherit";

/** A row as a card on a telephone. */
export const cardRow =
  "max-md:relative max-md:grid max-md:grid-cols-2 max-md:gap-x-4 max-md:gap-y-2 max-md:px-4 max-md:py-3";
/** A value of a card below its name, which is in `data-label`. */
export const cardCell =
  "max-md:flex max-md:min-w-0 max-md:flex-col max-md:items-start max-md:before:text-xs max-md:before:text-muted " +
  "max-md:before:content-[attr(data-label)]";

/** A pointer that rests on a row for so long is about to open it; milliseconds. */
const HOVER_MS = 60;
/** Wider actions are several buttons, for which a card has a line of its own; pixels. */
const MAX_ICON_WIDTH = 100;

/** A text that is cut off is shown whole as a tooltip. */
function titleWhatIsCut({ currentTarget: cell }: { currentTarget: HTMLElement }): void {
  const parts = [cell, ...cell.querySelectorAll<HTMLElement>("*")];
  if (parts.some(({ title }) => title !== "" && title !== cell.title)) return;
  if (parts.some((part) => part.scrollWidth > part.clientWidth && part.clientWidth > 0)) {
    cell.title = cell.textContent?.trim() ?? "";
  } else cell.removeAttribute("title");
}

export function TableRow<Row extends { id: number }>(
  props: {
    /** The element with the text "Select this license". */
    chooseId: string;
    id: number;
    row: Row;
    /** The ids of the rows that are shown, in their order. */
    rowIds: number[];
    columns: Column<Row>[];
    href?(row: Row): string;
    selection?: Selection;
    isNew?: (id: number) => boolean;
  },
) {
  const navigate = useNavigate();
  const preload = usePreloadRoute();
  const nameId = () => `${props.chooseId}-${props.id}`;
  const isNew = () => props.isNew?.(props.id) ?? false;
  function openRow(event: MouseEvent): void {
    if (!props.href || event.defaultPrevented || getSelection()?.toString()) return;
    // Menus and dialogs of a row are portals, whose clicks bubble to the row all the same.
    if (!(event.currentTarget as Element).contains(event.target as Element)) return;
    if ((event.target as Element).closest("a, button, input, label")) return;
    if (event.ctrlKey || event.metaKey || event.button === 1) open(props.href(props.row), "_blank");
    else navigate(props.href(props.row));
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const leave = () => clearTimeout(timer);
  function enter(): void {
    leave();
    const href = props.href?.(props.row);
    if (href) timer = setTimeout(() => preload(href, { preloadData: true }), HOVER_MS);
  }
  onCleanup(leave);
  const cellClass = (column: Column<Row>, isFirst: boolean) => {
    if (column.isActions) {
      const inCard = (column.width ?? 0) > MAX_ICON_WIDTH
        ? "max-md:col-span-2"
        : "max-md:absolute max-md:top-2 max-md:right-2";
      return `md:px-1 ${pinned} ${inCard}`;
    }
    const inCard = isFirst
      ? `max-md:col-span-2 max-md:pr-10 max-md:font-medium ${props.selection ? "max-md:pl-9" : ""}`
      : cardCell;
    return `truncate max-md:wrap-anywhere max-md:whitespace-normal md:px-2 md:first:pl-4 md:last:pr-4 ${inCard} ${
      isFirst ? "font-medium" : ""
    } ${column.isNumber ? "md:text-right" : ""}`;
  };
  return (
    <tr
      data-id={props.id}
      role="row"
      class={`border-b border-line last:border-0 hover:bg-sunken has-focus-visible:bg-sunken md:h-9 md:scroll-mt-24 md:touch:h-11 ${cardRow} ${
        props.selection?.has(props.id) ? "bg-accent-soft" : "bg-surface"
      } ${props.href ? "cursor-pointer" : ""} ${isNew() ? "animate-arrive" : ""}`}
      onClick={openRow}
      onAuxClick={openRow}
      onPointerEnter={enter}
      onPointerLeave={leave}
    >
      <Show when={props.selection}>
        {(selection) => (
          <td class="max-md:absolute max-md:top-3 max-md:left-4 md:w-10 md:pl-4" role="cell">
            <input
              type="checkbox"
              class="size-4 touch:size-6 accent-accent align-middle"
              aria-labelledby={`${props.chooseId} ${nameId()}`}
              checked={selection().has(props.id)}
              // The browser would select the text between as well.
              onMouseDown={(event) => event.shiftKey && event.preventDefault()}
              onClick={(event) =>
                selection().choose(props.id, event.currentTarget.checked, {
                  rows: props.rowIds,
                  isRange: event.shiftKey,
                })}
            />
          </td>
        )}
      </Show>
      <For each={props.columns}>
        {(column, index) => {
          const content = () => column.cell(props.row);
          return (
            <td
              id={index() === 0 && !props.href ? nameId() : undefined}
              class={cellClass(column, index() === 0)}
              role="cell"
              data-label={column.title}
              data-text={column.isText ? "" : undefined}
              onPointerEnter={column.isText ? titleWhatIsCut : undefined}
            >
              <Show when={index() === 0 && isNew()}>
                <span class="mr-1.5">
                  <Badge tone="good">New</Badge>
                </span>
              </Show>
              <Show when={index() === 0 && props.href} fallback={content()}>
                <A
                  id={nameId()}
                  href={props.href!(props.row)}
                  class="inline-block max-w-full truncate align-bottom hover:underline touch:leading-11"
                >
                  {content()}
                </A>
              </Show>
              {column.beside?.(props.row)}
            </td>
          );
        }}
      </For>
    </tr>
  );
}
