// A dialog with a form that saves. The form exists while the dialog is open, so each opening starts with its initial
// values, or with its draft.
import type { JSX } from "solid-js";
import { createForm, type Form, type FormOptions } from "../lib/form.ts";
import { Dialog, type DialogProps } from "./Dialog.tsx";
import { FormLayout } from "./FormLayout.tsx";

interface FormDialogProps<Values extends object, Checked, Result>
  extends Pick<DialogProps, "title" | "hint" | "isOpen" | "close"> {
  /** How the form starts and saves. The dialog closes afterwards. */
  form: FormOptions<Values, Checked, Result>;
  /** The label of the submit button. */
  verb: string;
  /** Why it cannot be submitted. */
  disabledReason?(form: Form<Values>): string | null;
  /** The fields. */
  children: (form: Form<Values>) => JSX.Element;
}

export function FormDialog<Values extends object, Checked, Result>(
  props: FormDialogProps<Values, Checked, Result>,
) {
  return (
    <Dialog title={props.title} hint={props.hint} isOpen={props.isOpen} close={props.close}>
      <DialogForm {...props} />
    </Dialog>
  );
}

function DialogForm<Values extends object, Checked, Result>(
  props: FormDialogProps<Values, Checked, Result>,
) {
  const options = props.form;
  const form = createForm<Values, Checked, Result>({
    ...options,
    saved(result, form) {
      options.saved?.(result, form);
      props.close();
    },
  });
  return (
    <FormLayout form={form} verb={props.verb} disabledReason={props.disabledReason?.(form)}>
      {props.children(form)}
    </FormLayout>
  );
}
