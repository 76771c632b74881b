// The number of anomalies of each kind.
import { Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { anomalyKinds } from "../../features/anomalies/anomaly_labels.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { BarList } from "./BarList.tsx";

export function AnomalyKinds() {
  const stats = useApiQuery("anomalies", "stats", () => undefined);
  return (
    <Card
      title="Anomalies"
      hint={stats.data &&
        `${formatNumber(stats.data.unresolved)} unresolved of ${
          formatCount(stats.data.total, "anomaly", "anomalies")
        }`}
      actions={
        <ButtonLink variant="quiet" href={withQuery(addresses.anomalies(), { unresolved: true })}>
          View unresolved
        </ButtonLink>
      }
    >
      <QueryBoundary query={stats}>
        {(stats) => (
          <Show
            when={stats().total > 0}
            fallback={<p class="py-6 text-center text-sm text-muted">No anomalies detected.</p>}
          >
            <BarList
              bars={anomalyKinds.map(([kind, title]) => ({
                title,
                value: stats().byKind[kind],
                href: withQuery(addresses.anomalies(), { kind }),
              }))}
            />
          </Show>
        )}
      </QueryBoundary>
    </Card>
  );
}
