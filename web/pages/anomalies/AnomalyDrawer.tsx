// The drawer with one anomaly: what was seen, the events behind it, what can be done about it, and its resolution.
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { missingRoleReason } from "../../features/account/session.ts";
import { reopenAnomaly, setLicenseEnabled } from "../../features/anomalies/anomaly_actions.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { type AnomalyDetails, anomalyTitle, describeLimit } from "../../features/anomalies/anomaly_labels.ts";
import { Severity } from "../../features/anomalies/Severity.tsx";
import { deactivateDevice } from "../../features/devices/device_actions.ts";
import { Timeline } from "../../features/events/Timeline.tsx";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { emptyValue, formatAgo } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Code } from "../../ui/Code.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Time } from "../../ui/Time.tsx";
import { ResolveForm } from "./ResolveDialog.tsx";

export function AnomalyDrawer(props: { id: number; close(): void }) {
  const anomaly = useApiQuery("anomalies", "get", () => ({ id: props.id }));
  return (
    <Dialog
      title={anomaly.data ? anomalyTitle(anomaly.data) : "Anomaly"}
      hint={anomaly.data && `Detected ${formatAgo(anomaly.data.foundAt)}`}
      variant="drawer"
      isOpen
      close={props.close}
    >
      <QueryBoundary query={anomaly}>
        {(anomaly) => (
          <div class="flex flex-col gap-6">
            <Details anomaly={anomaly()} />
            <Actions anomaly={anomaly()} />
            <Section title="Resolution">
              <Resolution anomaly={anomaly()} />
            </Section>
            <Section title="Evidence">
              <Evidence anomaly={anomaly()} />
            </Section>
          </div>
        )}
      </QueryBoundary>
    </Dialog>
  );
}

function Section(props: { title: string; children: JSX.Element }) {
  return (
    <section class="flex flex-col gap-2">
      <h3 class="font-semibold">{props.title}</h3>
      {props.children}
    </section>
  );
}

function Details(props: { anomaly: AnomalyDetails }) {
  return (
    <DetailList
      items={[
        ["Severity", <Severity severity={props.anomaly.severity} />],
        ["Details", describeLimit(props.anomaly)],
        [
          "License",
          <Show when={props.anomaly.licenseKey} fallback={emptyValue}>
            <A
              href={addresses.license(props.anomaly.licenseId!)}
              class="text-accent hover:underline"
            >
              <LicenseKey text={props.anomaly.licenseKey!} />
            </A>
          </Show>,
        ],
        [
          "Customer",
          <Show when={props.anomaly.customerName} fallback={emptyValue}>
            <A href={addresses.customer(props.anomaly.customerId!)} class="text-accent hover:underline">
              {props.anomaly.customerName}
            </A>
          </Show>,
        ],
        ["Device", props.anomaly.machineName ?? emptyValue],
        [
          "Fingerprint",
          <Show when={props.anomaly.hardwareId} fallback={emptyValue}>
            {(text) => <Code text={text()} label="the fingerprint" short />}
          </Show>,
        ],
        ["Last seen", <Time at={props.anomaly.lastSeenAt} />],
      ]}
    />
  );
}

/** What can be done about the license and the machine. */
function Actions(props: { anomaly: AnomalyDetails }) {
  const isActive = () => props.anomaly.licenseIsActive;
  const devices = () => {
    const { subject, hardwareId, licenseId } = props.anomaly;
    return withQuery(
      addresses.devices(),
      subject.startsWith("machine:") && hardwareId
        ? { q: hardwareId }
        : { licenseId: licenseId ?? undefined },
    );
  };
  return (
    <div class="flex flex-wrap gap-2">
      <Show when={isActive() !== null}>
        <Button
          variant={isActive() ? "danger" : "plain"}
          disabledReason={missingRoleReason("manager")}
          onClick={() => setLicenseEnabled(props.anomaly, !isActive())}
        >
          {isActive() ? "Disable license" : "Enable license"}
        </Button>
      </Show>
      <Show when={props.anomaly.machineIsActive}>
        <Button
          disabledReason={missingRoleReason("manager")}
          onClick={() => {
            const { activationId, licenseId, hardwareId, machineName } = props.anomaly;
            deactivateDevice({
              id: activationId!,
              licenseId: licenseId!,
              hardwareId: hardwareId!,
              machineName,
            });
          }}
        >
          Deactivate device
        </Button>
      </Show>
      <ButtonLink href={devices()}>View devices</ButtonLink>
    </div>
  );
}

function Resolution(props: { anomaly: AnomalyDetails }) {
  return (
    <Show
      when={props.anomaly.resolvedAt}
      fallback={
        <Show when={!missingRoleReason("manager")} fallback={missingRoleReason("manager")}>
          <ResolveForm anomaly={props.anomaly} />
        </Show>
      }
    >
      {(at) => (
        <>
          <p class="text-sm">
            Resolved by {props.anomaly.resolvedBy} <Time at={at()} />
          </p>
          <Show when={props.anomaly.note}>
            <p class="text-sm break-words whitespace-pre-wrap">{props.anomaly.note}</p>
          </Show>
          <div>
            <Button
              disabledReason={missingRoleReason("manager")}
              onClick={() => reopenAnomaly(props.anomaly)}
            >
              Reopen
            </Button>
          </div>
        </>
      )}
    </Show>
  );
}

/** The longest time that a pattern looks back; milliseconds. */
const WINDOW_MS = 86_400_000;

/** The activations and deactivations of the license in the day before the pattern was seen. */
function Evidence(props: { anomaly: AnomalyDetails }) {
  const around = () => {
    const last = new Date(props.anomaly.lastSeenAt).getTime();
    return {
      since: new Date(last - WINDOW_MS).toISOString(),
      // An event of the same millisecond belongs to it.
      until: new Date(last + 1000).toISOString(),
    };
  };
  return (
    <Show
      when={props.anomaly.kind !== "excessive_heartbeats" && props.anomaly.licenseId}
      fallback={<p class="text-sm text-muted">Rejected heartbeats are counted, not stored one by one.</p>}
    >
      {(licenseId) => <Timeline filter={{ licenseId: licenseId(), type: "license.", ...around() }} />}
    </Show>
  );
}
