// A card with the first objects that belong to a product, a link to create one, and a link to the whole list where
// there are more.
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { withQuery } from "../../lib/addresses.ts";
import { Card } from "../../ui/Card.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";

interface FirstPage<Row> {
  rows: Row[];
  next: string | null;
}

/**
 * @param props.productId filters the whole list, and is chosen in the form of the new object
 * @param props.query the first page of the list
 * @param props.create the page that creates an object; `disabledReason` says why none can be created
 * @param props.all the whole list
 * @param props.empty shown when there are no rows
 * @param props.children renders a row, inside of a list item
 */
export function RelatedList<Row>(
  props: {
    title: string;
    hint: string;
    productId: number;
    query: { data: FirstPage<Row> | undefined; error: unknown; refetch(): unknown };
    create: { href: string; title: string; disabledReason?: string | null };
    all: { href: string; title: string };
    empty: JSX.Element;
    children: (row: Row) => JSX.Element;
  },
) {
  const ofProduct = (href: string) => withQuery(href, { productId: props.productId });
  return (
    <Card
      title={props.title}
      hint={props.hint}
      actions={
        <CreateLink
          href={ofProduct(props.create.href)}
          variant="plain"
          disabledReason={props.create.disabledReason}
        >
          {props.create.title}
        </CreateLink>
      }
      flush
    >
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
                <A href={ofProduct(props.all.href)} class="text-accent hover:underline">{props.all.title}</A>
              </p>
            </Show>
          </>
        )}
      </QueryBoundary>
    </Card>
  );
}
