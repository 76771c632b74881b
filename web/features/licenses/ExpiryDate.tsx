// The last day of a license and how far away it is, or with what its first period begins.
import { Show } from "solid-js";
import { formatDay, formatDaysUntil, formatDaysUntilShort, formatWord } from "../../lib/format.ts";
import { startLabels } from "./start_labels.ts";

/** @param props.license without a last day it never expires, or waits for its start */
export function ExpiryDate(
  props: { license: { validUntil: string | null; startsWith: keyof typeof startLabels | null } },
) {
  return (
    <Show
      when={props.license.validUntil}
      fallback={
        <span class="text-muted">
          {props.license.startsWith ? formatWord(startLabels[props.license.startsWith]) : "Never expires"}
        </span>
      }
    >
      {(day) => (
        <>
          {formatDay(day())}{" "}
          <span class="text-muted" title={formatDaysUntil(day())}>{formatDaysUntilShort(day())}</span>
        </>
      )}
    </Show>
  );
}
