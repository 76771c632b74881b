// The form that changes the administrator's password, which ends all other sessions.
import { newPassword } from "../../../server/domain/administrators/inputs.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { toApiError } from "../../lib/api_error.ts";
import { Card } from "../../ui/Card.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";

const empty = { password: "", newPassword: "" };

export function Password() {
  const change = useApiMutation("account", "changePassword");
  const form = createForm({
    schema: newPassword,
    start: empty,
    save: (checked) =>
      change.run(checked).catch((error) => {
        throw toApiError(error).code === "SIGN_IN_FAILED" ? new Error("Incorrect current password.") : error;
      }),
    saved() {
      form.reset(empty);
      toast("Password changed. Other sessions and access tokens were revoked.");
    },
  });
  return (
    <Card title="Password">
      <FormLayout
        form={form}
        verb="Change password"
        disabledReason={form.isDirty() ? null : "Enter the current and the new password first."}
      >
        <TextField
          form={form}
          name="password"
          label="Current password"
          type="password"
          autocomplete="current-password"
        />
        <TextField
          form={form}
          name="newPassword"
          label="New password"
          hint="At least 8 characters. Signs you out everywhere else."
          type="password"
          autocomplete="new-password"
        />
      </FormLayout>
    </Card>
  );
}
