// The versions of a product that machines run, with their counts and what an update check answers them.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatAgo, formatCount, formatNumber } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { UpdateOffer } from "./UpdateOffer.tsx";

export function VersionsInUse(props: { productId: number }) {
  const inUse = useApiQuery("statistics", "versionsInUse", () => ({ productId: props.productId }));
  const named = () =>
    (inUse.data?.versions ?? []).map(({ version }) => version).filter((version) => version !== null);
  const offers = useApiQuery(
    "releases",
    "explain",
    () => named().length > 0 ? { productId: props.productId, versions: named() } : null,
    { keepPrevious: true },
  );
  const offerFor = (version: string | null) => offers.data?.find((offer) => offer.version === version);
  return (
    <Card
      title="Version adoption"
      hint={`Devices with an active license${inUse.data?.isEstimate ? " · estimated from a sample" : ""}${
        inUse.data?.countedAt ? ` · updated ${formatAgo(inUse.data.countedAt)}` : ""
      }`}
      flush
    >
      <QueryBoundary query={inUse}>
        {(answer) => {
          const most = () => Math.max(1, ...answer().versions.map(({ machines }) => machines));
          return (
            <Show
              when={answer().versions.length > 0}
              fallback={
                <Empty title="No active installations">
                  Versions appear here when apps activate a license or send a heartbeat.
                </Empty>
              }
            >
              <div class="overflow-x-auto" tabindex="0" role="group" aria-label="Version adoption table">
                <table class="w-full min-w-lg border-collapse text-sm">
                  <thead class="text-left text-xs text-muted">
                    <tr class="h-9 border-b border-line">
                      <th scope="col" class="w-40 px-4 font-medium">Version</th>
                      <th scope="col" class="px-2 font-medium">Devices</th>
                      <th scope="col" class="px-4 font-medium">Update check</th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={answer().versions}>
                      {({ version, machines }) => (
                        <tr class="h-9 border-b border-line last:border-0">
                          <th scope="row" class="px-4 text-left font-medium break-all">
                            {version ?? <span class="text-muted">Unknown</span>}
                          </th>
                          <td class="px-2">
                            <span class="flex items-center gap-2">
                              <span class="w-14 shrink-0 text-right">
                                <Show when={version} fallback={formatNumber(machines)}>
                                  {(version) => (
                                    <A
                                      href={withQuery(addresses.devices(), {
                                        productId: props.productId,
                                        appVersion: version(),
                                      })}
                                      class="hover:underline"
                                      aria-label={`${
                                        formatCount(machines, "device runs", "devices run")
                                      } ${version()}`}
                                    >
                                      {formatNumber(machines)}
                                    </A>
                                  )}
                                </Show>
                              </span>
                              <span aria-hidden="true" class="h-2 min-w-16 flex-1 rounded-full bg-sunken">
                                <span
                                  class="block h-2 rounded-full bg-accent"
                                  style={{ width: `${(100 * machines) / most()}%` }}
                                />
                              </span>
                            </span>
                          </td>
                          <td class="px-4 text-muted">
                            <Show
                              when={offerFor(version)}
                              fallback={version ? "…" : "Depends on the version sent"}
                            >
                              {(offer) => <UpdateOffer offer={offer()} />}
                            </Show>
                          </td>
                        </tr>
                      )}
                    </For>
                    <Show when={answer().others > 0}>
                      <tr class="h-9">
                        <th scope="row" class="px-4 text-left font-medium">Other</th>
                        <td class="px-2" colspan="2">
                          <span class="inline-block w-14 text-right">{formatNumber(answer().others)}</span>
                        </td>
                      </tr>
                    </Show>
                  </tbody>
                </table>
              </div>
            </Show>
          );
        }}
      </QueryBoundary>
    </Card>
  );
}
