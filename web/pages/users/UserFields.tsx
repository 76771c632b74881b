// The fields of a user.
import type { Form } from "../../lib/form.ts";
import { TextField } from "../../ui/Field.tsx";

export function UserFields(
  props: { form: Form<{ name: string; email: string }>; disabledReason?: string | null; isNew?: boolean },
) {
  return (
    <>
      <TextField
        form={props.form}
        name="name"
        label="Name"
        disabledReason={props.disabledReason}
        autofocus={props.isNew}
      />
      <TextField
        form={props.form}
        name="email"
        label="Email"
        type="email"
        disabledReason={props.disabledReason}
        hint="Used to sign in and to receive magic links."
      />
    </>
  );
}
