// How many anomalies there are of each kind, and how many wait for somebody.
import { Show } from "solid-js";
import { addresses, withQuery } from "../../addresses.ts";
import { anomalyKinds } from "../../lib/anomalies.ts";
import { useAnswer } from "../../lib/answers.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { Answered } from "../../ui/Answered.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Bars } from "./Bars.tsx";

export function AnomalyKinds() {
  const stats = useAnswer("anomalies", "stats", () => undefined);
  return (
    <Card
      title="Anomalies"
      hint={stats.data &&
        `${formatNumber(stats.data.unresolved)} unresolved of ${
          formatCount(stats.data.total, "anomaly", "anomalies")
        }`}
      actions={
        <ButtonLink look="quiet" href={withQuery(addresses.anomalies(), { unresolved: true })}>
          Unresolved
        </ButtonLink>
      }
    >
      <Answered of={stats}>
        {(stats) => (
          <Show
            when={stats().total > 0}
            fallback={<p class="py-6 text-center text-sm text-muted">Nothing unusual has been seen.</p>}
          >
            <Bars
              bars={anomalyKinds.map(([kind, title]) => ({
                title,
                value: stats().byKind[kind],
                href: withQuery(addresses.anomalies(), { kind }),
              }))}
            />
          </Show>
        )}
      </Answered>
    </Card>
  );
}
