// The fields of a plan.
import { code } from "../../../server/domain/input_fields.ts";
import type { Terms } from "../../../server/domain/policy/inputs.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Form } from "../../lib/form.ts";
import { ExampleLicense } from "../../features/terms/ExampleLicense.tsx";
import { TermSections } from "../../features/terms/TermSections.tsx";
import type { Outputs } from "../../lib/trpc.ts";
import { CodeField } from "../../ui/CodeField.tsx";
import { DurationField } from "../../ui/DurationField.tsx";
import { ChoiceField, NumberField, TextField } from "../../ui/Field.tsx";
import { TagsField } from "../../ui/TagsField.tsx";

export type PlanValues =
  & Pick<Outputs["plans"]["get"], "code" | "name" | "licenseType" | "features">
  & Terms;

const types = [["subscription", "Subscription"], ["perpetual", "Perpetual"], ["trial", "Trial"]] as const;

export function PlanFields(props: { form: Form<PlanValues>; isNew?: boolean }) {
  const plans = useApiQuery("plans", "list", () => ({ limit: 200 }));
  const known = () => [...new Set((plans.data?.rows ?? []).flatMap(({ features }) => features))].sort();
  const entitled = () =>
    [...new Set((plans.data?.rows ?? []).flatMap(({ entitlements }) => Object.keys(entitlements)))].sort();
  return (
    <>
      <TextField form={props.form} name="name" label="Name" hint="Display name" />
      <CodeField
        form={props.form}
        isNew={props.isNew}
        hint="Identifier used in the API (slug), such as yearly: lower case letters, digits, - and _."
      />
      <ChoiceField
        form={props.form}
        name="licenseType"
        label="Type"
        hint="License type, as returned to apps."
        options={types}
      />
      <DurationField
        form={props.form}
        name="duration"
        label="Duration"
        hint="From the start date."
        forever="Perpetual"
      />
      <div class="grid grid-cols-2 gap-4">
        <NumberField
          form={props.form}
          name="maxActivations"
          label="Activation limit"
          hint="Max. devices"
          min={0}
        />
        <NumberField
          form={props.form}
          name="maxUsers"
          label="Concurrent users"
          hint="Max. simultaneous sessions"
          min={0}
        />
      </div>
      <TagsField
        form={props.form}
        name="features"
        label="Features"
        hint="Feature codes that apps check. Type one and press Enter."
        item={code}
        known={known()}
      />
      <TermSections
        form={props.form}
        isTrial={props.form.values.licenseType === "trial"}
        known={entitled()}
      />
      <ExampleLicense terms={props.form.values} />
    </>
  );
}
