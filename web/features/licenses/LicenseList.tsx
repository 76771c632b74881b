// The licenses of one customer or user, newest first.
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue, formatNumber } from "../../lib/format.ts";
import type { Column, Filter } from "../../ui/list/list.ts";
import { useList } from "../lists/use_list.ts";
import { CopyKey } from "./CopyKey.tsx";
import { ExpiryDate } from "./ExpiryDate.tsx";
import { LicenseKey } from "./LicenseKey.tsx";
import { LicenseState, licenseStates } from "./LicenseState.tsx";
import { LicenseTable, type ListedLicense } from "./LicenseTable.tsx";

export type License = ListedLicense;

const columns: Column<License>[] = [
  {
    id: "key",
    title: "Key",
    sort: "key",
    width: 230,
    cell: (license) => <LicenseKey text={license.key} />,
    beside: ({ key }) => <CopyKey text={key} class="ml-1 align-middle touch:size-8" />,
  },
  { id: "state", title: "Status", width: 120, cell: (license) => <LicenseState state={license.state} /> },
  {
    id: "product",
    title: "Product",
    isText: true,
    width: 160,
    cell: (license) => [license.productName, license.planName].filter(Boolean).join(", "),
  },
  {
    id: "machines",
    title: "Activations",
    width: 90,
    isNumber: true,
    cell: (license) => `${formatNumber(license.activationsInUse)} / ${formatNumber(license.maxActivations)}`,
  },
  {
    id: "ends",
    title: "Expires",
    sort: "validUntil",
    width: 180,
    cell: (license) => <ExpiryDate license={license} />,
  },
];

const customer: Column<License> = {
  id: "customer",
  title: "Customer",
  isText: true,
  width: 130,
  cell: (license) => (
    <A href={addresses.customer(license.customerId)} class="hover:underline">{license.customerName}</A>
  ),
};

const user: Column<License> = {
  id: "user",
  title: "User",
  isText: true,
  width: 180,
  isHidden: true,
  cell: (license) =>
    license.userId === null
      ? emptyValue
      : <A href={addresses.user(license.userId)} class="hover:underline">{license.userEmail}</A>,
};

const filters: Filter[] = [{
  name: "state",
  title: "Status",
  kind: { options: Object.entries(licenseStates).map(([value, { title }]) => [value, title] as const) },
}];

/**
 * @param props.owner whose licenses are listed
 * @param props.more further columns
 * @param props.empty shown when there are none
 */
export function LicenseList(
  props: {
    owner: { customerId: number } | { userId: number };
    more?: Column<License>[];
    empty: JSX.Element;
  },
) {
  const isOfUser = "userId" in props.owner;
  const list = useList("licenses", {
    filters,
    name: isOfUser ? "licenses of user" : "licenses of customer",
    fixed: props.owner,
  });
  return (
    <LicenseTable
      list={list}
      name={`licenses ${JSON.stringify(props.owner)}`}
      columns={[...columns, isOfUser ? customer : user, ...props.more ?? []]}
      searchedFields="key"
      empty={props.empty}
    />
  );
}
