// The fields of a product.
import type { Form } from "../../lib/form.ts";
import { CodeField } from "../../ui/CodeField.tsx";
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
        hint="Display name"
        autofocus={props.isNew}
      />
      <CodeField
        form={props.form}
        isNew={props.isNew}
        hint={props.isNew
          ? "Identifier used in the API (slug), such as photo-studio: lower case letters, digits, - and _."
          : "Identifier used in the API (slug). Requests with the old code fail after a change."}
      />
    </>
  );
}
