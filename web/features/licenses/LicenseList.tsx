// The licenses of a customer or a user, the newest first.
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatDay, formatDaysUntil, formatNumber, nothing } from "../../lib/format.ts";
import type { Inputs, Outputs } from "../../lib/trpc.ts";
import { LicenseState, licenseStates } from "./LicenseState.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createListState } from "../lists/list_state.ts";

export type License = Outputs["licenses"]["list"]["rows"][number];

const columns: Column<License>[] = [
  {
    id: "key",
    title: "Key",
    sort: "key",
    width: 190,
    cell: (license) => <span class="font-mono">{license.key}</span>,
  },
  { id: "state", title: "State", width: 120, cell: (license) => <LicenseState state={license.state} /> },
  {
    id: "product",
    title: "Product",
    width: 160,
    cell: (license) => [license.productName, license.planName].filter(Boolean).join(", "),
  },
  {
    id: "machines",
    title: "Machines",
    width: 90,
    isNumber: true,
    cell: (license) => `${formatNumber(license.activationsInUse)} / ${formatNumber(license.maxActivations)}`,
  },
  {
    id: "ends",
    title: "Ends",
    sort: "validUntil",
    width: 180,
    cell: (license) => (
      <Show when={license.validUntil} fallback={<span class="text-muted">without end</span>}>
        {(day) => (
          <>
            {formatDay(day())} <span class="text-muted">{formatDaysUntil(day())}</span>
          </>
        )}
      </Show>
    ),
  },
];

const customer: Column<License> = {
  id: "customer",
  title: "Customer",
  width: 130,
  cell: (license) => (
    <A href={addresses.customer(license.customerId)} class="hover:underline">{license.customerName}</A>
  ),
};

const user: Column<License> = {
  id: "user",
  title: "User",
  width: 180,
  isHidden: true,
  cell: (license) =>
    license.userId === null
      ? nothing
      : <A href={addresses.user(license.userId)} class="hover:underline">{license.userEmail}</A>,
};

const filters: Filter[] = [{
  name: "state",
  title: "State",
  kind: { options: Object.entries(licenseStates).map(([value, { title }]) => [value, title] as const) },
}];

export function LicenseList(
  props: {
    filter: Pick<Inputs["licenses"]["list"], "customerId" | "userId">;
    /** Columns beside the usual ones. */
    more?: Column<License>[];
    empty: JSX.Element;
  },
) {
  const isOfUser = () => props.filter.userId !== undefined;
  const state = createListState(isOfUser() ? "licenses of user" : "licenses of customer", ["state"]);
  const query = () => {
    const { q, sort, filters } = state.query();
    return { q, sort: sort as "id", state: filters.state as "active", ...props.filter };
  };
  const licenses = useApiQuery("licenses", "list", () => ({ ...query(), cursor: state.query().cursor }), {
    keepPrevious: true,
  });
  return (
    <List
      one="license"
      many="licenses"
      state={state}
      rows={licenses}
      columns={[...columns, isOfUser() ? customer : user, ...props.more ?? []]}
      filters={filters}
      searchedFields="key"
      href={({ id }) => addresses.license(id)}
      exportHref={(format) => {
        const { customerId, userId, ...rest } = query();
        return withQuery("/api/admin/licenses/export", {
          format,
          ...rest,
          sort: undefined,
          customer_id: customerId,
          user_id: userId,
        });
      }}
      empty={props.empty}
    />
  );
}
