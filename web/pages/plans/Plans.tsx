// The list of plans.
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { deletedFilter } from "../../features/deletion/deleted_filter.ts";
import { CountedLicenses } from "../../features/licenses/CountedLicenses.tsx";
import { useList } from "../../features/lists/use_list.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { emptyValue, formatDuration, formatNumber, formatTotalOf, formatWord } from "../../lib/format.ts";
import { productSearch } from "../../features/pickers/searches.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

type Plan = Outputs["plans"]["list"]["rows"][number];

const columns: Column<Plan>[] = [
  { id: "name", title: "Name", isText: true, sort: "name", width: 170, cell: (plan) => plan.name },
  {
    id: "code",
    title: "Code",
    isText: true,
    width: 130,
    cell: (plan) => <code class="font-mono">{plan.code}</code>,
  },
  { id: "product", title: "Product", isText: true, width: 150, cell: (plan) => plan.productName },
  { id: "type", title: "Type", width: 120, cell: (plan) => formatWord(plan.licenseType) },
  { id: "duration", title: "Duration", width: 100, cell: (plan) => formatDuration(plan.duration) },
  {
    id: "machines",
    title: "Activation limit",
    width: 115,
    isNumber: true,
    cell: (plan) => formatNumber(plan.maxActivations),
  },
  {
    id: "users",
    title: "Concurrent users",
    width: 125,
    isNumber: true,
    cell: (plan) => formatNumber(plan.maxUsers),
  },
  {
    id: "features",
    title: "Features",
    isText: true,
    width: 150,
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
    cell: (plan) => <CountedLicenses {...plan} />,
  },
  {
    id: "created",
    title: "Created",
    sort: "id",
    width: 140,
    isHidden: true,
    cell: (plan) => <Time at={plan.createdAt} />,
  },
];

const filters: Filter[] = [
  { name: "productId", title: "Product", kind: productSearch },
  deletedFilter,
];

export function Plans() {
  const list = useList("plans", { filters, defaultSort: "name" });
  const create = () => (
    <CreateLink href={withQuery(addresses.newPlan(), { productId: list.input().productId })}>
      New plan
    </CreateLink>
  );
  return (
    <Page
      title="Plans"
      state={list.rows.data &&
        `${formatTotalOf(list.rows.data, "plan")}${list.input().deleted ? " · deleted" : ""}`}
      actions={create()}
    >
      <List
        {...list}
        one="plan"
        many="plans"
        columns={columns}
        searchedFields="name or code"
        href={({ id }) => addresses.plan(id)}
        empty={
          <Empty title="No plans yet" actions={create()}>
            A plan sets the default terms of new licenses: duration, activation limit and features.
          </Empty>
        }
      />
    </Page>
  );
}
