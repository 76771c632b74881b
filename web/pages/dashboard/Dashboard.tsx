// The dashboard: alerts, key figures, charts and the latest activity.
import { addresses } from "../../lib/addresses.ts";
import { formatCount } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { eventsOf, formatSpan, useStatistics } from "../../features/statistics/statistics.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Chart } from "../../ui/Chart.tsx";
import { timeOf } from "../../ui/chart/chart.ts";
import { AddIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { SpanChoice, useSpan } from "../../features/statistics/SpanChoice.tsx";
import { Alerts } from "./Alerts.tsx";
import { AnomalyKinds } from "./AnomalyKinds.tsx";
import { ExpiringLicenses } from "./ExpiringLicenses.tsx";
import { Metrics } from "./Metrics.tsx";
import { FirstStepsCard } from "./FirstStepsCard.tsx";
import { LatestActivity } from "./LatestActivity.tsx";
import { type LiveStats, useLiveStats } from "./live_stats.ts";
import { Versions } from "./Versions.tsx";

export function Dashboard() {
  const stats = useLiveStats();
  const [span, chooseSpan] = useSpan();
  const over = useStatistics(span, ["license.activated", "license.deactivated", "heartbeats"]);
  const activations = () =>
    over.data([
      { measure: "license.activated", title: "Activated", color: "accent", variant: "bars" },
      { measure: "license.deactivated", title: "Deactivated", color: "warn", variant: "line" },
    ]);
  return (
    <Page
      title="Dashboard"
      state={stats() ? summary(stats()!) : "Counting…"}
      actions={
        <ButtonLink
          href={addresses.newLicense()}
          variant="primary"
          disabledReason={missingRoleReason("manager")}
        >
          <AddIcon /> New license
        </ButtonLink>
      }
    >
      <Alerts stats={stats()} />
      <FirstStepsCard />
      <Metrics stats={stats()} />
      <div class="flex justify-end">
        <SpanChoice span={span()} choose={chooseSpan} />
      </div>
      <div class="grid items-start gap-4 lg:grid-cols-2">
        <Chart
          title="Activations"
          span={formatSpan(span())}
          data={activations()}
          href={(point) => eventsOf("license.activated")(timeOf(activations(), point))}
          emptyText="No activations in this period."
        />
        <Chart
          title="Heartbeats"
          span={formatSpan(span())}
          data={over.data([{ measure: "heartbeats", title: "Heartbeats", color: "good", variant: "line" }])}
          href={null}
          emptyText="No heartbeats in this period."
        />
        <ExpiringLicenses />
        <div class="flex min-w-0 flex-col gap-4">
          <Versions />
          <AnomalyKinds />
        </div>
      </div>
      <LatestActivity />
    </Page>
  );
}

function summary({ metrics, alerts }: LiveStats): string {
  const counts = `${formatCount(metrics.activeLicenses, "active license")} on ${
    formatCount(metrics.totalActivations, "device")
  }`;
  return alerts.length === 0
    ? `${counts} · no open alerts`
    : `${counts} · ${formatCount(alerts.length, "open alert")}`;
}
