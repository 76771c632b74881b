// Facts about a thing: names at the left, values at the right.
import { For, type JSX } from "solid-js";

export function Facts(props: { facts: [name: JSX.Element, value: JSX.Element][] }) {
  return (
    <dl class="grid items-baseline grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-2 text-sm">
      <For each={props.facts}>
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
