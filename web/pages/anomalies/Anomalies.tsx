// The list of anomalies: unusual use of licenses, to be reviewed and resolved with a note.
import { drawerHref } from "../../features/lists/drawer_href.ts";
import { useList } from "../../features/lists/use_list.ts";
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { addresses } from "../../lib/addresses.ts";
import {
  type Anomaly,
  anomalyKinds,
  anomalyTitle,
  describeAnomaly,
} from "../../features/anomalies/anomaly_labels.ts";
import { severities, Severity } from "../../features/anomalies/Severity.tsx";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatCount, formatNumber } from "../../lib/format.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { licenseSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { AnomalyDrawer } from "./AnomalyDrawer.tsx";
import { ResolveDialog } from "./ResolveDialog.tsx";

const filters: Filter[] = [
  { name: "unresolved", title: "Status", kind: { options: [["true", "Unresolved"], ["false", "Resolved"]] } },
  { name: "severity", title: "Severity", kind: { options: severities } },
  { name: "kind", title: "Type", kind: { options: anomalyKinds } },
  { name: "licenseId", title: "License", kind: licenseSearch },
  {
    name: "found",
    title: "Detected",
    kind: { from: "foundSince", until: "foundUntil", unit: "instant", direction: "past" },
  },
];

export function Anomalies() {
  const list = useList("anomalies", { filters, exportPath: null });
  const [resolving, setResolving] = createSignal<Anomaly | null>(null);
  const [shown, show] = useAddressState({ anomaly: undefined as string | undefined });
  const stats = useApiQuery("anomalies", "stats", () => undefined);
  const columns: Column<Anomaly>[] = [
    {
      id: "kind",
      title: "Type",
      width: 210,
      minWidth: 210,
      priority: 2,
      cell: anomalyTitle,
    },
    {
      id: "severity",
      title: "Severity",
      width: 105,
      minWidth: 96,
      cell: ({ severity }) => <Severity severity={severity} />,
    },
    {
      id: "seen",
      title: "Details",
      isText: true,
      width: 285,
      minWidth: 150,
      cell: (anomaly) => <span title={describeAnomaly(anomaly)}>{describeAnomaly(anomaly)}</span>,
    },
    {
      id: "license",
      title: "License",
      width: 180,
      minWidth: 166,
      priority: 2,
      cell: ({ licenseId, licenseKey }) => (
        <Show when={licenseId !== null && licenseKey} fallback={emptyValue}>
          <A href={addresses.license(licenseId!)} class="hover:underline">
            <LicenseKey text={licenseKey!} />
          </A>
        </Show>
      ),
    },
    {
      id: "customer",
      title: "Customer",
      isText: true,
      width: 150,
      minWidth: 130,
      priority: 0,
      cell: ({ customerId, customerName }) => (
        <Show when={customerId !== null && customerName} fallback={emptyValue}>
          <A href={addresses.customer(customerId!)} class="hover:underline">{customerName}</A>
        </Show>
      ),
    },
    {
      id: "machine",
      title: "Device",
      isText: true,
      width: 120,
      minWidth: 84,
      priority: 0,
      cell: ({ machineName }) => machineName ?? emptyValue,
    },
    { id: "found", title: "Detected", sort: "id", width: 120, cell: ({ foundAt }) => <Time at={foundAt} /> },
    {
      id: "lastSeen",
      title: "Last seen",
      width: 120,
      isHidden: true,
      cell: ({ lastSeenAt }) => <Time at={lastSeenAt} />,
    },
    {
      id: "state",
      title: "Status",
      width: 105,
      isActions: true,
      cell: (anomaly) => (
        <Show
          when={anomaly.resolvedAt}
          fallback={
            <Button
              class="h-7"
              disabledReason={missingRoleReason("manager")}
              aria-label={`Resolve: ${describeAnomaly(anomaly)}`}
              onClick={() => setResolving(anomaly)}
            >
              Resolve
            </Button>
          }
        >
          <span title={`By ${anomaly.resolvedBy}${anomaly.note ? `: ${anomaly.note}` : ""}`}>
            <Badge tone="good">Resolved</Badge>
          </span>
        </Show>
      ),
    },
    {
      id: "note",
      title: "Note",
      isText: true,
      width: 220,
      isHidden: true,
      cell: ({ note, resolvedBy }) => (
        <Show when={resolvedBy} fallback={emptyValue}>
          <span title={`${note ? `${note} – ` : ""}resolved by ${resolvedBy}`}>
            {note || `by ${resolvedBy}`}
          </span>
        </Show>
      ),
    },
  ];
  return (
    <Page
      title="Anomalies"
      state={stats.data &&
        `${formatNumber(stats.data.unresolved)} unresolved of ${
          formatCount(stats.data.total, "anomaly", "anomalies")
        }`}
      actions={
        <Button
          disabledReason={list.input().unresolved ? "Already showing unresolved anomalies." : null}
          onClick={() => list.state.change({ unresolved: "true" })}
        >
          Unresolved only
        </Button>
      }
    >
      <List
        {...list}
        one="anomaly"
        many="anomalies"
        columns={columns}
        searchedFields="customer, key or device"
        href={({ id }) => drawerHref(addresses.anomalies(), list.state, "anomaly", id)}
        empty={
          <Empty title="No anomalies detected">
            Checked every 5 minutes: activation spikes, activations from many networks, one device on many
            licenses, device swapping and excessive heartbeats. Adjust thresholds in Settings.
          </Empty>
        }
      />
      <ResolveDialog anomaly={resolving()} close={() => setResolving(null)} />
      <Show when={Number(shown.anomaly) || null}>
        {(id) => <AnomalyDrawer id={id()} close={() => show({ anomaly: undefined })} />}
      </Show>
    </Page>
  );
}
