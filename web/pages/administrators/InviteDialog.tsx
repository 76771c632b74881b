// The dialog that invites an administrator by mail.
import { invitation } from "../../../server/domain/administrators/inputs.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { ChoiceField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function InviteDialog(props: { isOpen: boolean; close(): void }) {
  const invite = useApiMutation("administrators", "invite");
  return (
    <FormDialog
      title="Invite member"
      hint="They get a mail with a link that is open for seven days, and choose their own password."
      isOpen={props.isOpen}
      close={props.close}
      form={{
        schema: invitation,
        start: { name: "", email: "", role: "viewer" },
        draft: "administrator/invite",
        save: (checked) => invite.run(checked),
        saved: ({ email }) => toast(`An invitation is on its way to ${email}.`),
      }}
      verb="Send the invitation"
    >
      {(form) => (
        <>
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
        </>
      )}
    </FormDialog>
  );
}
