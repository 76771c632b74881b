// Machines in a list: all of them, or those of one customer or user. One that has just been activated is marked.
import { type JSX, mergeProps } from "solid-js";
import { withQuery } from "../../addresses.ts";
import { useAnswer } from "../../lib/answers.ts";
import { onEvent } from "../../lib/live.ts";
import { customerSearch, licenseSearch, productSearch } from "../../lib/searches.ts";
import type { Inputs } from "../../lib/trpc.ts";
import { Empty } from "../../ui/Empty.tsx";
import { createArrivals } from "../../ui/list/arrivals.ts";
import { List } from "../../ui/list/List.tsx";
import type { Filter } from "../../ui/list/list.ts";
import { createListState } from "../../ui/list/state.ts";
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

type Whose = Pick<Inputs["devices"]["list"], "customerId" | "userId">;

/** How a list of machines is asked for, read from the address. */
export function createDeviceAsk(whose: Whose, name = "devices") {
  const shown = filters.filter(({ name }) => !(name in whose));
  const state = createListState(name, shown.map(({ name }) => name));
  const asked = (): Inputs["devices"]["list"] => {
    const { q, sort, filters: { active, customerId, licenseId, productId, appVersion } } = state.asked();
    return {
      q,
      sort: sort as "id",
      isActive: active === undefined ? undefined : active === "true",
      customerId: idOf(customerId),
      licenseId: idOf(licenseId),
      productId: idOf(productId),
      appVersion,
      ...whose,
    };
  };
  return { state, asked, filters: shown };
}

/** An id of the address. What is none is asked for as it stands, and refused in words. */
const idOf = (text: string | undefined) => text === undefined ? undefined : Number(text);

export function DeviceList(
  given: {
    ask: ReturnType<typeof createDeviceAsk>;
    /** Columns that say nothing new here. */
    without?: string[];
    empty?: JSX.Element;
  },
) {
  const props = mergeProps({ without: [] as string[] }, given);
  const { state, asked, filters } = props.ask;
  const devices = useAnswer("devices", "list", () => ({ ...asked(), cursor: state.asked().cursor }), {
    keep: true,
    // Signs of life are no events.
    every: 60_000,
  });
  const arrivals = createArrivals();
  onEvent(({ type, activationId }) => {
    if (type === "license.activated" && activationId !== null) arrivals.mark(activationId);
  });
  return (
    <List
      one="device"
      many="devices"
      state={state}
      rows={devices}
      columns={deviceColumns.filter(({ id }) => !props.without.includes(id))}
      filters={filters}
      looksIn="machine or fingerprint"
      arrived={arrivals.has}
      exportHref={(format) => {
        const { isActive, customerId, userId, licenseId, productId, appVersion, q, sort } = asked();
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
