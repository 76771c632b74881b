// The list of seats in use. It is refetched, because heartbeats are no events.
import { useList } from "../../features/lists/use_list.ts";
import { A } from "@solidjs/router";
import { addresses } from "../../lib/addresses.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { formatCount } from "../../lib/format.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { customerSearch, licenseSearch, productSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { DevicesIcon, LicensesIcon, MoreIcon, OffIcon } from "../../ui/icons.ts";
import { createNewRows, markNewRows } from "../../ui/list/new_rows.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Menu } from "../../ui/Menu.tsx";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

type Seat = Outputs["sessions"]["list"]["rows"][number];

const columns: Column<Seat>[] = [
  {
    id: "machine",
    title: "Device",
    isText: true,
    width: 180,
    cell: (seat) => seat.machineName ?? "Unnamed device",
  },
  {
    id: "license",
    title: "License",
    width: 190,
    cell: (seat) => (
      <A href={addresses.license(seat.licenseId)} class="hover:underline">
        <LicenseKey text={seat.licenseKey} />
      </A>
    ),
  },
  {
    id: "customer",
    title: "Customer",
    isText: true,
    width: 180,
    cell: (seat) => (
      <A href={addresses.customer(seat.customerId)} class="hover:underline">{seat.customerName}</A>
    ),
  },
  {
    id: "product",
    title: "Product",
    isText: true,
    width: 140,
    cell: (seat) => <A href={addresses.product(seat.productId)} class="hover:underline">{seat.productName}
    </A>,
  },
  { id: "since", title: "Started", sort: "id", width: 130, cell: (seat) => <Time at={seat.startedAt} /> },
  { id: "seen", title: "Last seen", width: 130, cell: (seat) => <Time at={seat.lastHeartbeat} /> },
  { id: "ends", title: "Expires", width: 130, cell: (seat) => <Time at={seat.expiresAt} /> },
  {
    id: "actions",
    title: "Actions",
    width: 56,
    isActions: true,
    cell: (seat) => (
      <Menu
        label={`Actions for the session on ${
          seat.machineName ?? "an unnamed device"
        }, license ${seat.licenseKey}`}
        class="inline-flex h-7 w-8 touch:size-11 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink [&>svg]:size-4"
        items={[
          { title: "Open license", icon: <LicensesIcon />, href: addresses.license(seat.licenseId) },
          {
            title: "End session",
            hint: "Frees one concurrent user. A running app may start a new session.",
            icon: <OffIcon />,
            disabledReason: missingRoleReason("manager"),
            isDangerous: true,
            run: () => end(seat),
          },
        ]}
      >
        <MoreIcon />
      </Menu>
    ),
  },
];

const filters: Filter[] = [
  { name: "customerId", title: "Customer", kind: customerSearch },
  { name: "licenseId", title: "License", kind: licenseSearch },
  { name: "productId", title: "Product", kind: productSearch },
];

function end({ id, licenseId, machineName }: Seat): void {
  void runWithToast(async () => {
    await trpc.sessions.end.mutate({ id, licenseId });
    refresh();
  }, `Session on ${machineName ?? "an unnamed device"} ended.`);
}

/** Heartbeats are no events. */
const REFETCH_MS = 15_000;

export function Sessions() {
  const list = useList("sessions", { filters, exportPath: null, refetchInterval: REFETCH_MS });
  const held = useApiQuery("sessions", "activeCount", () => undefined, { refetchInterval: REFETCH_MS });
  const newRows = createNewRows();
  markNewRows(newRows, list.state, list.rows);
  return (
    <Page
      title="Sessions"
      state={held.data !== undefined &&
        (held.data === 0 ? "No active sessions" : formatCount(held.data, "active session"))}
      actions={
        <ButtonLink href={addresses.devices()}>
          <DevicesIcon /> Devices
        </ButtonLink>
      }
    >
      <List
        {...list}
        one="session"
        many="sessions"
        columns={columns}
        searchedFields="device or customer"
        shortTextAtStart
        isNew={newRows.has}
        empty={
          <Empty title="No active sessions">
            Sessions appear when an app starts and end when it quits or stops sending heartbeats.
          </Empty>
        }
      />
    </Page>
  );
}
