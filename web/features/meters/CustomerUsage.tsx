// The metered use of a customer's licenses: for each license a bar for each meter in its current period.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatNumber } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { LicenseKey } from "../licenses/LicenseKey.tsx";
import { MeterLine } from "./MeterLine.tsx";

export function CustomerUsage(props: { customerId: number }) {
  // Increments record no event.
  const usage = useApiQuery("customers", "usage", () => ({ id: props.customerId }), {
    refetchInterval: 30_000,
  });
  return (
    <Card flush>
      <QueryBoundary query={usage}>
        {(found) => (
          <>
            <ul class="divide-y divide-line text-sm" aria-label="Metered use">
              <For
                each={found().licenses}
                fallback={
                  <li>
                    <Empty title="No metered use">None of this customer's licenses has meters.</Empty>
                  </li>
                }
              >
                {(license) => (
                  <li class="px-4 py-2">
                    <A
                      href={withQuery(addresses.license(license.id), { tab: "usage" })}
                      class="hover:underline"
                    >
                      <LicenseKey text={license.key} />
                    </A>{" "}
                    <span class="text-muted">{license.productName}</span>
                    <ul aria-label={`Meters of ${license.key}`}>
                      <For each={license.meters}>
                        {(meter) => <MeterLine meter={meter} class="py-1" />}
                      </For>
                    </ul>
                  </li>
                )}
              </For>
            </ul>
            <Show when={found().areMore}>
              <p class="border-t border-line px-4 py-2 text-sm text-muted">
                Shown are the {formatNumber(found().licenses.length)} newest licenses with meters.
              </p>
            </Show>
          </>
        )}
      </QueryBoundary>
    </Card>
  );
}
