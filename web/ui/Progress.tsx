// A progress bar with its numbers.
import { formatNumber } from "../lib/format.ts";

export function Progress(props: { label: string; done: number; total: number }) {
  const share = () => props.total === 0 ? 1 : Math.min(1, props.done / props.total);
  return (
    <div class="flex flex-col gap-1.5 text-sm">
      <p class="flex justify-between gap-4" role="status">
        <span>{props.label}</span>
        <span class="text-muted">{formatNumber(props.done)} of {formatNumber(props.total)}</span>
      </p>
      <div
        class="h-2 overflow-hidden rounded-full bg-sunken"
        role="progressbar"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={props.total}
        aria-valuenow={props.done}
      >
        <div
          class="h-full rounded-full bg-accent transition-[width]"
          style={{ width: `${share() * 100}%` }}
        />
      </div>
    </div>
  );
}
