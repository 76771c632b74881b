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
      hint="They receive an email with a link that is valid for 7 days and set their own password."
      isOpen={props.isOpen}
      close={props.close}
      form={{
        schema: invitation,
        start: { name: "", email: "", role: "viewer" },
        draft: "administrator/invite",
        save: (checked) => invite.run(checked),
        saved: ({ email }) => toast(`Invitation sent to ${email}.`),
      }}
      verb="Send invitation"
    >
      {(form) => (
        <>
          <TextField form={form} name="name" label="Name" autofocus />
          <TextField form={form} name="email" label="Email" type="email" hint="Used to sign in." />
          <ChoiceField
            form={form}
            name="role"
            label="Role"
            options={[
              ["viewer", "Viewer: read-only access to licensing data"],
              ["manager", "Manager: can change licensing data"],
              ["owner", "Owner: full access"],
            ]}
          />
        </>
      )}
    </FormDialog>
  );
}
