// The drawer with one device of the license: its state and details, and what can be done about it.
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { deviceChanges } from "../../../server/domain/devices/inputs.ts";
import { EditCard } from "../../features/details/EditCard.tsx";
import { MetadataField } from "../../features/metadata/MetadataField.tsx";
import { missingRoleReason } from "../../features/account/session.ts";
import { activateDevice, deactivateDevice, deviceName } from "../../features/devices/device_actions.ts";
import { LicenseFileCard } from "../../features/license_files/LicenseFileCard.tsx";
import { RecentRequests } from "../../features/api_requests/RecentRequests.tsx";
import { DeviceState } from "../../features/devices/DeviceState.tsx";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { toast } from "../../ui/Toasts.tsx";
import { DeviceComponents } from "./DeviceComponents.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code } from "../../ui/Code.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Time } from "../../ui/Time.tsx";

export function DeviceDrawer(props: { id: number; close(): void }) {
  const device = useApiQuery("devices", "get", () => ({ id: props.id }));
  return (
    <Dialog
      variant="drawer"
      title={device.data ? deviceName(device.data) : "Device"}
      isOpen
      close={props.close}
    >
      <QueryBoundary query={device} lines={6}>
        {(device) => <DeviceDetails device={device()} />}
      </QueryBoundary>
    </Dialog>
  );
}

function DeviceDetails(props: { device: Outputs["devices"]["get"] }) {
  const disabledReason = () => missingRoleReason("manager");
  return (
    <div class="flex flex-col gap-5">
      <DetailList
        items={[
          ["State", <DeviceState device={props.device} />],
          ["App version", <>{props.device.appVersion ?? emptyValue}</>],
          ["Last heartbeat", <Time at={props.device.lastHeartbeat} />],
          ...props.device.leaseEnds
            ? [["Lapses", <Time at={props.device.leaseEnds} />] satisfies [string, JSX.Element]]
            : [],
          ["Activated", <Time at={props.device.activatedAt} />],
          ["Deactivated", <Time at={props.device.deactivatedAt} />],
          [
            "Customer",
            <A href={addresses.customer(props.device.customerId)} class="hover:underline">
              {props.device.customerName}
            </A>,
          ],
          [
            "Product",
            <A href={addresses.product(props.device.productId)} class="hover:underline">
              {props.device.productName}
            </A>,
          ],
          ["Fingerprint", <Code text={props.device.hardwareId} label="the fingerprint" />],
        ]}
      />
      <LicenseFileCard device={props.device} />
      <EditCard
        title="Metadata"
        verb="Save metadata"
        form={{
          kind: "devices",
          object: () => props.device,
          valuesOf: ({ metadata }) => ({ metadata }),
          schema: deviceChanges,
          draft: `device/${props.device.id}/metadata`,
          saved: () => toast(`${deviceName(props.device)} saved.`),
        }}
      >
        {(form) => <MetadataField form={form} canBePublic />}
      </EditCard>
      <DeviceComponents id={props.device.id} />
      <Card title="API requests" flush>
        <RecentRequests filter={{ activationId: props.device.id }} />
      </Card>
      <div class="flex justify-end">
        <Show
          when={props.device.isActive}
          fallback={
            <Button disabledReason={disabledReason()} onClick={() => activateDevice(props.device)}>
              Reactivate
            </Button>
          }
        >
          <Button
            variant="danger"
            disabledReason={disabledReason()}
            onClick={() => deactivateDevice(props.device)}
          >
            Deactivate
          </Button>
        </Show>
      </div>
    </div>
  );
}
