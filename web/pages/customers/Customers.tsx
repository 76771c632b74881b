// All customers, found by part of a name or an address.
import { addresses } from "../../addresses.ts";
import { useAnswer } from "../../lib/answers.ts";
import { formatNumber, formatTotal, nothing } from "../../lib/format.ts";
import { whyNot } from "../../lib/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createListState } from "../../ui/list/state.ts";
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
    id: "updated",
    title: "Changed",
    width: 160,
    isHidden: true,
    cell: (customer) => <Time at={customer.updatedAt} />,
  },
];

const filters: Filter[] = [
  { name: "deleted", title: "Deleted", kind: { options: [["true", "Deleted ones instead"]] } },
];

export function Customers() {
  const state = createListState("customers", filters.map(({ name }) => name));
  const customers = useAnswer("customers", "list", () => {
    const { q, sort, cursor, filters } = state.asked();
    return { q, sort: sort as "name", cursor, deleted: filters.deleted === "true" || undefined };
  }, { keep: true });
  return (
    <Page
      title="Customers"
      state={customers.data &&
        `${formatTotal(customers.data)} ${customers.data.total === 1 ? "customer" : "customers"}`}
      actions={
        <ButtonLink href={addresses.newCustomer()} look="primary" why={whyNot("manager")}>
          <AddIcon /> New customer
        </ButtonLink>
      }
    >
      <List
        one="customer"
        many="customers"
        state={state}
        rows={customers}
        columns={columns}
        filters={filters}
        standardSort="name"
        looksIn="name or email"
        href={({ id }) => addresses.customer(id)}
        empty={
          <Empty
            title="No customers yet"
            actions={
              <ButtonLink href={addresses.newCustomer()} look="primary" why={whyNot("manager")}>
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
