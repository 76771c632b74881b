// A card with the first objects of a list, and a link to the whole list where there are more.
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { Card } from "./Card.tsx";
import { QueryBoundary } from "./QueryBoundary.tsx";

interface FirstPage<Row> {
  rows: Row[];
  next: string | null;
}

/**
 * @param props.query the first page of the list
 * @param props.all the link to the whole list
 * @param props.empty shown when there are no rows
 * @param props.children renders a row, inside of a list item
 */
export function RelatedList<Row>(
  props: {
    title: string;
    hint: string;
    actions: JSX.Element;
    query: { data: FirstPage<Row> | undefined; error: unknown; refetch(): unknown };
    all: { href: string; title: string };
    empty: JSX.Element;
    children: (row: Row) => JSX.Element;
  },
) {
  return (
    <Card title={props.title} hint={props.hint} actions={props.actions} flush>
      <QueryBoundary query={props.query}>
        {(page) => (
          <>
            <ul class="divide-y divide-line text-sm">
              <For each={page().rows} fallback={<li>{props.empty}</li>}>
                {(row) => <li class="px-4 py-2">{props.children(row)}</li>}
              </For>
            </ul>
            <Show when={page().next}>
              <p class="border-t border-line px-4 py-2 text-sm">
                <A href={props.all.href} class="text-accent hover:underline">{props.all.title}</A>
              </p>
            </Show>
          </>
        )}
      </QueryBoundary>
    </Card>
  );
}
