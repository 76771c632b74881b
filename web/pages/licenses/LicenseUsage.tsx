// The metered use of a license: a bar for each meter in its current period, which can be corrected, a chart of its days or
// months, and each period before. The meter that is corrected is in the URL, so that the license check leads to it.
import { For, Show } from "solid-js";
import { missingRoleReason } from "../../features/account/session.ts";
import { historyOf } from "../../features/meters/meter_history.ts";
import { describePeriod } from "../../features/meters/meter_labels.ts";
import { MeterLine } from "../../features/meters/MeterLine.tsx";
import { useAddressState } from "../../lib/address_state.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatCount } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Chart } from "../../ui/Chart.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { ExportIcon } from "../../ui/icons.ts";
import { UsageBar } from "../../ui/UsageBar.tsx";
import { CorrectUsageDialog } from "./CorrectUsageDialog.tsx";
import type { License } from "./license_actions.ts";

export function LicenseUsage(props: { license: License }) {
  // Increments record no event.
  const usage = useApiQuery("licenses", "usage", () => ({ id: props.license.id }), {
    keepPrevious: true,
    refetchInterval: 30_000,
  });
  const [state, setState] = useAddressState({ correct: undefined as string | undefined });
  const corrected = () => missingRoleReason("manager") === null ? state.correct : undefined;
  const setCorrected = (correct: string | undefined) => setState({ correct }, { replace: true });
  return (
    <QueryBoundary query={usage}>
      {(found) => (
        <Show
          when={found().meters.length + found().past.length > 0}
          fallback={
            <Card flush>
              <Empty title="No metered use">
                Meters limit what an app uses, such as exports a month. Add them to the plan or the license.
              </Empty>
            </Card>
          }
        >
          <div class="flex min-w-0 flex-col gap-4">
            <Card
              title="Meters"
              flush
              actions={
                <For each={["csv", "xlsx"]}>
                  {(format) => (
                    <ButtonLink
                      variant="quiet"
                      href={withQuery(addresses.exportLicenseUsage(props.license.id), { format })}
                      download
                    >
                      <ExportIcon /> Download {format.toUpperCase()}
                    </ButtonLink>
                  )}
                </For>
              }
            >
              <ul class="divide-y divide-line text-sm" aria-label="Current periods">
                <For each={found().meters}>
                  {(meter) => (
                    <MeterLine meter={meter} class="px-4 py-2">
                      <Button
                        about={meter.meter}
                        disabledReason={missingRoleReason("manager")}
                        onClick={() => setCorrected(meter.meter)}
                      >
                        Correct
                      </Button>
                    </MeterLine>
                  )}
                </For>
              </ul>
              <Show when={found().past.length > 0}>
                <h3 class="border-t border-line px-4 pt-3 pb-1 text-sm font-medium">
                  {formatCount(found().past.length, "earlier period")}
                </h3>
                <ul class="max-h-96 divide-y divide-line overflow-auto text-sm" aria-label="Earlier periods">
                  <For each={found().past}>
                    {(period) => (
                      <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                        <span class="min-w-0 flex-1 truncate font-mono">{period.meter}</span>
                        <UsageBar used={period.used} limit={period.limit} label="used" />
                        <span class="text-muted">{describePeriod(period)}</span>
                      </li>
                    )}
                  </For>
                </ul>
              </Show>
            </Card>
            <For each={found().meters.map(({ meter }) => meter)}>
              {(name) => {
                const meter = () => found().meters.find(({ meter }) => meter === name)!;
                const history = () => historyOf(meter(), found().past);
                return (
                  <Show when={history()}>
                    {(history) => (
                      <Chart
                        title={`Use of ${name}`}
                        span={`last ${
                          formatCount(history().starts.length, meter().period === "day" ? "day" : "month")
                        }`}
                        data={history()}
                        href={null}
                      />
                    )}
                  </Show>
                );
              }}
            </For>
          </div>
          <Show when={found().meters.find(({ meter }) => meter === corrected())}>
            {(meter) => (
              <CorrectUsageDialog
                licenseId={props.license.id}
                meter={meter()}
                isOpen
                close={() => setCorrected(undefined)}
              />
            )}
          </Show>
        </Show>
      )}
    </QueryBoundary>
  );
}
