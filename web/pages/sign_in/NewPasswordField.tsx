// The field for a new password, with what was wrong below it.
import { Show } from "solid-js";
import { CredentialField } from "../../ui/CredentialField.tsx";
import { Failure } from "../../ui/Failure.tsx";
import type { createNewPassword } from "./new_password.ts";

export function NewPasswordField(
  props: { form: ReturnType<typeof createNewPassword>; autofocus?: boolean },
) {
  return (
    <>
      <CredentialField
        kind="new-password"
        label="New password"
        hint="At least 8 characters. Three or four words work well."
        error={props.form.tooShort()}
        value={props.form.password()}
        set={props.form.setPassword}
        autofocus={props.autofocus}
      />
      <Show when={props.form.refused()}>{(error) => <Failure error={error()} />}</Show>
    </>
  );
}
