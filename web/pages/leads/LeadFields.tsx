// The fields of a lead.
import { stages } from "../../../server/domain/leads/inputs.ts";
import { NoteFields } from "../../features/tags/NoteFields.tsx";
import { useApiQuery } from "../../lib/queries.ts";
import type { Form } from "../../lib/form.ts";
import { formatWord } from "../../lib/format.ts";
import { ChoiceField, TextField } from "../../ui/Field.tsx";

export interface LeadValues {
  name: string;
  type: string;
  stage: string;
  website: string;
  city: string;
  country: string;
  notes: string;
  tags: string[];
}

/** Types that are always offered, beside those in use. */
const usual = ["university", "company", "government"];

export function LeadFields(props: { form: Form<LeadValues>; isCustomer: boolean; isNew?: boolean }) {
  const stats = useApiQuery("leads", "stats", () => undefined);
  const types = () => [...new Set([...usual, ...Object.keys(stats.data?.byType ?? {})])];
  const willWin = () => props.form.values.stage === "won" && !props.isCustomer;
  return (
    <>
      <TextField
        form={props.form}
        name="name"
        label="Name"
        hint="Organization name."
        autofocus={props.isNew}
      />
      <div class="grid gap-4 sm:grid-cols-2">
        <TextField
          form={props.form}
          name="type"
          label="Type"
          hint="Select a type or enter your own."
          suggestions={types()}
        />
        <ChoiceField
          form={props.form}
          name="stage"
          label="Stage"
          hint={willWin()
            ? "Saving creates a customer with the first contact’s email."
            : "A won lead becomes a customer."}
          options={stages.map((stage) => [stage, formatWord(stage)])}
        />
        <TextField form={props.form} name="city" label="City" />
        <TextField form={props.form} name="country" label="Country" />
      </div>
      <TextField form={props.form} name="website" label="Website" placeholder="https://" />
      <NoteFields form={props.form} />
    </>
  );
}
