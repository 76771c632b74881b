// The order of a list whose column headings are not shown, on a telephone.
import { Show } from "solid-js";
import { SortIcon } from "../icons.ts";
import { Menu, menuButtonClass } from "../Menu.tsx";
import type { Column, ListState } from "./list.ts";

/** @param props.defaultSort the order of a list that names none */
export function SortMenu<Row>(props: { state: ListState; columns: Column<Row>[]; defaultSort: string }) {
  const current = () => props.state.query().sort ?? props.defaultSort;
  const orders = () =>
    props.columns.filter(({ sort }) => sort !== undefined).flatMap(({ sort, title }) => [
      { sort: sort!, title: `${title}, ascending` },
      { sort: `-${sort}`, title: `${title}, descending` },
    ]);
  return (
    <Show when={orders().length > 0}>
      <div class="md:hidden">
        <Menu
          label="Sort"
          class={menuButtonClass}
          items={orders().map(({ sort, title }) => ({
            title,
            isChosen: sort === current(),
            run: () => props.state.change({ sort: sort === props.defaultSort ? undefined : sort }),
          }))}
        >
          <SortIcon /> <span class="sr-only">Sort</span>
        </Menu>
      </div>
    </Show>
  );
}
