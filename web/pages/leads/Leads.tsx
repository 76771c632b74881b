// All leads, as a list or as a board.
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { AddIcon, ImportIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { LeadBoard } from "./LeadBoard.tsx";
import { LeadList } from "./LeadList.tsx";

type Stats = Outputs["leads"]["stats"];

export function Leads() {
  const stats = useApiQuery("leads", "stats", () => undefined);
  return (
    <Page title="Leads" state={stats.data && describe(stats.data)} actions={<Actions />}>
      <Tabs
        label="Leads"
        tabs={[
          {
            id: "list",
            title: "List",
            content: () => <LeadList stats={stats.data} actions={<Actions />} />,
          },
          { id: "board", title: "Board", content: () => <LeadBoard stats={stats.data} /> },
        ]}
      />
    </Page>
  );
}

function Actions() {
  return (
    <>
      <ButtonLink href={addresses.importLeads()} disabledReason={missingRoleReason("manager")}>
        <ImportIcon /> Import
      </ButtonLink>
      <ButtonLink href={addresses.newLead()} variant="primary" disabledReason={missingRoleReason("manager")}>
        <AddIcon /> New lead
      </ButtonLink>
    </>
  );
}

function describe({ totalInstitutions, byStage, conversionRate, recentActivities }: Stats): string {
  const won = byStage.won ?? 0;
  return [
    formatCount(totalInstitutions, "lead"),
    `${formatNumber(won)} won (${formatNumber(conversionRate)}%)`,
    `${formatCount(recentActivities, "activity", "activities")} in 30 days`,
  ].join(" · ");
}
