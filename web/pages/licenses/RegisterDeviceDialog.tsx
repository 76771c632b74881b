// The dialog that activates a machine by hand, for apps that cannot reach the server.
import { newDevice } from "../../../server/domain/devices/inputs.ts";
import { refresh, useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Inputs, trpc } from "../../lib/trpc.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function RegisterDeviceDialog(props: { licenseId: number; isOpen: boolean; close(): void }) {
  return (
    <Dialog
      title="Register a machine"
      hint="It uses an activation as if its app had activated the key."
      isOpen={props.isOpen}
      close={props.close}
    >
      <Fields licenseId={props.licenseId} close={props.close} />
    </Dialog>
  );
}

function Fields(props: { licenseId: number; close(): void }) {
  const register = useApiMutation("devices", "register");
  const form = createForm({
    schema: newDevice,
    start: { hardwareHash: "", machineName: "", appVersion: "" },
    save: (checked: Omit<Inputs["devices"]["register"], "licenseId">) =>
      register.run({ licenseId: props.licenseId, ...checked }),
    saved({ id, isNew }) {
      const undo = async () => {
        await trpc.devices.deactivate.mutate({ id, licenseId: props.licenseId });
        refresh();
      };
      toast(isNew ? "The machine is activated." : "The machine was active already.", {
        undo: isNew ? undo : undefined,
      });
      props.close();
    },
  });
  return (
    <FormLayout form={form} verb="Register" disabledReason={missingRoleReason("manager")}>
      <TextField
        form={form}
        name="hardwareHash"
        label="Hardware hash"
        mono
        autofocus
        hint="The machine's fingerprint, as the app shows it."
      />
      <TextField form={form} name="machineName" label="Name" hint="As its owner knows it." />
      <TextField form={form} name="appVersion" label="Version of the app" />
    </FormLayout>
  );
}
