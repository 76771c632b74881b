// The last day of a license, and how far away it is.
import { Show } from "solid-js";
import { formatDay, formatDaysUntil } from "../../lib/format.ts";

export function ExpiryDate(props: { day: string | null }) {
  return (
    <Show when={props.day} fallback={<span class="text-muted">No end</span>}>
      {(day) => (
        <>
          {formatDay(day())} <span class="text-muted">{formatDaysUntil(day())}</span>
        </>
      )}
    </Show>
  );
}
