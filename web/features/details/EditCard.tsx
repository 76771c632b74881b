// The card of a detail page in which the object's own fields are edited.
import type { JSX } from "solid-js";
import { createForm, type Form, type FormOptions } from "../../lib/form.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { missingRoleReason } from "../account/session.ts";

/**
 * @param props.title of the card; "Edit" by default
 * @param props.form how the form starts and saves; by default a toast says "Saved." afterwards
 * @param props.deletedAt a deleted object has to be restored before it can be edited
 * @param props.children the fields
 */
export function EditCard<Values extends object, Checked, Result>(
  props: {
    title?: string;
    form: FormOptions<Values, Checked, Result>;
    deletedAt?: string | null;
    children: (form: Form<Values>) => JSX.Element;
  },
) {
  const form = createForm({ saved: () => toast("Saved."), ...props.form });
  const disabledReason = () =>
    props.deletedAt
      ? "Restore it first."
      : missingRoleReason("manager") ?? (form.isDirty() ? null : "No changes to save.");
  return (
    <Card title={props.title ?? "Edit"}>
      <FormLayout form={form} verb="Save" disabledReason={disabledReason()}>
        {props.children(form)}
      </FormLayout>
    </Card>
  );
}
