// Tags in lists and details: a filter, a column, and the tags of one object.
import { For, Show } from "solid-js";
import { emptyValue } from "../../lib/format.ts";
import type { Column, Filter } from "../../ui/list/list.ts";

export const tagFilter: Filter = { name: "tag", title: "Tag", kind: "text" };

export function Tags(props: { tags: string[] }) {
  return (
    <Show when={props.tags.length > 0} fallback={emptyValue}>
      <ul class="flex flex-wrap gap-1">
        <For each={props.tags}>
          {(tag) => <li class="rounded-sm bg-sunken px-1.5 font-mono text-xs leading-5">{tag}</li>}
        </For>
      </ul>
    </Show>
  );
}

/** The column of tags, hidden at first. */
export const tagColumn: Column<{ id: number; tags: string[] }> = {
  id: "tags",
  title: "Tags",
  isText: true,
  width: 160,
  isHidden: true,
  cell: ({ tags }) => tags.join(", ") || emptyValue,
};
