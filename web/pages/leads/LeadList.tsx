// Leads in rows; the stage is changed right there.
import type { JSX } from "solid-js";
import { stages } from "../../../server/domain/leads/inputs.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatWord } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createListState } from "../../features/lists/list_state.ts";
import { Time } from "../../ui/Time.tsx";
import { StageMenu } from "./StageMenu.tsx";
import type { Stage } from "./stages.ts";

type Lead = Outputs["leads"]["list"]["rows"][number];

const columns: Column<Lead>[] = [
  { id: "name", title: "Name", sort: "name", width: 220, cell: (lead) => lead.name },
  { id: "stage", title: "Stage", width: 130, cell: (lead) => <StageMenu lead={lead} /> },
  { id: "type", title: "Type", width: 120, cell: (lead) => formatWord(lead.type) },
  { id: "city", title: "City", width: 120, cell: (lead) => lead.city ?? emptyValue },
  { id: "country", title: "Country", width: 130, cell: (lead) => lead.country ?? emptyValue },
  {
    id: "contact",
    title: "Contact",
    width: 160,
    cell: (lead) => <span title={lead.contactEmail ?? undefined}>{lead.contactName ?? emptyValue}</span>,
  },
  {
    id: "email",
    title: "Contact’s email",
    width: 220,
    isHidden: true,
    cell: (lead) => lead.contactEmail ?? emptyValue,
  },
  {
    id: "activity",
    title: "Last activity",
    width: 140,
    cell: (lead) => <Time at={lead.lastActivityAt} />,
  },
  { id: "created", title: "Since", sort: "id", width: 130, cell: (lead) => <Time at={lead.createdAt} /> },
];

const names = ["type", "stage", "deleted"];

export function LeadList(props: { stats: Outputs["leads"]["stats"] | undefined; actions: JSX.Element }) {
  const state = createListState("leads", names);
  const query = () => {
    const { q, sort, filters } = state.query();
    return {
      q,
      sort: sort as "name",
      type: filters.type,
      stage: filters.stage as Stage | undefined,
      deleted: filters.deleted === "true" || undefined,
    };
  };
  const leads = useApiQuery("leads", "list", () => ({ ...query(), cursor: state.query().cursor }), {
    keepPrevious: true,
  });
  const filters = (): Filter[] => [
    { name: "stage", title: "Stage", kind: { options: stages.map((stage) => [stage, formatWord(stage)]) } },
    {
      name: "type",
      title: "Type",
      kind: { options: Object.keys(props.stats?.byType ?? {}).map((type) => [type, formatWord(type)]) },
    },
    { name: "deleted", title: "Deleted", kind: { options: [["true", "Deleted ones instead"]] } },
  ];
  return (
    <List
      one="lead"
      many="leads"
      state={state}
      rows={leads}
      columns={columns}
      filters={filters()}
      searchedFields="name or contact"
      href={({ id }) => addresses.lead(id)}
      exportHref={(format) => withQuery(addresses.exportLeads(), { ...query(), format })}
      empty={
        <Empty title="No leads yet" actions={props.actions}>
          A lead is an institution that may become a customer. Add one, or bring in a table of many.
        </Empty>
      }
    />
  );
}
