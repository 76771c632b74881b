// The dialog that invites an administrator by mail.
import { invitation } from "../../../server/domain/administrators/inputs.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { ChoiceField, TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function InviteDialog(props: { isOpen: boolean; close(): void }) {
  return (
    <Dialog
      title="Invite member"
      hint="They get a mail with a link that is open for seven days, and choose their own password."
      isOpen={props.isOpen}
      close={props.close}
    >
      <InviteForm close={props.close} />
    </Dialog>
  );
}

function InviteForm(props: { close(): void }) {
  const invite = useApiMutation("administrators", "invite");
  const form = createForm({
    schema: invitation,
    start: { name: "", email: "", role: "viewer" },
    draft: "administrator/invite",
    save: (checked) => invite.run(checked),
    saved({ email }) {
      toast(`An invitation is on its way to ${email}.`);
      props.close();
    },
  });
  return (
    <FormLayout form={form} verb="Send the invitation">
      <TextField form={form} name="name" label="Name" autofocus />
      <TextField form={form} name="email" label="Email" type="email" hint="They sign in with it." />
      <ChoiceField
        form={form}
        name="role"
        label="Role"
        options={[
          ["viewer", "Viewer: reads everything about licenses"],
          ["manager", "Manager: changes licensing data, too"],
          ["owner", "Owner: may do everything"],
        ]}
      />
    </FormLayout>
  );
}
