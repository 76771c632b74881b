// The properties of an object: names on the left, values on the right.
import { For, type JSX } from "solid-js";

/** One row of the list. */
export type Detail = [name: JSX.Element, value: JSX.Element];

/** @param props.items the rows, in order */
export function DetailList(props: { items: Detail[] }) {
  return (
    <dl class="grid items-baseline grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-2 text-sm">
      <For each={props.items}>
        {([name, value]) => (
          <>
            <dt class="text-muted">{name}</dt>
            <dd class="min-w-0 break-words">{value}</dd>
          </>
        )}
      </For>
    </dl>
  );
}
