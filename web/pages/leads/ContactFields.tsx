// The fields of a lead's contact.
import type { Form } from "../../lib/form.ts";
import { TextField } from "../../ui/Field.tsx";

export interface ContactValues {
  name: string;
  email: string;
  phone: string;
  position: string;
}

export const emptyContact: ContactValues = { name: "", email: "", phone: "", position: "" };

export function ContactFields(props: { form: Form<ContactValues> }) {
  return (
    <>
      <TextField form={props.form} name="name" label="Name" hint="Full name." autofocus />
      <TextField form={props.form} name="position" label="Job title" />
      <TextField form={props.form} name="email" label="Email" type="email" />
      <TextField form={props.form} name="phone" label="Phone" />
    </>
  );
}
