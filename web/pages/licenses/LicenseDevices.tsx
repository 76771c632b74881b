// The machines of a license, including deactivated ones. New activations appear at once and are marked.
import { useList } from "../../features/lists/use_list.ts";
import { createSignal, Show } from "solid-js";
import { emptyValue } from "../../lib/format.ts";
import { onEvent } from "../../features/events/live_events.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { activateDevice, deactivateDevice } from "../../features/devices/device_actions.ts";
import { DeviceState } from "../../features/devices/DeviceState.tsx";
import { Button } from "../../ui/Button.tsx";
import { Code } from "../../ui/Code.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { createNewRows } from "../../ui/list/new_rows.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Time } from "../../ui/Time.tsx";
import { type Device, deviceLabel, type License } from "./license_actions.ts";
import { RegisterDeviceDialog } from "./RegisterDeviceDialog.tsx";
import { useMachine } from "./LicenseCheck.tsx";

const filters: Filter[] = [
  {
    name: "isActive",
    title: "Status",
    kind: { options: [["true", "Active"], ["false", "Deactivated"]] },
  },
];

export function LicenseDevices(props: { license: License }) {
  const [isRegistering, setIsRegistering] = createSignal(false);
  const [, setMachine] = useMachine();
  const list = useList("devices", {
    filters,
    name: "license_devices",
    fixed: { licenseId: props.license.id },
    exportPath: null,
  });
  const newRows = createNewRows();
  onEvent(({ type, licenseId, activationId }) => {
    if (type === "license.activated" && licenseId === props.license.id) newRows.mark(activationId!);
  });
  const disabledReason = () =>
    props.license.deletedAt ? "Restore the license first." : missingRoleReason("manager");
  const register = () => (
    <Button disabledReason={disabledReason()} onClick={() => setIsRegistering(true)}>
      <AddIcon /> Add device
    </Button>
  );
  const columns: Column<Device>[] = [
    {
      id: "machine",
      title: "Device",
      isText: true,
      width: 140,
      cell: (device) => device.machineName ?? emptyValue,
    },
    {
      id: "state",
      title: "Status",
      width: 120,
      cell: (device) => <DeviceState device={device} />,
    },
    { id: "seen", title: "Last seen", width: 100, cell: (device) => <Time at={device.lastHeartbeat} /> },
    ...props.license.machineLease
      ? [{
        id: "lapses",
        title: "Lapses",
        width: 90,
        cell: (device: Device) => <Time at={device.leaseEnds} />,
      }]
      : [],
    {
      id: "version",
      title: "Version",
      isText: true,
      width: 70,
      cell: (device) => device.appVersion ?? emptyValue,
    },
    {
      id: "hash",
      title: "Fingerprint",
      isText: true,
      width: 110,
      cell: (device) => (
        <Code text={device.hardwareId} label={`the fingerprint of ${deviceLabel(device)}`} short />
      ),
    },
    {
      id: "activated",
      title: "Activated",
      sort: "id",
      width: 120,
      isHidden: true,
      cell: (device) => <Time at={device.activatedAt} />,
    },
    {
      id: "acts",
      title: "Actions",
      width: 190,
      isActions: true,
      cell: (device) => (
        <span class="flex gap-1">
          <Button variant="quiet" about={deviceLabel(device)} onClick={() => setMachine(device.hardwareId)}>
            Check
          </Button>
          <Show
            when={device.isActive}
            fallback={
              <Button
                variant="quiet"
                about={deviceLabel(device)}
                disabledReason={disabledReason()}
                onClick={() => activateDevice(device)}
              >
                Reactivate
              </Button>
            }
          >
            <Button
              variant="quiet"
              about={deviceLabel(device)}
              disabledReason={disabledReason()}
              onClick={() => deactivateDevice(device)}
            >
              Deactivate
            </Button>
          </Show>
        </span>
      ),
    },
  ];
  return (
    <div class="flex min-w-0 flex-col gap-3">
      <div class="flex justify-end">{register()}</div>
      <List
        {...list}
        one="device"
        many="devices"
        columns={columns}
        searchedFields="name or fingerprint"
        isNew={newRows.has}
        empty={
          <Empty title="No devices yet" actions={register()}>
            Devices appear here when they activate this license.
          </Empty>
        }
      />
      <RegisterDeviceDialog
        licenseId={props.license.id}
        isOpen={isRegistering()}
        close={() => setIsRegistering(false)}
      />
    </div>
  );
}
