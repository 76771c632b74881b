// A relative time ("3 min ago") that is kept current, with the exact time as a tooltip and for screen readers.
import { createSignal, Show } from "solid-js";
import { emptyValue, formatAgo, formatAgoShort, formatInstant } from "../lib/format.ts";

// One timer for all of them.
const [now, setNow] = createSignal(Date.now());
setInterval(() => setNow(Date.now()), 20_000);

export function Time(props: { at: string | Date | null | undefined }) {
  return (
    <Show when={props.at} fallback={emptyValue}>
      {(at) => {
        const current = () => Math.max(now(), Date.now());
        return (
          <time
            datetime={new Date(at()).toISOString()}
            title={formatInstant(at())}
            aria-label={`${formatAgo(at(), current())}, ${formatInstant(at())}`}
            class="whitespace-nowrap"
          >
            {formatAgoShort(at(), current())}
          </time>
        );
      }}
    </Show>
  );
}
