// The dialog that resolves an anomaly with a note.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { resolution } from "../../../server/domain/anomalies/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { type Anomaly, anomalyTitle, describeAnomaly } from "../../features/anomalies/anomaly_labels.ts";
import { refresh, useApiMutation } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { createForm } from "../../lib/form.ts";
import { emptyValue } from "../../lib/format.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { ProseField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Time } from "../../ui/Time.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function ResolveDialog(props: { anomaly: Anomaly | null; close(): void }) {
  return (
    <Show when={props.anomaly} keyed>
      {(anomaly) => (
        <Dialog
          title="Resolve anomaly"
          hint="It can be reopened. A new anomaly is created if it recurs."
          isOpen
          close={props.close}
        >
          <div class="flex flex-col gap-4">
            <Details anomaly={anomaly} />
            <ResolveForm anomaly={anomaly} resolved={props.close} />
          </div>
        </Dialog>
      )}
    </Show>
  );
}

function Details(props: { anomaly: Anomaly }) {
  return (
    <DetailList
      items={[
        ["Type", anomalyTitle(props.anomaly)],
        ["Details", describeAnomaly(props.anomaly)],
        [
          "License",
          <Show when={props.anomaly.licenseId !== null && props.anomaly.licenseKey} fallback={emptyValue}>
            <A href={addresses.license(props.anomaly.licenseId!)} class="hover:underline">
              <LicenseKey text={props.anomaly.licenseKey!} />
            </A>
          </Show>,
        ],
        ["Customer", props.anomaly.customerName ?? emptyValue],
        ["Device", props.anomaly.machineName ?? emptyValue],
        ["Detected", <Time at={props.anomaly.foundAt} />],
        ["Last seen", <Time at={props.anomaly.lastSeenAt} />],
      ]}
    />
  );
}

/** @param props.resolved called afterwards */
export function ResolveForm(
  props: { anomaly: Pick<Anomaly, "id" | "kind" | "facts" | "note">; resolved?(): void },
) {
  const resolve = useApiMutation("anomalies", "resolve");
  const form = createForm({
    schema: resolution,
    // A reopened anomaly keeps its note.
    start: { note: props.anomaly.note ?? "" },
    draft: `anomaly/${props.anomaly.id}`,
    save: (checked: { note: string }) => resolve.run({ id: props.anomaly.id, ...checked }),
    saved({ id }) {
      const message = `Anomaly resolved: ${anomalyTitle(props.anomaly)}.`;
      props.resolved?.();
      toast(message, {
        undo: () => trpc.anomalies.reopen.mutate({ id }).then(() => refresh()),
      });
    },
  });
  return (
    <FormLayout form={form} verb="Resolve">
      <ProseField
        form={form}
        name="note"
        label="Resolution note (optional)"
        rows={3}
      />
    </FormLayout>
  );
}
