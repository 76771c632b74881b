// A line of a list of meters: the use of one in its current period, and its terms.
import { type JSX, Show } from "solid-js";
import { formatNumber } from "../../lib/format.ts";
import { UsageBar } from "../../ui/UsageBar.tsx";
import { describeMeter, describePeriod } from "./meter_labels.ts";

/** @param props.children what can be done with it */
export function MeterLine(
  props: {
    meter: Parameters<typeof describeMeter>[0] & Parameters<typeof describePeriod>[0] & {
      meter: string;
      used: number;
      reserved: number;
    };
    class: string;
    children?: JSX.Element;
  },
) {
  return (
    <li class={`flex flex-wrap items-center gap-x-4 gap-y-1 ${props.class}`}>
      <span class="min-w-0 flex-1 truncate font-mono">{props.meter.meter}</span>
      <UsageBar used={props.meter.used} limit={props.meter.limit} label="used" />
      <Show when={props.meter.reserved > 0}>
        <span class="text-muted">{formatNumber(props.meter.reserved)} reserved</span>
      </Show>
      <span class="text-muted">{describePeriod(props.meter)}</span>
      {props.children}
      <p class="w-full text-xs text-muted">{describeMeter(props.meter)}</p>
    </li>
  );
}
