// The fields of a product.
import type { Form } from "../../lib/form.ts";
import { TextField } from "../../ui/Field.tsx";

export function ProductFields(
  props: { form: Form<{ name: string; code: string }>; isNew?: boolean },
) {
  return (
    <>
      <TextField
        form={props.form}
        name="name"
        label="Name"
        hint="What people call it."
        autofocus={props.isNew}
      />
      <TextField
        form={props.form}
        name="code"
        label="Code"
        mono
        hint={props.isNew
          ? "What apps call it, such as photo-studio: lower case letters, digits, - and _."
          : "What apps call it. Apps that ask by the old code find nothing once it is changed."}
      />
    </>
  );
}
