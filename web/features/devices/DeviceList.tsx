// Machines in a list: all of them, or those of one customer or user. One that has just been activated is marked.
import { type JSX, mergeProps } from "solid-js";
import { withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { onEvent } from "../events/live_events.ts";
import { customerSearch, licenseSearch, productSearch } from "../pickers/searches.ts";
import type { Inputs } from "../../lib/trpc.ts";
import { Empty } from "../../ui/Empty.tsx";
import { createNewRows } from "../../ui/list/new_rows.ts";
import { List } from "../../ui/list/List.tsx";
import type { Filter } from "../../ui/list/list.ts";
import { createListState } from "../lists/list_state.ts";
import { deviceColumns } from "./device_columns.tsx";

const filters: Filter[] = [
  {
    name: "active",
    title: "State",
    kind: { options: [["true", "Holding a place"], ["false", "Freed"]] },
  },
  { name: "customerId", title: "Customer", kind: customerSearch },
  { name: "licenseId", title: "License", kind: licenseSearch },
  { name: "productId", title: "Product", kind: productSearch },
  { name: "appVersion", title: "Version", kind: "text" },
];

type Owner = Pick<Inputs["devices"]["list"], "customerId" | "userId">;

/** How a list of machines is asked for, read from the address. */
export function createDeviceQuery(owner: Owner, name = "devices") {
  const shown = filters.filter(({ name }) => !(name in owner));
  const state = createListState(name, shown.map(({ name }) => name));
  const query = (): Inputs["devices"]["list"] => {
    const { q, sort, filters: { active, customerId, licenseId, productId, appVersion } } = state.query();
    return {
      q,
      sort: sort as "id",
      isActive: active === undefined ? undefined : active === "true",
      customerId: idOf(customerId),
      licenseId: idOf(licenseId),
      productId: idOf(productId),
      appVersion,
      ...owner,
    };
  };
  return { state, query, filters: shown };
}

/** An id of the address. What is none is asked for as it stands, and refused in words. */
const idOf = (text: string | undefined) => text === undefined ? undefined : Number(text);

export function DeviceList(
  given: {
    query: ReturnType<typeof createDeviceQuery>;
    /** Columns that say nothing new here. */
    without?: string[];
    empty?: JSX.Element;
  },
) {
  const props = mergeProps({ without: [] as string[] }, given);
  const { state, query, filters } = props.query;
  const devices = useApiQuery("devices", "list", () => ({ ...query(), cursor: state.query().cursor }), {
    keepPrevious: true,
    // Signs of life are no events.
    refetchInterval: 60_000,
  });
  const newRows = createNewRows();
  onEvent(({ type, activationId }) => {
    if (type === "license.activated" && activationId !== null) newRows.mark(activationId);
  });
  return (
    <List
      one="device"
      many="devices"
      state={state}
      rows={devices}
      columns={deviceColumns.filter(({ id }) => !props.without.includes(id))}
      filters={filters}
      searchedFields="machine or fingerprint"
      isNew={newRows.has}
      exportHref={(format) => {
        const { isActive, customerId, userId, licenseId, productId, appVersion, q, sort } = query();
        return withQuery("/api/admin/devices/export", {
          format,
          q,
          sort,
          is_active: isActive,
          customer_id: customerId,
          user_id: userId,
          license_id: licenseId,
          product_id: productId,
          app_version: appVersion,
        });
      }}
      empty={given.empty ?? (
        <Empty title="No devices yet">
          A machine appears here the moment its app activates a license.
        </Empty>
      )}
    />
  );
}
