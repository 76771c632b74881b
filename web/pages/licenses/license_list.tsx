// The columns and filters of the list of licenses.
import { deletedFilter } from "../../features/deletion/deleted_filter.ts";
import { createdFilter } from "../../features/lists/created_filter.ts";
import { meterLevelTitles } from "../../features/meters/meter_labels.ts";
import { metadataFilter } from "../../features/metadata/metadata.ts";
import { tagColumn, tagFilter } from "../../features/tags/Tags.tsx";
import type { ListInput } from "../../features/lists/use_list.ts";
import { emptyValue, formatWord } from "../../lib/format.ts";
import { customerSearch, planSearch, productSearch, userSearch } from "../../features/pickers/searches.ts";
import { CopyKey } from "../../features/licenses/CopyKey.tsx";
import type { ListedLicense } from "../../features/licenses/LicenseTable.tsx";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { LicenseState, licenseStates } from "../../features/licenses/LicenseState.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Time } from "../../ui/Time.tsx";
import { UsageBar } from "../../ui/UsageBar.tsx";
import { ExpiryDate } from "../../features/licenses/ExpiryDate.tsx";

export const licenseTypes = [
  ["perpetual", "Perpetual"],
  ["subscription", "Subscription"],
  ["trial", "Trial"],
] as const;

export const columns: Column<ListedLicense>[] = [
  {
    id: "key",
    title: "Key",
    sort: "key",
    width: 230,
    minWidth: 200,
    priority: 2,
    cell: ({ key }) => <LicenseKey text={key} />,
    beside: ({ key }) => <CopyKey text={key} class="ml-1 align-middle touch:size-8" />,
  },
  {
    id: "customer",
    title: "Customer",
    isText: true,
    width: 200,
    minWidth: 104,
    priority: 2,
    cell: ({ customerName }) => customerName,
  },
  {
    id: "state",
    title: "Status",
    width: 130,
    minWidth: 120,
    cell: ({ state }) => <LicenseState state={state} />,
  },
  {
    id: "until",
    title: "Expires",
    sort: "validUntil",
    width: 220,
    minWidth: 170,
    priority: 2,
    cell: (license) => <ExpiryDate license={license} />,
  },
  {
    id: "machines",
    title: "Activations",
    width: 130,
    minWidth: 100,
    cell: ({ activationsInUse, maxActivations }) => (
      <UsageBar used={activationsInUse} limit={maxActivations} />
    ),
  },
  {
    id: "product",
    title: "Product",
    isText: true,
    width: 150,
    minWidth: 86,
    priority: 0,
    cell: ({ productName }) => productName,
  },
  {
    id: "plan",
    title: "Plan",
    isText: true,
    width: 110,
    minWidth: 70,
    priority: 0,
    cell: ({ planName }) => planName ?? emptyValue,
  },
  { id: "type", title: "Type", width: 120, minWidth: 104, priority: 0, cell: ({ type }) => formatWord(type) },
  {
    id: "user",
    title: "User",
    isText: true,
    width: 190,
    isHidden: true,
    cell: ({ userEmail }) => userEmail ?? emptyValue,
  },
  {
    id: "created",
    title: "Created",
    sort: "id",
    width: 130,
    minWidth: 90,
    priority: 0,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  tagColumn,
  {
    id: "updated",
    title: "Updated",
    sort: "updatedAt",
    width: 130,
    isHidden: true,
    cell: ({ updatedAt }) => <Time at={updatedAt} />,
  },
];

export const filters: Filter[] = [
  {
    name: "state",
    title: "Status",
    kind: { options: Object.entries(licenseStates).map(([state, { title }]) => [state, title] as const) },
  },
  { name: "customerId", title: "Customer", kind: customerSearch },
  { name: "productId", title: "Product", kind: productSearch },
  { name: "planId", title: "Plan", kind: planSearch() },
  { name: "type", title: "Type", kind: { options: licenseTypes } },
  {
    name: "overLimit",
    title: "Activations",
    kind: { options: [["true", "Over limit"], ["false", "Within limit"]] },
  },
  { name: "usage", title: "Metered use", kind: { options: meterLevelTitles } },
  { name: "userId", title: "User", kind: userSearch },
  {
    name: "expires",
    title: "Expires",
    kind: { from: "endsFrom", until: "endsBy", unit: "day", direction: "future" },
  },
  { name: "entitlement", title: "Entitlement", kind: "text" },
  tagFilter,
  metadataFilter,
  { name: "customerMetadata", title: "Customer metadata (key:value)", kind: "text" },
  { name: "planMetadata", title: "Plan metadata (key:value)", kind: "text" },
  createdFilter,
  { name: "jobId", title: "Created by job", kind: "text" },
  deletedFilter,
];

/** The id of a job is typed as text. */
export function prepare({ jobId, ...input }: ListInput): ListInput {
  return { ...input, jobId: jobId === undefined ? undefined : Number(jobId) };
}
