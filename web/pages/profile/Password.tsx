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
        throw toApiError(error).code === "SIGN_IN_FAILED"
          ? new Error("The password now is not right.")
          : error;
      }),
    saved() {
      form.reset(empty);
      toast("Your password is changed. Everywhere else you are signed out, and your tokens are ended.");
    },
  });
  return (
    <Card title="Password">
      <FormLayout
        form={form}
        verb="Change password"
        disabledReason={form.isDirty() ? null : "Type the old and the new one first."}
      >
        <TextField
          form={form}
          name="password"
          label="Password now"
          type="password"
          autocomplete="current-password"
        />
        <TextField
          form={form}
          name="newPassword"
          label="New password"
          hint="At least 8 characters. It signs you out everywhere else."
          type="password"
          autocomplete="new-password"
        />
      </FormLayout>
    </Card>
  );
}
