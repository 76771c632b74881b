// The dialog that changes the terms of a license.
import { licenseChanges } from "../../../server/domain/licenses/inputs.ts";
import { refresh, useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { customerSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Inputs, trpc } from "../../lib/trpc.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { before, type License } from "./license_actions.ts";
import { PlanField, usePlans } from "./PlanField.tsx";
import { TermFields } from "./TermFields.tsx";
import { type Terms, termsOf } from "./terms.ts";

export function EditTermsDialog(props: { license: License; isOpen: boolean; close(): void }) {
  return (
    <Dialog
      title="Change terms"
      hint={props.license.key}
      isOpen={props.isOpen}
      close={props.close}
    >
      <Fields license={props.license} close={props.close} />
    </Dialog>
  );
}

interface Values extends Terms {
  customerId: number | null;
  planId: number | null;
}

function Fields(props: { license: License; close(): void }) {
  // The license as it was when the dialog opened: only fields that were changed here are saved.
  const license = props.license;
  const edit = useApiMutation("licenses", "edit");
  const { customerId, planId, type, validFrom, validUntil, maxActivations, maxUsers } = license;
  const start: Values = { customerId, planId, type, validFrom, validUntil, maxActivations, maxUsers };
  const form = createForm({
    schema: licenseChanges,
    start,
    draft: `license/${license.id}`,
    prepare: (now) =>
      Object.fromEntries(
        Object.entries(now).filter(([name, value]) => value !== start[name as keyof Values]),
      ),
    async save(changes: Inputs["licenses"]["edit"]["changes"]) {
      await edit.run({ id: license.id, changes });
      return changes;
    },
    saved(changes) {
      toast("The terms are changed.", {
        undo: async () => {
          await trpc.licenses.edit.mutate({ id: license.id, changes: before(license, changes) });
          refresh();
        },
      });
      props.close();
    },
  });
  const plans = usePlans(() => license.productId);
  const plan = () => plans.data?.rows.find(({ id }) => id === form.values.planId);
  return (
    <FormLayout
      form={form}
      verb="Save"
      disabledReason={missingRoleReason("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
    >
      <TermFields
        form={form}
        plan={plan() ? termsOf(plan(), form.values.validFrom) : null}
        inUse={license.activationsInUse}
      />
      <PlanField
        plans={plans.data?.rows}
        hasProduct
        value={form.values.planId}
        choose={(plan) => form.set("planId", plan?.id ?? null)}
        error={form.errors.planId}
        hint="Gives the license its features. The terms above stay as they are."
      />
      <Picker
        label="Customer"
        search={customerSearch}
        value={form.values.customerId}
        choose={(choice) => form.set("customerId", choice?.id ?? null)}
        error={form.errors.customerId}
      />
    </FormLayout>
  );
}
