// A relative time ("3 minutes ago") that is kept current, with the exact time as a tooltip.
import { createSignal, Show } from "solid-js";
import { emptyValue, formatAgo, formatInstant } from "../lib/format.ts";

// One timer for all of them.
const [now, setNow] = createSignal(Date.now());
setInterval(() => setNow(Date.now()), 20_000);

export function Time(props: { at: string | Date | null | undefined }) {
  return (
    <Show when={props.at} fallback={emptyValue}>
      {(at) => (
        <time datetime={new Date(at()).toISOString()} title={formatInstant(at())} class="whitespace-nowrap">
          {formatAgo(at(), Math.max(now(), Date.now()))}
        </time>
      )}
    </Show>
  );
}
