// The latest API requests about a license, a device, a customer or a user, and the way to all of them.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Empty } from "../../ui/Empty.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Time } from "../../ui/Time.tsx";
import { describeCaller, describeSample, isSampled } from "./api_request_labels.ts";
import { type ApiRequest, RequestOutcome } from "./RequestOutcome.tsx";

export type RequestFilter =
  | { licenseId: number }
  | { activationId: number }
  | { customerId: number }
  | { userId: number };

/** How many are shown. */
const SHOWN = 8;
/** New requests are no events, so they are refetched; milliseconds. */
const REFETCH_MS = 10_000;

export function RecentRequests(props: { filter: RequestFilter }) {
  const requests = useApiQuery("apiRequests", "list", () => ({ ...props.filter, limit: SHOWN }), {
    refetchInterval: REFETCH_MS,
  });
  return (
    <QueryBoundary query={requests}>
      {(page) => (
        <Show
          when={page().rows.length > 0}
          fallback={
            <Empty title="No API requests">
              Requests of apps appear here within seconds, for as long as they are kept.
            </Empty>
          }
        >
          <ul class="divide-y divide-line text-sm">
            <For each={page().rows}>{(request) => <Row request={request} filter={props.filter} />}</For>
          </ul>
          <p class="border-t border-line px-4 py-2 text-sm">
            <A href={withQuery(addresses.apiRequests(), props.filter)} class="text-accent hover:underline">
              View all API requests
            </A>
          </p>
        </Show>
      )}
    </QueryBoundary>
  );
}

function Row(props: { request: ApiRequest; filter: RequestFilter }) {
  const href = () => withQuery(addresses.apiRequests(), { ...props.filter, request: props.request.id });
  return (
    <li class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <A href={href()} class="min-w-0 flex-1 basis-60 hover:underline">
        <span class="block truncate font-mono text-xs">
          {`${props.request.method} ${props.request.path}`}
        </span>
        <span class="block truncate text-xs text-muted">
          {[props.request.machineName, describeCaller(props.request)].filter(Boolean).join(" · ")}
          <Show when={isSampled(props.request)}>{` · ${describeSample(props.request)}`}</Show>
        </span>
      </A>
      <RequestOutcome request={props.request} />
      <span class="text-xs text-muted">
        <Time at={props.request.startedAt} />
      </span>
    </li>
  );
}
