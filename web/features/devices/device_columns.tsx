// The columns of device lists.
import { A } from "@solidjs/router";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue } from "../../lib/format.ts";
import { missingRoleReason } from "../account/session.ts";
import { describeMetadata } from "../metadata/metadata.ts";
import { LicenseKey } from "../licenses/LicenseKey.tsx";
import { Code } from "../../ui/Code.tsx";
import { LicensesIcon, MoreIcon, OffIcon, RestoreIcon } from "../../ui/icons.ts";
import type { Column } from "../../ui/list/list.ts";
import { Menu } from "../../ui/Menu.tsx";
import { Time } from "../../ui/Time.tsx";
import { activateDevice, deactivateDevice, type Device, deviceName } from "./device_actions.ts";
import { DeviceState } from "./DeviceState.tsx";

/** A device may be on several licenses. */
const nameWithLicense = (device: Device) => `${deviceName(device)}, license ${device.licenseKey}`;

export const deviceColumns: Column<Device>[] = [
  {
    id: "machine",
    title: "Device",
    isText: true,
    width: 180,
    minWidth: 120,
    priority: 2,
    cell: (device) => deviceName(device),
  },
  {
    id: "state",
    title: "Status",
    width: 130,
    minWidth: 120,
    priority: 2,
    cell: (device) => <DeviceState device={device} />,
  },
  {
    id: "license",
    title: "License",
    width: 190,
    minWidth: 166,
    priority: 2,
    cell: (device) => (
      <A href={addresses.license(device.licenseId)} class="hover:underline">
        <LicenseKey text={device.licenseKey} />
      </A>
    ),
  },
  {
    id: "customer",
    title: "Customer",
    isText: true,
    width: 170,
    minWidth: 100,
    cell: (device) => (
      <A href={addresses.customer(device.customerId)} class="hover:underline">{device.customerName}</A>
    ),
  },
  {
    id: "product",
    title: "Product",
    isText: true,
    width: 140,
    minWidth: 84,
    priority: 0,
    cell: (device) => (
      <A href={addresses.product(device.productId)} class="hover:underline">{device.productName}</A>
    ),
  },
  {
    id: "version",
    title: "Version",
    isText: true,
    width: 100,
    minWidth: 72,
    priority: 0,
    cell: (device) => device.appVersion ?? emptyValue,
  },
  {
    id: "seen",
    title: "Last seen",
    width: 130,
    minWidth: 106,
    cell: (device) => <Time at={device.lastHeartbeat} />,
  },
  {
    id: "activated",
    title: "Activated",
    width: 130,
    minWidth: 104,
    priority: 0,
    cell: (device) => <Time at={device.activatedAt} />,
  },
  {
    id: "fingerprint",
    title: "Fingerprint",
    isText: true,
    width: 160,
    minWidth: 112,
    priority: 0,
    cell: (device) => (
      <Code text={device.hardwareId} label={`the fingerprint of ${nameWithLicense(device)}`} short />
    ),
  },
  {
    id: "metadata",
    title: "Metadata",
    isText: true,
    width: 200,
    isHidden: true,
    cell: (device) => describeMetadata(device.metadata),
  },
  {
    id: "lapses",
    title: "Lapses",
    width: 130,
    isHidden: true,
    cell: (device) => <Time at={device.leaseEnds} />,
  },
  {
    id: "freed",
    title: "Deactivated",
    width: 140,
    isHidden: true,
    cell: (device) => <Time at={device.deactivatedAt} />,
  },
  {
    id: "actions",
    title: "Actions",
    width: 56,
    isActions: true,
    cell: (device) => (
      <Menu
        label={`Actions for ${nameWithLicense(device)}`}
        class="inline-flex h-7 w-8 touch:size-11 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink [&>svg]:size-4"
        items={[
          { title: "Open license", icon: <LicensesIcon />, href: addresses.license(device.licenseId) },
          device.isActive
            ? {
              title: "Deactivate",
              hint: "Frees one activation. The app stops working on this device.",
              icon: <OffIcon />,
              disabledReason: missingRoleReason("manager"),
              isDangerous: true,
              run: () => deactivateDevice(device),
            }
            : {
              title: "Reactivate",
              hint: "Uses one activation of the license.",
              icon: <RestoreIcon />,
              disabledReason: missingRoleReason("manager"),
              run: () => activateDevice(device),
            },
        ]}
      >
        <MoreIcon />
      </Menu>
    ),
  },
];
