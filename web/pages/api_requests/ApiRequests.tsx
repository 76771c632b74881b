// The log of API requests, newest first. New requests appear every few seconds; a row opens the request in a drawer.
import { Show } from "solid-js";
import {
  describeCaller,
  describeSample,
  formatMilliseconds,
  isSampled,
} from "../../features/api_requests/api_request_labels.ts";
import { type ApiRequest, RequestOutcome } from "../../features/api_requests/RequestOutcome.tsx";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { drawerHref } from "../../features/lists/drawer_href.ts";
import { useList } from "../../features/lists/use_list.ts";
import {
  apiKeySearch,
  customerSearch,
  deviceSearch,
  licenseSearch,
  productSearch,
  userSearch,
} from "../../features/pickers/searches.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue } from "../../lib/format.ts";
import { Code } from "../../ui/Code.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { ApiRequestDrawer } from "./ApiRequestDrawer.tsx";

/** New requests are no events, so the list is refetched. */
const REFETCH_MS = 5000;

const columns: Column<ApiRequest>[] = [
  {
    id: "request",
    title: "Request",
    width: 290,
    minWidth: 200,
    priority: 2,
    cell: ({ method, path }) => (
      <span class="flex min-w-0 gap-1.5 font-mono text-xs" title={`${method} ${path}`}>
        <span class="text-muted">{method}</span>
        <span class="truncate">{path}</span>
      </span>
    ),
  },
  {
    id: "outcome",
    title: "Outcome",
    width: 250,
    minWidth: 150,
    priority: 2,
    cell: (request) => <RequestOutcome request={request} />,
  },
  {
    id: "license",
    title: "License",
    width: 210,
    minWidth: 130,
    cell: (request) => <About request={request} />,
  },
  { id: "device", title: "Device", width: 140, minWidth: 80, priority: 0, cell: deviceOf },
  { id: "caller", title: "Caller", width: 180, minWidth: 100, cell: describeCaller },
  {
    id: "time",
    title: "Time",
    sort: "startedAt",
    width: 140,
    minWidth: 90,
    cell: ({ startedAt }) => <Time at={startedAt} />,
  },
  {
    id: "kept",
    title: "Sampling",
    width: 120,
    minWidth: 80,
    priority: 0,
    cell: (request) => isSampled(request) ? describeSample(request) : "All kept",
  },
  {
    id: "duration",
    title: "Duration",
    width: 90,
    isNumber: true,
    isHidden: true,
    cell: ({ durationMs }) => formatMilliseconds(durationMs),
  },
  {
    id: "network",
    title: "Network",
    width: 150,
    isHidden: true,
    cell: ({ network }) => network ?? emptyValue,
  },
  {
    id: "userAgent",
    title: "User agent",
    width: 200,
    isHidden: true,
    cell: ({ userAgent }) => userAgent ?? emptyValue,
  },
  {
    id: "requestId",
    title: "Request ID",
    width: 300,
    isHidden: true,
    cell: ({ requestId }) => <Code text={requestId} label={`the request ID ${requestId}`} short />,
  },
];

function deviceOf({ activationId, machineName }: ApiRequest) {
  return activationId === null ? emptyValue : machineName ?? `Device ${activationId}`;
}

/** The license, or the key that no license has, or the customer. */
function About(props: { request: ApiRequest }) {
  const key = () => props.request.licenseKey ?? props.request.licenseText;
  return (
    <Show when={key()} fallback={props.request.customerName ?? emptyValue}>
      {(key) => <LicenseKey text={key()} />}
    </Show>
  );
}

const codes = [
  "ACTIVATION_LIMIT_REACHED",
  "NEW_MACHINES_LIMIT_REACHED",
  "MACHINE_ALREADY_ACTIVATED",
  "NOT_ACTIVATED",
  "ACTIVATION_INACTIVE",
  "LICENSE_EXPIRED",
  "VERSION_NOT_ENTITLED",
  "LICENSE_INACTIVE",
  "LICENSE_NOT_YET_VALID",
  "INVALID_LICENSE",
  "SESSION_LIMIT_REACHED",
  "SESSION_NOT_FOUND",
  "NO_ENTITLEMENT",
  "API_KEY_REQUIRED",
  "API_KEY_INVALID",
  "SESSION_TOKEN_INVALID",
  "CREDENTIALS_INVALID",
  "RATE_LIMITED",
  "INVALID_REQUEST",
  "NOT_FOUND",
  "UNAVAILABLE",
  "INTERNAL",
];

const filters: Filter[] = [
  {
    name: "outcome",
    title: "Outcome",
    kind: { options: [["rejected", "Rejected"], ["succeeded", "Succeeded"]] },
  },
  {
    name: "code",
    title: "Code",
    kind: { options: codes.map((code) => [code, code] as const), titleOf: (code) => code },
  },
  {
    name: "statusClass",
    title: "Status",
    kind: { options: [["2xx", "2xx"], ["3xx", "3xx"], ["4xx", "4xx"], ["5xx", "5xx"]] },
  },
  { name: "licenseId", title: "License", kind: licenseSearch },
  { name: "activationId", title: "Device", kind: deviceSearch },
  { name: "customerId", title: "Customer", kind: customerSearch },
  { name: "userId", title: "User", kind: userSearch },
  { name: "productId", title: "Product", kind: productSearch },
  { name: "apiKeyId", title: "API key", kind: apiKeySearch },
  { name: "route", title: "Endpoint", kind: "text" },
  {
    name: "method",
    title: "Method",
    kind: { options: [["GET", "GET"], ["POST", "POST"], ["PATCH", "PATCH"], ["DELETE", "DELETE"]] },
  },
  {
    name: "time",
    title: "Time",
    kind: { from: "since", until: "until", unit: "instant", direction: "past" },
  },
  { name: "ip", title: "IP address", kind: "text" },
  { name: "requestId", title: "Request ID", kind: "text" },
];

export function ApiRequests() {
  const list = useList("apiRequests", {
    filters,
    defaultSort: "-startedAt",
    exportPath: "/api/admin/api-requests/export",
    refetchInterval: REFETCH_MS,
  });
  const [shown, show] = useAddressState({ request: undefined as string | undefined });
  const areSampled = () => list.rows.data?.rows.some(isSampled) ?? false;
  return (
    <Page
      title="API requests"
      state={areSampled()
        ? "Under load only some requests are kept: rejected ones first, and a fair share of each API key and license"
        : "Requests of apps and scripts, and how they were answered"}
    >
      <List
        {...list}
        one="request"
        many="API requests"
        columns={columns}
        searchedFields="request ID or code"
        href={({ id }) => drawerHref(addresses.apiRequests(), list.state, "request", id)}
        empty={
          <Empty title="No API requests yet">
            Requests of apps and scripts appear here within seconds. How long they are kept is set in
            Settings.
          </Empty>
        }
      />
      <Show when={Number(shown.request) || null}>
        {(id) => <ApiRequestDrawer id={id()} close={() => show({ request: undefined })} />}
      </Show>
    </Page>
  );
}
