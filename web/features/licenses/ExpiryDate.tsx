// The last day of a license and how far away it is.
import { Show } from "solid-js";
import { formatDay, formatDaysUntil, formatDaysUntilShort } from "../../lib/format.ts";

/** @param props.day a calendar day; null never expires */
export function ExpiryDate(props: { day: string | null }) {
  return (
    <Show when={props.day} fallback={<span class="text-muted">Never expires</span>}>
      {(day) => (
        <>
          {formatDay(day())}{" "}
          <span class="text-muted" title={formatDaysUntil(day())}>{formatDaysUntilShort(day())}</span>
        </>
      )}
    </Show>
  );
}
