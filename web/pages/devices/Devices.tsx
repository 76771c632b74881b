// The list of all machines.
import { Show } from "solid-js";
import { missingRoleReason } from "../../features/account/session.ts";
import { DeviceList } from "../../features/devices/DeviceList.tsx";
import { addresses } from "../../lib/addresses.ts";
import { formatTotal, formatTotalOf } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { DevicesIcon, ImportIcon, SessionsIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";

export function Devices() {
  const all = useApiQuery("devices", "list", () => ({ limit: 1 }));
  const active = useApiQuery("devices", "list", () => ({ isActive: true, limit: 1 }));
  return (
    <Page
      title="Devices"
      state={
        <Show when={all.data && active.data}>
          {formatTotalOf(all.data!, "device")}
          {" · "}
          {formatTotal(active.data!)} active
        </Show>
      }
      actions={
        <>
          <ButtonLink href={addresses.importDevices()} disabledReason={missingRoleReason("manager")}>
            <ImportIcon /> Import
          </ButtonLink>
          <ButtonLink href={addresses.offlineActivation()}>
            <DevicesIcon /> Offline activation
          </ButtonLink>
          <ButtonLink href={addresses.sessions()}>
            <SessionsIcon /> Sessions
          </ButtonLink>
        </>
      }
    >
      <DeviceList />
    </Page>
  );
}
