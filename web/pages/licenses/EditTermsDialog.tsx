// The dialog that changes the terms of a license.
import type { CalendarDay } from "../../../server/domain/calendar.ts";
import { licenseChanges } from "../../../server/domain/licenses/inputs.ts";
import { EditDialog } from "../../features/details/EditDialog.tsx";
import { offerUndo } from "../../features/details/inline_edit.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { pickTerms } from "../../features/terms/pick_terms.ts";
import { TextField } from "../../ui/Field.tsx";
import { customerSearch } from "../../features/pickers/searches.ts";
import type { Form } from "../../lib/form.ts";
import { emptyValue } from "../../lib/format.ts";
import { Picker } from "../../ui/Picker.tsx";
import { type License, termDescriptions } from "./license_actions.ts";
import { PlanField, usePlans } from "./PlanField.tsx";
import { TermFields } from "./TermFields.tsx";
import { type Terms, termsOf } from "./terms.ts";

interface Values extends Terms {
  customerId: number | null;
  planId: number | null;
  updatesUntil: CalendarDay | null;
}

export function EditTermsDialog(props: { license: License; isOpen: boolean; close(): void }) {
  const { id } = props.license;
  return (
    <EditDialog
      title="Edit license"
      hint={<LicenseKey text={props.license.key} />}
      isOpen={props.isOpen}
      close={props.close}
      form={{
        kind: "licenses",
        object: () => props.license,
        valuesOf: (
          { customerId, planId, type, validFrom, validUntil, updatesUntil, ...license },
        ): Values => ({
          customerId,
          planId,
          type,
          validFrom,
          validUntil,
          updatesUntil,
          ...pickTerms(license),
        }),
        schema: licenseChanges,
        draft: `license/${id}`,
        saved: (edit) =>
          offerUndo(`License ${props.license.key} updated.`, "licenses", { id, ...edit }, termDescriptions),
      }}
    >
      {(form) => <Fields form={form} license={props.license} />}
    </EditDialog>
  );
}

function Fields(props: { form: Form<Values>; license: License }) {
  const plans = usePlans(() => props.license.productId);
  const plan = () => plans.data?.rows.find(({ id }) => id === props.form.values.planId);
  props.form.describeField("planId", {
    label: "Plan",
    text: (id) => plans.data?.rows.find((plan) => plan.id === id)?.name ?? emptyValue,
  });
  props.form.describeField("customerId", termDescriptions.customerId);
  return (
    <>
      <TermFields
        form={props.form}
        plan={plan() ? termsOf(plan(), props.form.values.validFrom) : null}
        inUse={props.license.activationsInUse}
      />
      <TextField
        form={props.form}
        name="updatesUntil"
        label="Updates until"
        type="date"
        nullable
        hint="Last day whose releases are included. Leave blank for as long as the license."
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
