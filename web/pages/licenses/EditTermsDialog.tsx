// The dialog that changes the terms of a license.
import { licenseChanges } from "../../../server/domain/licenses/inputs.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { customerSearch } from "../../features/pickers/searches.ts";
import type { Form, FormOptions } from "../../lib/form.ts";
import { refresh, useApiMutation } from "../../lib/queries.ts";
import { type Inputs, trpc } from "../../lib/trpc.ts";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { before, type License } from "./license_actions.ts";
import { PlanField, usePlans } from "./PlanField.tsx";
import { TermFields } from "./TermFields.tsx";
import { type Terms, termsOf } from "./terms.ts";

interface Values extends Terms {
  customerId: number | null;
  planId: number | null;
}

type Changes = Inputs["licenses"]["edit"]["changes"];

export function EditTermsDialog(props: { license: License; isOpen: boolean; close(): void }) {
  const edit = useApiMutation("licenses", "edit");
  return (
    <FormDialog
      title="Edit license"
      hint={props.license.key}
      isOpen={props.isOpen}
      close={props.close}
      form={termsForm(props.license, edit.run)}
      verb="Save"
      disabledReason={(form) =>
        missingRoleReason("manager") ?? (form.isDirty() ? null : "No changes to save.")}
    >
      {(form) => <Fields form={form} license={props.license} />}
    </FormDialog>
  );
}

/**
 * The form of a license's terms. It saves only the fields that were changed in it.
 *
 * @param license as it is when the dialog opens
 */
function termsForm(
  license: License,
  edit: (input: Inputs["licenses"]["edit"]) => Promise<unknown>,
): FormOptions<Values, Changes, Changes> {
  const { id, customerId, planId, type, validFrom, validUntil, maxActivations, maxUsers } = license;
  const start: Values = { customerId, planId, type, validFrom, validUntil, maxActivations, maxUsers };
  return {
    schema: licenseChanges,
    start,
    draft: `license/${id}`,
    prepare: (now) =>
      Object.fromEntries(
        Object.entries(now).filter(([name, value]) => value !== start[name as keyof Values]),
      ),
    async save(changes) {
      await edit({ id, changes });
      return changes;
    },
    saved(changes) {
      toast("License updated.", {
        undo: async () => {
          await trpc.licenses.edit.mutate({ id, changes: before(license, changes) });
          refresh();
        },
      });
    },
  };
}

function Fields(props: { form: Form<Values>; license: License }) {
  const plans = usePlans(() => props.license.productId);
  const plan = () => plans.data?.rows.find(({ id }) => id === props.form.values.planId);
  return (
    <>
      <TermFields
        form={props.form}
        plan={plan() ? termsOf(plan(), props.form.values.validFrom) : null}
        inUse={props.license.activationsInUse}
      />
      <PlanField
        plans={plans.data?.rows}
        hasProduct
        value={props.form.values.planId}
        choose={(plan) => props.form.set("planId", plan?.id ?? null)}
        error={props.form.errors.planId}
        hint="Sets the features of the license. The terms above are unchanged."
      />
      <Picker
        label="Customer"
        search={customerSearch}
        value={props.form.values.customerId}
        choose={(choice) => props.form.set("customerId", choice?.id ?? null)}
        error={props.form.errors.customerId}
      />
    </>
  );
}
