// The dialog that activates a machine by hand, for apps that cannot reach the server.
import { newDevice } from "../../../server/domain/devices/inputs.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { refresh, useApiMutation } from "../../lib/queries.ts";
import { type Inputs, type Outputs, trpc } from "../../lib/trpc.ts";
import { TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { deviceLabel } from "./license_actions.ts";

export function RegisterDeviceDialog(props: { licenseId: number; isOpen: boolean; close(): void }) {
  const register = useApiMutation("devices", "register");
  function confirm({ id, isNew, ...device }: Outputs["devices"]["register"]): void {
    const { licenseId } = props;
    const undo = async () => {
      await trpc.devices.deactivate.mutate({ id, licenseId });
      refresh();
    };
    toast(`${deviceLabel(device)} ${isNew ? "activated" : "was already active"}.`, {
      undo: isNew ? undo : undefined,
    });
  }
  return (
    <FormDialog
      title="Add device"
      hint="Uses one activation, as if the app had activated the license."
      isOpen={props.isOpen}
      close={props.close}
      form={{
        schema: newDevice,
        start: { hardwareHash: "", machineName: "", appVersion: "" },
        save: (checked: Omit<Inputs["devices"]["register"], "licenseId">) =>
          register.run({ licenseId: props.licenseId, ...checked }),
        saved: confirm,
      }}
      verb="Add device"
      disabledReason={() => missingRoleReason("manager")}
    >
      {(form) => (
        <>
          <TextField
            form={form}
            name="hardwareHash"
            label="Fingerprint (hardware_hash)"
            mono
            autofocus
            hint="As shown by the app."
          />
          <TextField form={form} name="machineName" label="Name" hint="Display name (optional)." />
          <TextField form={form} name="appVersion" label="App version" />
        </>
      )}
    </FormDialog>
  );
}
