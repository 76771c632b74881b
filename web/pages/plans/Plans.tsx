// All plans, of one product or of all.
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatDuration, formatNumber, formatTotal, formatWord } from "../../lib/format.ts";
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

type Plan = Outputs["plans"]["list"]["rows"][number];

const columns: Column<Plan>[] = [
  { id: "name", title: "Name", sort: "name", width: 170, cell: (plan) => plan.name },
  { id: "code", title: "Code", width: 130, cell: (plan) => <code class="font-mono">{plan.code}</code> },
  { id: "product", title: "Product", width: 150, cell: (plan) => plan.productName },
  { id: "type", title: "Type", width: 120, cell: (plan) => formatWord(plan.licenseType) },
  { id: "duration", title: "Lasts", width: 100, cell: (plan) => formatDuration(plan.duration) },
  {
    id: "machines",
    title: "Machines",
    width: 90,
    isNumber: true,
    cell: (plan) => formatNumber(plan.maxActivations),
  },
  { id: "users", title: "Users", width: 80, isNumber: true, cell: (plan) => formatNumber(plan.maxUsers) },
  {
    id: "features",
    title: "Features",
    width: 220,
    cell: (plan) => (
      <span class="font-mono text-xs" title={plan.features.join(", ")}>
        {plan.features.join(", ") || emptyValue}
      </span>
    ),
  },
  {
    id: "licenses",
    title: "Licenses",
    width: 90,
    isNumber: true,
    cell: (plan) => formatNumber(plan.licenses),
  },
  {
    id: "created",
    title: "Added",
    sort: "id",
    width: 140,
    isHidden: true,
    cell: (plan) => <Time at={plan.createdAt} />,
  },
];

const filters: Filter[] = [
  { name: "productId", title: "Product", kind: productSearch },
  { name: "deleted", title: "Deleted", kind: { options: [["true", "Deleted ones instead"]] } },
];

export function Plans() {
  const state = createListState("plans", filters.map(({ name }) => name));
  const plans = useApiQuery("plans", "list", () => {
    const { q, sort, cursor, filters: { productId, deleted } } = state.query();
    return {
      q,
      sort: sort as "name" ?? "name",
      cursor,
      productId: Number(productId) || undefined,
      deleted: deleted === "true" || undefined,
    };
  }, { keepPrevious: true });
  const add = () => (
    <ButtonLink
      href={withQuery(addresses.newPlan(), { productId: state.query().filters.productId })}
      variant="primary"
      disabledReason={missingRoleReason("manager")}
    >
      <AddIcon /> New plan
    </ButtonLink>
  );
  return (
    <Page
      title="Plans"
      state={plans.data &&
        `${formatTotal(plans.data)} ${plans.data.total === 1 ? "plan" : "plans"}${
          state.query().filters.deleted ? ", deleted" : ""
        }`}
      actions={add()}
    >
      <List
        one="plan"
        many="plans"
        state={state}
        rows={plans}
        columns={columns}
        filters={filters}
        defaultSort="name"
        searchedFields="name or code"
        href={({ id }) => addresses.plan(id)}
        exportHref={(format) => {
          const { q, sort, filters: { productId, deleted } } = state.query();
          return withQuery("/api/admin/plans/export", { format, q, sort, product_id: productId, deleted });
        }}
        empty={
          <Empty title="No plans yet" actions={add()}>
            A plan is a set of terms a product is sold under: how long a license lasts, on how many machines,
            with which features. New licenses take their terms from one.
          </Empty>
        }
      />
    </Page>
  );
}
