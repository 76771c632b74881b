// The dialog that resolves an anomaly with a note.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { resolution } from "../../../server/domain/anomalies/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { type Anomaly, anomalyTitle, describeAnomaly } from "../../features/anomalies/anomaly_labels.ts";
import { useApiMutation } from "../../lib/queries.ts";
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
          hint="This can't be undone. A new anomaly is created if it recurs."
          isOpen
          close={props.close}
        >
          <ResolveForm anomaly={anomaly} close={props.close} />
        </Dialog>
      )}
    </Show>
  );
}

function ResolveForm(props: { anomaly: Anomaly; close(): void }) {
  const resolve = useApiMutation("anomalies", "resolve");
  const form = createForm({
    schema: resolution,
    start: { note: "" },
    draft: `anomaly/${props.anomaly.id}`,
    save: (checked: { note: string }) => resolve.run({ id: props.anomaly.id, ...checked }),
    saved() {
      props.close();
      toast("Anomaly resolved.");
    },
  });
  return (
    <div class="flex flex-col gap-4">
      <DetailList
        items={[
          ["Type", anomalyTitle(props.anomaly)],
          ["Details", describeAnomaly(props.anomaly)],
          [
            "License",
            <Show when={props.anomaly.licenseId !== null && props.anomaly.licenseKey} fallback={emptyValue}>
              <A href={addresses.license(props.anomaly.licenseId!)} class="font-mono hover:underline">
                {props.anomaly.licenseKey}
              </A>
            </Show>,
          ],
          ["Customer", props.anomaly.customerName ?? emptyValue],
          ["Device", props.anomaly.machineName ?? emptyValue],
          ["Detected", <Time at={props.anomaly.foundAt} />],
          ["Last seen", <Time at={props.anomaly.lastSeenAt} />],
        ]}
      />
      <FormLayout form={form} verb="Resolve">
        <ProseField
          form={form}
          name="note"
          label="Resolution note (optional)"
          rows={3}
        />
      </FormLayout>
    </div>
  );
}
