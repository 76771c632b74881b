// The fields of a customer.
import type { Form } from "../../lib/form.ts";
import { TextField } from "../../ui/Field.tsx";

export function CustomerFields(
  props: { form: Form<{ name: string; email: string | null }>; isNew?: boolean },
) {
  return (
    <>
      <TextField
        form={props.form}
        name="name"
        label="Name"
        hint="Company or person name."
        autofocus={props.isNew}
      />
      <TextField
        form={props.form}
        name="email"
        label="Email"
        type="email"
        hint="Contact email (optional)."
      />
    </>
  );
}
