// A dialog in which an object is edited. The form exists while the dialog is open.
import type { JSX } from "solid-js";
import { createEditForm, type EditFormOptions } from "../../lib/edit_form.ts";
import type { EditedKind } from "../../lib/edits.ts";
import type { Form } from "../../lib/form.ts";
import { Dialog, type DialogProps } from "../../ui/Dialog.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { missingRoleReason } from "../account/session.ts";

interface EditDialogProps<Kind extends EditedKind, Item extends object, Values extends object>
  extends Pick<DialogProps, "title" | "hint" | "isOpen" | "close"> {
  /** What is edited and how; by default a toast says "Ada Byron saved." afterwards. The dialog closes then. */
  form: EditFormOptions<Kind, Item, Values>;
  /** The fields. */
  children: (form: Form<Values>) => JSX.Element;
}

export function EditDialog<Kind extends EditedKind, Item extends object, Values extends object>(
  props: EditDialogProps<Kind, Item, Values>,
) {
  return (
    <Dialog title={props.title} hint={props.hint} isOpen={props.isOpen} close={props.close}>
      <DialogForm {...props} />
    </Dialog>
  );
}

function DialogForm<Kind extends EditedKind, Item extends object, Values extends object>(
  props: EditDialogProps<Kind, Item, Values>,
) {
  const options = props.form;
  const form = createEditForm<Kind, Item, Values>({
    ...options,
    saved(edit, form) {
      if (options.saved) options.saved(edit, form);
      else toast(`${props.title} saved.`);
      props.close();
    },
  });
  return (
    <FormLayout
      form={form}
      verb="Save"
      disabledReason={missingRoleReason("manager") ?? (form.isDirty() ? null : "No changes to save.")}
    >
      {props.children(form)}
    </FormLayout>
  );
}
