// The usage of a limit: a bar with its numbers.
import { formatNumber } from "../lib/format.ts";

export function UsageBar(props: { used: number; limit: number; label?: string; class?: string }) {
  const share = () => props.limit === 0 ? 1 : Math.min(1, props.used / props.limit);
  const variantClass = () => props.used > props.limit ? "bg-bad" : share() === 1 ? "bg-warn" : "bg-accent";
  return (
    <span class={`inline-flex max-w-full min-w-0 items-center gap-2 ${props.class ?? ""}`}>
      <span class="h-1.5 w-12 min-w-4 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
        <span class={`block h-full rounded-full ${variantClass()}`} style={{ width: `${share() * 100}%` }} />
      </span>
      <span class="shrink-0 whitespace-nowrap">
        {formatNumber(props.used)} / {formatNumber(props.limit)}
        {props.label ? ` ${props.label}` : ""}
      </span>
    </span>
  );
}
