// All machines of all licenses, as they come.
import { Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatTotal } from "../../lib/format.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { SessionsIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { createDeviceQuery, DeviceList } from "../../features/devices/DeviceList.tsx";

export function Devices() {
  const ask = createDeviceQuery({});
  const all = useApiQuery("devices", "list", () => ({ limit: 1 }));
  const holding = useApiQuery("devices", "list", () => ({ isActive: true, limit: 1 }));
  return (
    <Page
      title="Devices"
      state={
        <Show when={all.data && holding.data}>
          {formatTotal(all.data!)} {all.data!.total === 1 ? "device" : "devices"},{" "}
          {formatTotal(holding.data!)} holding a place. New ones appear by themselves.
        </Show>
      }
      actions={
        <ButtonLink href={addresses.sessions()}>
          <SessionsIcon /> Sessions
        </ButtonLink>
      }
    >
      <DeviceList query={ask} />
    </Page>
  );
}
