// One row of a list. A click opens its page, Ctrl-click in a new tab. New rows are marked.
import { A, useNavigate } from "@solidjs/router";
import { For, Show } from "solid-js";
import { Badge } from "../Badge.tsx";
import type { Column, Selection } from "./list.ts";

/** Keeps the first column visible while a small screen scrolls. */
export const sticky = "max-md:sticky max-md:left-0 max-md:z-10 bg-inherit";
/** Keeps the actions visible at the right edge; on small screens only if they are narrow. */
export function atRight(width = 0): string {
  return width > 100 ? "md:sticky right-0 z-10 bg-inherit" : "sticky right-0 z-10 bg-inherit";
}

export function TableRow<Row extends { id: number }>(
  props: {
    one: string;
    id: number;
    row: Row;
    columns: Column<Row>[];
    href?(row: Row): string;
    selection?: Selection;
    isNew?: (id: number) => boolean;
  },
) {
  const navigate = useNavigate();
  const isNew = () => props.isNew?.(props.id) ?? false;
  function openRow(event: MouseEvent): void {
    if (!props.href || event.defaultPrevented || getSelection()?.toString()) return;
    // Menus and dialogs of a row are portals, whose clicks bubble to the row all the same.
    if (!(event.currentTarget as Element).contains(event.target as Element)) return;
    if ((event.target as Element).closest("a, button, input, label")) return;
    if (event.ctrlKey || event.metaKey || event.button === 1) open(props.href(props.row), "_blank");
    else navigate(props.href(props.row));
  }
  return (
    <tr
      data-id={props.id}
      class={`h-9 touch:h-11 border-b border-line last:border-0 hover:bg-sunken has-focus-visible:bg-sunken ${
        props.selection?.has(props.id) ? "bg-accent-soft" : "bg-surface"
      } ${props.href ? "cursor-pointer" : ""} ${isNew() ? "animate-arrive" : ""}`}
      onClick={openRow}
      onAuxClick={openRow}
    >
      <Show when={props.selection}>
        {(selection) => (
          <td class="w-10 pl-4">
            <input
              type="checkbox"
              class="size-4 touch:size-6 accent-accent align-middle"
              aria-label={`Select this ${props.one}`}
              checked={selection().has(props.id)}
              onChange={(event) => selection().set([props.id], event.currentTarget.checked)}
            />
          </td>
        )}
      </Show>
      <For each={props.columns}>
        {(column, index) => {
          const content = () => column.cell(props.row);
          return (
            <td
              class={`${
                column.isActions ? `px-1 ${atRight(column.width)}` : "truncate px-2 first:pl-4 last:pr-4"
              } ${column.isNumber ? "text-right" : ""} ${index() === 0 ? `font-medium ${sticky}` : ""}`}
            >
              <Show when={index() === 0 && isNew()}>
                <span class="mr-1.5">
                  <Badge tone="good">New</Badge>
                </span>
              </Show>
              <Show when={index() === 0 && props.href} fallback={content()}>
                <A
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
