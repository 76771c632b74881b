// The list of resources, with bulk allocation and release.
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { deletedFilter } from "../../features/deletion/deleted_filter.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { useList } from "../../features/lists/use_list.ts";
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatCount, formatNumber, formatWord } from "../../lib/format.ts";
import { licenseSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createSelection } from "../../ui/list/selection.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { AllocateDialog } from "./AllocateDialog.tsx";
import { release } from "./resource_actions.ts";

type Resource = Outputs["resources"]["list"]["rows"][number];

const columns: Column<Resource>[] = [
  {
    id: "identifier",
    title: "Identifier",
    isText: true,
    sort: "identifier",
    width: 200,
    cell: (resource) => resource.identifier,
  },
  { id: "type", title: "Type", width: 140, cell: (resource) => formatWord(resource.type) },
  {
    id: "status",
    title: "Status",
    width: 130,
    cell: (resource) => <ResourceStatus resource={resource} />,
  },
  {
    id: "license",
    title: "License",
    width: 240,
    cell: (resource) => (
      <Show when={resource.licenseId} fallback={emptyValue}>
        {(id) => (
          <A href={addresses.license(id())} class="hover:underline">
            <LicenseKey text={resource.licenseKey!} />
          </A>
        )}
      </Show>
    ),
  },
  {
    id: "customer",
    title: "Customer",
    isText: true,
    width: 220,
    cell: (resource) => resource.customerName ?? emptyValue,
  },
  {
    id: "allocated",
    title: "Allocated",
    width: 150,
    cell: (resource) => <Time at={resource.allocatedAt} />,
  },
  {
    id: "created",
    title: "Created",
    sort: "id",
    width: 150,
    isHidden: true,
    cell: (resource) => <Time at={resource.createdAt} />,
  },
];

export function ResourceStatus(props: { resource: { licenseId: number | null } }) {
  return (
    <Badge tone={props.resource.licenseId === null ? "good" : "info"}>
      {props.resource.licenseId === null ? "Available" : "Allocated"}
    </Badge>
  );
}

export function Resources() {
  const selection = createSelection("resources");
  const [isAllocating, setIsAllocating] = createSignal(false);
  const stats = useApiQuery("resources", "stats", () => undefined);
  const filters = (): Filter[] => [
    {
      name: "status",
      title: "Status",
      kind: { options: [["available", "Available"], ["allocated", "Allocated"]] },
    },
    {
      name: "type",
      title: "Type",
      kind: { options: Object.keys(stats.data?.byType ?? {}).map((type) => [type, formatWord(type)]) },
    },
    { name: "licenseId", title: "License", kind: licenseSearch },
    deletedFilter,
  ];
  const list = useList("resources", { filters, defaultSort: "identifier" });
  const disabledReason = () =>
    missingRoleReason("manager") ?? (list.input().deleted ? "Restore them first." : null);
  const create = () => <CreateLink href={addresses.newResource()}>New resource</CreateLink>;
  return (
    <Page
      title="Resources"
      state={stats.data &&
        `${formatCount(stats.data.total, "resource")} · ${formatNumber(stats.data.allocated)} allocated · ${
          formatNumber(stats.data.available)
        } available`}
      actions={create()}
    >
      <List
        {...list}
        one="resource"
        many="resources"
        columns={columns}
        searchedFields="identifier or type"
        href={({ id }) => addresses.resource(id)}
        selection={selection}
        bulk={
          <>
            <Button disabledReason={disabledReason()} onClick={() => setIsAllocating(true)}>
              Allocate…
            </Button>
            <Button
              disabledReason={disabledReason()}
              onClick={async () => {
                if (await release(selection.ids())) selection.clear();
              }}
            >
              Release
            </Button>
          </>
        }
        empty={
          <Empty title="No resources yet" actions={create()}>
            A resource is something that exists once, such as a server, workstation or dongle. It is allocated
            to one license at a time.
          </Empty>
        }
      />
      <AllocateDialog
        resourceIds={selection.ids()}
        isOpen={isAllocating()}
        close={() => setIsAllocating(false)}
        done={selection.clear}
      />
    </Page>
  );
}
