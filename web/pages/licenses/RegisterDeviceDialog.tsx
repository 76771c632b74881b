// The dialog that activates a machine by hand, for apps that cannot reach the server.
import { newDevice } from "../../../server/domain/devices/inputs.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { refresh, useApiMutation } from "../../lib/queries.ts";
import { type Inputs, type Outputs, trpc } from "../../lib/trpc.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function RegisterDeviceDialog(props: { licenseId: number; isOpen: boolean; close(): void }) {
  const register = useApiMutation("devices", "register");
  function confirm({ id, isNew }: Outputs["devices"]["register"]): void {
    const { licenseId } = props;
    const undo = async () => {
      await trpc.devices.deactivate.mutate({ id, licenseId });
      refresh();
    };
    toast(isNew ? "The machine is activated." : "The machine was active already.", {
      undo: isNew ? undo : undefined,
    });
  }
  return (
    <FormDialog
      title="Register a machine"
      hint="It uses an activation as if its app had activated the key."
      isOpen={props.isOpen}
      close={props.close}
      form={{
        schema: newDevice,
        start: { hardwareHash: "", machineName: "", appVersion: "" },
        save: (checked: Omit<Inputs["devices"]["register"], "licenseId">) =>
          register.run({ licenseId: props.licenseId, ...checked }),
        saved: confirm,
      }}
      verb="Register"
      disabledReason={() => missingRoleReason("manager")}
    >
      {(form) => (
        <>
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
        </>
      )}
    </FormDialog>
  );
}
