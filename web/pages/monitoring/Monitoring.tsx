// The health of the system: its parts, queues, alerts and charts.
import { For } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatCount } from "../../lib/format.ts";
import { describeParts } from "../../features/monitoring/system_health.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { formatSpan, useStatistics } from "../../features/statistics/statistics.ts";
import { Badge } from "../../ui/Badge.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Chart } from "../../ui/Chart.tsx";
import { timeOf } from "../../ui/chart/chart.ts";
import { OutsideIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { SpanChoice, useSpan } from "../../features/statistics/SpanChoice.tsx";
import { AlertList } from "./AlertList.tsx";
import { charts } from "./charts.ts";
import { Queues } from "./Queues.tsx";

export function Monitoring() {
  const health = useApiQuery("monitoring", "health", () => undefined, { refetchInterval: 5000 });
  const alerts = useApiQuery("alerts", "list", () => ({ all: true }), { refetchInterval: 30_000 });
  const [span, chooseSpan] = useSpan();
  const over = useStatistics(
    span,
    charts.flatMap(({ measures }) => measures.map(({ measure }) => measure)),
  );
  const parts = () => describeParts(health.data, health.error);
  const summary = () => {
    const bad = parts().filter(({ tone }) => tone !== "good");
    const open = (alerts.data ?? []).filter(({ clearedAt }) => clearedAt === null);
    const well = bad.length === 0
      ? "All systems operational"
      : bad.map(({ title, word }) => `${title}: ${word.toLowerCase()}`).join(", ");
    return `${well} · ${open.length === 0 ? "no open alerts" : formatCount(open.length, "open alert")}`;
  };
  return (
    <Page
      title="Monitoring"
      state={(health.data || health.error) && summary()}
      actions={
        <ButtonLink href={addresses.queues()} outside disabledReason={missingRoleReason("owner")}>
          Open queue dashboard <OutsideIcon />
        </ButtonLink>
      }
    >
      <ul class="grid gap-3 sm:grid-cols-2 lg:grid-cols-4" aria-label="System status">
        <For each={parts()}>
          {(part) => (
            <li class="rounded-lg border border-line bg-surface px-4 py-3">
              <div class="flex items-center justify-between gap-2">
                <h2 class="text-base font-semibold">{part.title}</h2>
                <Badge tone={part.tone}>{part.word}</Badge>
              </div>
              <p class="mt-1 text-sm text-muted">{part.hint}</p>
            </li>
          )}
        </For>
      </ul>
      <div class="grid items-start gap-4 lg:grid-cols-2">
        <Queues health={health} />
        <AlertList alerts={alerts} />
      </div>
      <div class="flex justify-end">
        <SpanChoice span={span()} choose={chooseSpan} />
      </div>
      <div class="grid items-start gap-4 lg:grid-cols-2">
        <For each={charts}>
          {({ title, measures, emptyText, behind }) => (
            <Chart
              title={title}
              span={formatSpan(span())}
              data={over.data(measures)}
              emptyText={emptyText}
              href={behind && ((point) => behind(timeOf(over.data(measures), point)))}
            />
          )}
        </For>
      </div>
    </Page>
  );
}
