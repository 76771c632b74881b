// The metered use of a license: a bar for each meter in its current period, and one for each period before.
import { For, Show } from "solid-js";
import { describeMeter } from "../../features/meters/meter_labels.ts";
import { formatCount, formatDay, formatNumber } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { UsageBar } from "../../ui/UsageBar.tsx";
import type { License } from "./license_actions.ts";

export function LicenseUsage(props: { license: License }) {
  // Increments record no event.
  const usage = useApiQuery("licenses", "usage", () => ({ id: props.license.id }), {
    keepPrevious: true,
    refetchInterval: 30_000,
  });
  return (
    <Card flush>
      <QueryBoundary query={usage}>
        {(found) => (
          <Show
            when={found().meters.length + found().past.length > 0}
            fallback={
              <Empty title="No metered use">
                Meters limit what an app uses, such as exports a month. Add them to the plan or the license.
              </Empty>
            }
          >
            <ul class="divide-y divide-line text-sm" aria-label="Current periods">
              <For each={found().meters}>
                {(meter) => (
                  <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                    <span class="min-w-0 flex-1 truncate font-mono">{meter.meter}</span>
                    <UsageBar used={meter.used} limit={meter.limit} label="used" />
                    <Show when={meter.reserved > 0}>
                      <span class="text-muted">{formatNumber(meter.reserved)} reserved</span>
                    </Show>
                    <span class="text-muted">{periodOf(meter)}</span>
                    <p class="w-full text-xs text-muted">{describeMeter(meter)}</p>
                  </li>
                )}
              </For>
            </ul>
            <Show when={found().past.length > 0}>
              <h3 class="border-t border-line px-4 pt-3 pb-1 text-sm font-medium">
                {formatCount(found().past.length, "earlier period")}
              </h3>
              <ul class="divide-y divide-line text-sm" aria-label="Earlier periods">
                <For each={found().past}>
                  {(period) => (
                    <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                      <span class="min-w-0 flex-1 truncate font-mono">{period.meter}</span>
                      <UsageBar used={period.used} limit={period.limit} label="used" />
                      <span class="text-muted">{periodOf(period)}</span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </Show>
        )}
      </QueryBoundary>
    </Card>
  );
}

/** "Jan 1, 2026 to Jan 31, 2026"; a period that does not end: "in total". */
function periodOf(
  { period, startsOn, endsOn }: { period: string; startsOn: string; endsOn: string | null },
): string {
  if (period === "forever") return "in total";
  if (startsOn === endsOn) return formatDay(startsOn);
  return endsOn === null ? `since ${formatDay(startsOn)}` : `${formatDay(startsOn)} to ${formatDay(endsOn)}`;
}
