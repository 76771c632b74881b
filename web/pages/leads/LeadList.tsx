// The list of leads. The stage can be changed in the row.
import { deletedFilter } from "../../features/deletion/deleted_filter.ts";
import { createdFilter } from "../../features/lists/created_filter.ts";
import { tagColumn, tagFilter } from "../../features/tags/Tags.tsx";
import { useList } from "../../features/lists/use_list.ts";
import type { JSX } from "solid-js";
import { stages } from "../../../server/domain/leads/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue, formatWord } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Time } from "../../ui/Time.tsx";
import { StageMenu } from "./StageMenu.tsx";

type Lead = Outputs["leads"]["list"]["rows"][number];

const columns: Column<Lead>[] = [
  { id: "name", title: "Name", isText: true, sort: "name", width: 220, cell: (lead) => lead.name },
  { id: "stage", title: "Stage", width: 155, cell: (lead) => <StageMenu lead={lead} /> },
  { id: "type", title: "Type", isText: true, width: 120, cell: (lead) => formatWord(lead.type) },
  { id: "city", title: "City", isText: true, width: 120, cell: (lead) => lead.city ?? emptyValue },
  { id: "country", title: "Country", isText: true, width: 130, cell: (lead) => lead.country ?? emptyValue },
  {
    id: "contact",
    title: "Contact",
    isText: true,
    width: 160,
    cell: (lead) => <span title={lead.contactEmail ?? undefined}>{lead.contactName ?? emptyValue}</span>,
  },
  {
    id: "email",
    title: "Contact’s email",
    isText: true,
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
  tagColumn,
  { id: "created", title: "Created", sort: "id", width: 130, cell: (lead) => <Time at={lead.createdAt} /> },
];

export function LeadList(props: { stats: Outputs["leads"]["stats"] | undefined; actions: JSX.Element }) {
  const filters = (): Filter[] => [
    { name: "stage", title: "Stage", kind: { options: stages.map((stage) => [stage, formatWord(stage)]) } },
    {
      name: "type",
      title: "Type",
      kind: { options: Object.keys(props.stats?.byType ?? {}).map((type) => [type, formatWord(type)]) },
    },
    tagFilter,
    createdFilter,
    deletedFilter,
  ];
  const list = useList("leads", { filters, exportPath: addresses.exportLeads() });
  return (
    <List
      {...list}
      one="lead"
      many="leads"
      columns={columns}
      searchedFields="name or contact"
      shortTextAtStart
      href={({ id }) => addresses.lead(id)}
      empty={
        <Empty title="No leads yet" actions={props.actions}>
          A lead is an organization that may become a customer. Add one, or import a file.
        </Empty>
      }
    />
  );
}
