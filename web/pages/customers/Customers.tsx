// All customers, found by part of a name or an address.
import { Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatNumber, formatTotal, nothing } from "../../lib/format.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createListState } from "../../features/lists/list_state.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

type Customer = Outputs["customers"]["list"]["rows"][number];

const columns: Column<Customer>[] = [
  { id: "name", title: "Name", sort: "name", width: 280, cell: (customer) => customer.name },
  { id: "email", title: "Email", width: 260, cell: (customer) => customer.email ?? nothing },
  {
    id: "licenses",
    title: "Licenses",
    width: 100,
    isNumber: true,
    cell: (customer) => formatNumber(customer.licenses),
  },
  {
    id: "created",
    title: "Since",
    sort: "id",
    width: 160,
    cell: (customer) => <Time at={customer.createdAt} />,
  },
  {
    id: "deleted",
    title: "Deleted",
    width: 160,
    isHidden: true,
    cell: (customer) => <Time at={customer.deletedAt} />,
  },
  {
    id: "updated",
    title: "Changed",
    width: 160,
    isHidden: true,
    cell: (customer) => <Time at={customer.updatedAt} />,
  },
];

/** Among deleted ones, since when they are is what matters. */
const deletedColumns = columns.map((column) => ({ ...column, isHidden: column.id === "updated" }));

const filters: Filter[] = [
  {
    name: "hasLicenses",
    title: "Licenses",
    kind: { options: [["true", "Having licenses"], ["false", "Having none"]] },
  },
  { name: "productId", title: "Product", kind: productSearch },
  { name: "deleted", title: "Deleted", kind: { options: [["true", "Deleted ones instead"]] } },
];

export function Customers() {
  const state = createListState("customers", filters.map(({ name }) => name));
  const query = () => {
    const { q, sort, filters: { deleted, hasLicenses, productId } } = state.query();
    return {
      q,
      sort: sort as "name",
      deleted: deleted === "true" || undefined,
      hasLicenses: hasLicenses === undefined ? undefined : hasLicenses === "true",
      productId: productId === undefined ? undefined : Number(productId),
    };
  };
  const customers = useApiQuery("customers", "list", () => ({ ...query(), cursor: state.query().cursor }), {
    keepPrevious: true,
  });
  const all = useApiQuery("customers", "list", () => ({ limit: 1 }));
  const without = useApiQuery("customers", "list", () => ({ hasLicenses: false, limit: 1 }));
  return (
    <Page
      title="Customers"
      state={
        <Show when={all.data && without.data}>
          {formatTotal(all.data!)} {all.data!.total === 1 ? "customer" : "customers"}
          {without.data!.total > 0 && `, ${formatTotal(without.data!)} without a license`}
        </Show>
      }
      actions={
        <ButtonLink
          href={addresses.newCustomer()}
          variant="primary"
          disabledReason={missingRoleReason("manager")}
        >
          <AddIcon /> New customer
        </ButtonLink>
      }
    >
      <List
        one="customer"
        many="customers"
        state={state}
        rows={customers}
        columns={query().deleted ? deletedColumns : columns}
        filters={filters}
        defaultSort="name"
        searchedFields="name or email"
        href={({ id }) => addresses.customer(id)}
        exportHref={(format) => {
          const { hasLicenses, productId, ...rest } = query();
          return withQuery("/api/admin/customers/export", {
            format,
            ...rest,
            has_licenses: hasLicenses,
            product_id: productId,
          });
        }}
        empty={
          <Empty
            title="No customers yet"
            actions={
              <ButtonLink
                href={addresses.newCustomer()}
                variant="primary"
                disabledReason={missingRoleReason("manager")}
              >
                <AddIcon /> New customer
              </ButtonLink>
            }
          >
            A customer is who buys: a company or a person. Every license belongs to one.
          </Empty>
        }
      />
    </Page>
  );
}
