// The drawer with one API request: how it was answered and what can be done, who sent it, what it was about and what it changed.
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import {
  describeCaller,
  describeSample,
  formatMilliseconds,
  isSampled,
} from "../../features/api_requests/api_request_labels.ts";
import { RequestOutcome } from "../../features/api_requests/RequestOutcome.tsx";
import { hasRole } from "../../features/account/session.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { emptyValue, formatInstant } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Code, CodeBlock } from "../../ui/Code.tsx";
import { type Detail, DetailList } from "../../ui/DetailList.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";

type ApiRequest = Outputs["apiRequests"]["get"];

export function ApiRequestDrawer(props: { id: number; close(): void }) {
  const request = useApiQuery("apiRequests", "get", () => ({ id: props.id }));
  return (
    <Dialog
      title={request.data ? `${request.data.method} ${request.data.path}` : "API request"}
      hint={request.data && `${formatInstant(request.data.startedAt)}, ${describeCaller(request.data)}`}
      variant="drawer"
      isOpen
      close={props.close}
    >
      <QueryBoundary query={request} lines={8}>{(request) => <Details request={request()} />}</QueryBoundary>
    </Dialog>
  );
}

function Details(props: { request: ApiRequest }) {
  return (
    <div class="flex flex-col gap-5">
      <Outcome request={props.request} />
      <DetailList items={about(props.request)} />
      <DetailList items={origin(props.request)} />
      <Show when={props.request.requestBody}>
        {(body) => <Body title="Request body" json={body()} />}
      </Show>
      <Show when={props.request.responseBody}>
        {(body) => <Body title="Response body" json={body()} />}
      </Show>
      <Show when={isSampled(props.request)}>
        <p class="text-sm text-muted">
          The server was under load: of the requests in that second with the same kind of outcome,{" "}
          {describeSample(props.request)}.
        </p>
      </Show>
      <A
        href={withQuery(addresses.activity(), { requestId: props.request.requestId })}
        class="self-start text-sm text-accent hover:underline"
      >
        View events of this request
      </A>
    </div>
  );
}

function Outcome(props: { request: ApiRequest }) {
  return (
    <section
      aria-label="Outcome"
      class="flex flex-col gap-2 rounded-md border border-line bg-sunken p-3 text-sm"
    >
      <RequestOutcome request={props.request} />
      <Show
        when={props.request.cause}
        fallback={<Show when={props.request.code === null && props.request.status < 400}>Succeeded.</Show>}
      >
        {(cause) => <p>{cause()}</p>}
      </Show>
      <Show when={props.request.remedy}>{(remedy) => <p class="text-muted">{remedy()}</p>}</Show>
    </section>
  );
}

/** A body as it was logged, in lines; one that was cut as it is. */
function Body(props: { title: string; json: string }) {
  const text = () => {
    try {
      return JSON.stringify(JSON.parse(props.json), null, 2);
    } catch {
      return props.json;
    }
  };
  return (
    <section aria-label={props.title} class="flex min-w-0 flex-col gap-2">
      <h3 class="text-sm font-semibold">{props.title}</h3>
      <CodeBlock text={text()} label={props.title} />
    </section>
  );
}

/** What the request was about, each with its page. */
function about(request: ApiRequest): Detail[] {
  const { licenseId, licenseKey, licenseText, activationId, machineName, customerId, customerName } = request;
  const { productId, productName, userId, userEmail } = request;
  const device = activationId === null
    ? null
    : licenseId === null
    ? (machineName ?? `Device ${activationId}`)
    : link(
      withQuery(addresses.license(licenseId), { device: activationId }),
      machineName ?? `Device ${activationId}`,
    );
  return [
    [
      "License",
      licenseId !== null
        ? link(
          addresses.license(licenseId),
          licenseKey ? <LicenseKey text={licenseKey} /> : `License ${licenseId}`,
        )
        : licenseText
        ? (
          <>
            <LicenseKey text={licenseText} /> <span class="text-muted">(no license has this key)</span>
          </>
        )
        : emptyValue,
    ],
    ["Device", device ?? emptyValue],
    ["Customer", customerId === null ? emptyValue : link(addresses.customer(customerId), customerName)],
    ["User", userId === null ? emptyValue : link(addresses.user(userId), userEmail)],
    ["Product", productId === null ? emptyValue : link(addresses.product(productId), productName)],
  ];
}

function origin(request: ApiRequest): Detail[] {
  const { actorKind } = request;
  const caller = describeCaller(request);
  return [
    ["Caller", actorKind === "api_key" && hasRole("owner") ? link(addresses.apiKeys(), caller) : caller],
    ["Network", request.network ?? emptyValue],
    ["User agent", request.userAgent ?? emptyValue],
    ["Duration", formatMilliseconds(request.durationMs)],
    ["Endpoint", <code class="font-mono text-xs break-all">{`${request.method} ${request.route}`}</code>],
    ["Request ID", <Code text={request.requestId} label="the request ID" />],
  ];
}

function link(href: string, name: JSX.Element): JSX.Element {
  return <A href={href} class="hover:underline">{name ?? href}</A>;
}
