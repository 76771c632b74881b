// A list of machines: all of them, or those of one customer or user. Newly activated machines are marked.
import type { JSX } from "solid-js";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Filter } from "../../ui/list/list.ts";
import { metadataFilter } from "../metadata/metadata.ts";
import { createNewRows } from "../../ui/list/new_rows.ts";
import { onEvent } from "../events/live_events.ts";
import { useList } from "../lists/use_list.ts";
import { customerSearch, licenseSearch, productSearch } from "../pickers/searches.ts";
import { deviceColumns } from "./device_columns.tsx";

const filters: Filter[] = [
  {
    name: "isActive",
    title: "Status",
    kind: { options: [["true", "Active"], ["false", "Deactivated"]] },
  },
  { name: "customerId", title: "Customer", kind: customerSearch },
  { name: "licenseId", title: "License", kind: licenseSearch },
  { name: "productId", title: "Product", kind: productSearch },
  { name: "appVersion", title: "Version", kind: "text" },
  metadataFilter,
  {
    name: "activated",
    title: "Activated",
    kind: { from: "activatedSince", until: "activatedUntil", unit: "instant", direction: "past" },
  },
];

/** Hidden at first beside another column of a page, for which they are too many. */
const hiddenBeside = ["activated", "fingerprint"];

/** Heartbeats are no events, so "last heartbeat" is refetched. */
const REFETCH_MS = 60_000;

/**
 * @param props.owner whose machines are listed; everybody's by default
 * @param props.without ids of columns to leave out
 * @param props.empty shown when there are none
 */
export function DeviceList(
  props: {
    owner?: { customerId: number } | { userId: number };
    without?: string[];
    empty?: JSX.Element;
  },
) {
  const owner = props.owner ?? {};
  const list = useList("devices", {
    filters: filters.filter(({ name }) => !(name in owner)),
    name: props.owner && ("userId" in owner ? "devices of user" : "devices of customer"),
    fixed: owner,
    refetchInterval: REFETCH_MS,
  });
  const columns = deviceColumns.filter(({ id }) => !props.without?.includes(id)).map((column) =>
    props.owner && hiddenBeside.includes(column.id) ? { ...column, isHidden: true } : column
  );
  const newRows = createNewRows();
  onEvent(({ type, activationId }) => {
    if (type === "license.activated" && activationId !== null) newRows.mark(activationId);
  });
  return (
    <List
      {...list}
      one="device"
      many="devices"
      columns={columns}
      searchedFields="device or fingerprint"
      shortTextAtStart
      isNew={newRows.has}
      empty={props.empty ?? (
        <Empty title="No devices yet">
          Devices appear here when they activate a license.
        </Empty>
      )}
    />
  );
}
