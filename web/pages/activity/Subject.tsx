// The object that an event is about, as a link where it has a page.
import { A } from "@solidjs/router";
import { Match, Show, Switch } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue } from "../../lib/format.ts";
import type { SystemEvent } from "../../features/events/live_events.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";

/** The pages of subjects, by kind. */
const pages: Record<string, (id: number) => string> = {
  customer: addresses.customer,
  license: addresses.license,
  user: addresses.user,
  product: addresses.product,
  plan: addresses.plan,
  release: addresses.release,
  resource: addresses.resource,
  lead: addresses.lead,
  institution: addresses.lead,
  webhook: addresses.webhook,
  job: addresses.job,
  anomaly: addresses.anomaly,
};

export function Subject(props: { event: SystemEvent }) {
  const name = () => {
    const { after, before } = props.event;
    const named = after ?? before ?? {};
    return [named.name, named.email, named.version, named.identifier, named.url].find((one) =>
      typeof one === "string"
    ) as
      | string
      | undefined;
  };
  const href = () => pages[props.event.subjectKind]?.(props.event.subjectId);
  return (
    <span class="inline-flex max-w-full min-w-0 gap-1.5">
      <Switch fallback={emptyValue}>
        <Match when={props.event.licenseKey}>
          {(key) => (
            <>
              <A href={addresses.license(props.event.licenseId!)} class="shrink-0 hover:underline">
                <LicenseKey text={key()} />
              </A>
              <span class="truncate text-muted">
                {[props.event.machineName, props.event.customerName].filter(Boolean).join(", ")}
              </span>
            </>
          )}
        </Match>
        <Match when={props.event.customerName}>
          {(name) => (
            <A href={addresses.customer(props.event.customerId!)} class="truncate hover:underline">
              {name()}
            </A>
          )}
        </Match>
        <Match when={name() ?? (href() && `${props.event.subjectKind} ${props.event.subjectId}`)}>
          {(name) => (
            <Show when={href()} fallback={<span class="truncate">{name()}</span>}>
              {(href) => <A href={href()} class="truncate hover:underline">{name()}</A>}
            </Show>
          )}
        </Match>
      </Switch>
    </span>
  );
}
