// The card of a detail page in which the object's own fields are edited.
import type { JSX } from "solid-js";
import { createEditForm, type EditFormOptions } from "../../lib/edit_form.ts";
import type { EditedKind } from "../../lib/edits.ts";
import type { Form } from "../../lib/form.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { titleOfPage } from "../../ui/Page.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { missingRoleReason } from "../account/session.ts";

/**
 * @param props.title of the card; "Edit" by default
 * @param props.verb the label of the button; "Save" by default. The second card of a page has another one
 * @param props.form what is edited and how; by default a toast says "ACME Corp saved." afterwards
 * @param props.deletedAt a deleted object has to be restored before it can be edited
 * @param props.children the fields
 */
export function EditCard<Kind extends EditedKind, Item extends object, Values extends object>(
  props: {
    title?: string;
    verb?: string;
    form: EditFormOptions<Kind, Item, Values>;
    deletedAt?: string | null;
    children: (form: Form<Values>) => JSX.Element;
  },
) {
  const form = createEditForm({ saved: () => toast(`${titleOfPage()} saved.`), ...props.form });
  const disabledReason = () =>
    props.deletedAt
      ? "Restore it first."
      : missingRoleReason("manager") ?? (form.isDirty() ? null : "No changes to save.");
  return (
    <Card title={props.title ?? "Edit"}>
      <FormLayout form={form} verb={props.verb ?? "Save"} disabledReason={disabledReason()}>
        {props.children(form)}
      </FormLayout>
    </Card>
  );
}
