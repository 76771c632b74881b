// The licenses of a customer or a user, the newest first.
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { addresses, withQuery } from "../addresses.ts";
import { useAnswer } from "../lib/answers.ts";
import { formatDay, formatDaysUntil, formatNumber, nothing } from "../lib/format.ts";
import type { Inputs, Outputs } from "../lib/trpc.ts";
import { LicenseState, licenseStates } from "./LicenseState.tsx";
import { List } from "./list/List.tsx";
import type { Column, Filter } from "./list/list.ts";
import { createListState } from "./list/state.ts";

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

export function LicensesOf(
  props: {
    whose: Pick<Inputs["licenses"]["list"], "customerId" | "userId">;
    /** Columns beside the usual ones. */
    more?: Column<License>[];
    empty: JSX.Element;
  },
) {
  const isOfUser = () => props.whose.userId !== undefined;
  const state = createListState(isOfUser() ? "licenses of user" : "licenses of customer", ["state"]);
  const asked = () => {
    const { q, sort, filters } = state.asked();
    return { q, sort: sort as "id", state: filters.state as "active", ...props.whose };
  };
  const licenses = useAnswer("licenses", "list", () => ({ ...asked(), cursor: state.asked().cursor }), {
    keep: true,
  });
  return (
    <List
      one="license"
      many="licenses"
      state={state}
      rows={licenses}
      columns={[...columns, isOfUser() ? customer : user, ...props.more ?? []]}
      filters={filters}
      looksIn="key"
      href={({ id }) => addresses.license(id)}
      exportHref={(format) => {
        const { customerId, userId, ...rest } = asked();
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
