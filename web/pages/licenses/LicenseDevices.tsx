// The machines of a license, freed ones too. One that activates is there within a second, marked.
import { createSignal, Show } from "solid-js";
import { useAnswer } from "../../lib/answers.ts";
import { nothing } from "../../lib/format.ts";
import { onEvent } from "../../lib/live.ts";
import { whyNot } from "../../lib/session.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Code } from "../../ui/Code.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { createArrivals } from "../../ui/list/arrivals.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createListState } from "../../ui/list/state.ts";
import { Time } from "../../ui/Time.tsx";
import { type Device, freeMachine, type License, registerMachine } from "./license_acts.ts";
import { RegisterDevice } from "./RegisterDevice.tsx";
import { useMachine } from "./Why.tsx";

const filters: Filter[] = [
  {
    name: "isActive",
    title: "State",
    kind: { options: [["true", "Holding a place"], ["false", "Freed"]] },
  },
];

export function LicenseDevices(props: { license: License }) {
  const [isRegistering, setIsRegistering] = createSignal(false);
  const [, setMachine] = useMachine();
  const state = createListState("license_devices", ["isActive"]);
  const devices = useAnswer("devices", "list", () => {
    const { q, sort, cursor, filters } = state.asked();
    return {
      licenseId: props.license.id,
      q,
      sort: sort as "id",
      cursor,
      isActive: filters.isActive === undefined ? undefined : filters.isActive === "true",
    };
  }, { keep: true });
  const arrivals = createArrivals();
  onEvent(({ type, licenseId, activationId }) => {
    if (type === "license.activated" && licenseId === props.license.id) arrivals.mark(activationId!);
  });
  const why = () => props.license.deletedAt ? "Restore the license first." : whyNot("manager");
  const register = () => (
    <Button why={why()} onClick={() => setIsRegistering(true)}>
      <AddIcon /> Register a machine
    </Button>
  );
  const columns: Column<Device>[] = [
    { id: "machine", title: "Machine", width: 140, cell: (device) => device.machineName ?? nothing },
    {
      id: "state",
      title: "State",
      width: 100,
      cell: (device) => (
        <Show when={device.isActive} fallback={<Badge tone="off">Freed</Badge>}>
          <Badge tone="good">Active</Badge>
        </Show>
      ),
    },
    { id: "seen", title: "Last seen", width: 100, cell: (device) => <Time at={device.lastHeartbeat} /> },
    { id: "version", title: "Version", width: 70, cell: (device) => device.appVersion ?? nothing },
    {
      id: "hash",
      title: "Hardware hash",
      width: 110,
      cell: (device) => <Code text={device.hardwareId} what="the hardware hash" short />,
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
          <Button look="quiet" onClick={() => setMachine(device.hardwareId)}>Why?</Button>
          <Show
            when={device.isActive}
            fallback={
              <Button
                look="quiet"
                why={why()}
                onClick={() =>
                  void registerMachine({
                    licenseId: device.licenseId,
                    hardwareHash: device.hardwareId,
                    machineName: device.machineName,
                    appVersion: device.appVersion,
                  })}
              >
                Let in again
              </Button>
            }
          >
            <Button look="quiet" why={why()} onClick={() => void freeMachine(device)}>Deactivate</Button>
          </Show>
        </span>
      ),
    },
  ];
  return (
    <div class="flex min-w-0 flex-col gap-3">
      <div class="flex justify-end">{register()}</div>
      <List
        one="device"
        many="devices"
        state={state}
        rows={devices}
        columns={columns}
        filters={filters}
        looksIn="name or hash"
        arrived={arrivals.has}
        empty={
          <Empty title="No machine yet" actions={register()}>
            The first one appears here the moment its app activates the key.
          </Empty>
        }
      />
      <RegisterDevice
        licenseId={props.license.id}
        isOpen={isRegistering()}
        close={() => setIsRegistering(false)}
      />
    </div>
  );
}
