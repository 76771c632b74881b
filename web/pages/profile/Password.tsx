// Changing one's password, which signs one out everywhere else.
import { newPassword } from "../../../server/domain/administrators/inputs.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { refusalOf } from "../../lib/refusal.ts";
import { Card } from "../../ui/Card.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { tell } from "../../ui/Toasts.tsx";

const empty = { password: "", newPassword: "" };

export function Password() {
  const change = useChange("account", "changePassword");
  const form = createForm({
    schema: newPassword,
    start: empty,
    save: (checked) =>
      change.run(checked).catch((error) => {
        throw refusalOf(error).code === "SIGN_IN_FAILED"
          ? new Error("The password now is not right.")
          : error;
      }),
    saved() {
      form.reset(empty);
      tell("Your password is changed. Everywhere else you are signed out, and your tokens are ended.");
    },
  });
  return (
    <Card title="Password">
      <FormFrame
        form={form}
        verb="Change password"
        why={form.isDirty() ? null : "Type the old and the new one first."}
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
      </FormFrame>
    </Card>
  );
}
