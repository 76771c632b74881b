// The list of customers.
import { Show } from "solid-js";
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { deletedFilter } from "../../features/deletion/deleted_filter.ts";
import { createdFilter } from "../../features/lists/created_filter.ts";
import { metadataFilter } from "../../features/metadata/metadata.ts";
import { tagColumn, tagFilter } from "../../features/tags/Tags.tsx";
import { useList } from "../../features/lists/use_list.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue, formatNumber, formatTotal, formatTotalOf } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { ImportIcon } from "../../ui/icons.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

type Customer = Outputs["customers"]["list"]["rows"][number];

const columns: Column<Customer>[] = [
  { id: "name", title: "Name", isText: true, sort: "name", width: 280, cell: (customer) => customer.name },
  { id: "email", title: "Email", isText: true, width: 260, cell: (customer) => customer.email ?? emptyValue },
  {
    id: "licenses",
    title: "Licenses",
    width: 100,
    isNumber: true,
    cell: (customer) => formatNumber(customer.licenses),
  },
  {
    id: "created",
    title: "Created",
    sort: "id",
    width: 160,
    cell: (customer) => <Time at={customer.createdAt} />,
  },
  tagColumn,
  {
    id: "deleted",
    title: "Deleted",
    width: 160,
    isHidden: true,
    cell: (customer) => <Time at={customer.deletedAt} />,
  },
  {
    id: "updated",
    title: "Updated",
    width: 160,
    isHidden: true,
    cell: (customer) => <Time at={customer.updatedAt} />,
  },
];

/** The columns of deleted customers: these show when they were deleted. */
const deletedColumns = columns.map((column) => ({ ...column, isHidden: column.id === "updated" }));

const filters: Filter[] = [
  {
    name: "hasLicenses",
    title: "Licenses",
    kind: { options: [["true", "With licenses"], ["false", "Without licenses"]] },
  },
  { name: "productId", title: "Product", kind: productSearch },
  tagFilter,
  metadataFilter,
  createdFilter,
  deletedFilter,
];

export function Customers() {
  const list = useList("customers", { filters, defaultSort: "name" });
  const all = useApiQuery("customers", "list", () => ({ limit: 1 }));
  const unlicensed = useApiQuery("customers", "list", () => ({ hasLicenses: false, limit: 1 }));
  const create = () => <CreateLink href={addresses.newCustomer()}>New customer</CreateLink>;
  return (
    <Page
      title="Customers"
      state={
        <Show when={all.data && unlicensed.data}>
          {formatTotalOf(all.data!, "customer")}
          {unlicensed.data!.total > 0 && ` · ${formatTotal(unlicensed.data!)} without a license`}
        </Show>
      }
      actions={
        <>
          <ButtonLink href={addresses.importCustomers()} disabledReason={missingRoleReason("manager")}>
            <ImportIcon /> Import
          </ButtonLink>
          {create()}
        </>
      }
    >
      <List
        {...list}
        one="customer"
        many="customers"
        columns={list.input().deleted ? deletedColumns : columns}
        searchedFields="name or email"
        shortTextAtStart
        href={({ id }) => addresses.customer(id)}
        empty={
          <Empty title="No customers yet" actions={create()}>
            A customer is the company or person who buys. Every license belongs to one.
          </Empty>
        }
      />
    </Page>
  );
}
