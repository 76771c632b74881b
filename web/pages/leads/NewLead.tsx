// The page that creates a lead, with its first contact.
import { newLead } from "../../../server/domain/leads/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { TextField } from "../../ui/Field.tsx";
import { LeadFields } from "./LeadFields.tsx";
import { prepareNewLead } from "./lead_form.ts";

export function NewLead() {
  const create = useApiMutation("leads", "create");
  return (
    <CreatePage
      title="New lead"
      list={{ href: addresses.leads(), title: "Leads" }}
      form={{
        schema: newLead,
        start: {
          name: "",
          type: "company",
          stage: "new",
          website: "",
          city: "",
          country: "",
          notes: "",
          tags: [],
          "contact.name": "",
          "contact.position": "",
          "contact.email": "",
          "contact.phone": "",
        },
        draft: "lead/new",
        prepare: prepareNewLead,
        save: (checked) => create.run(checked),
      }}
      href={addresses.lead}
      message={({ name }) => `Lead “${name}” created.`}
      verb="Create lead"
    >
      {(form) => (
        <>
          <LeadFields form={form} isCustomer={false} isNew />
          <fieldset class="grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
            <legend class="float-left w-full text-sm font-semibold sm:col-span-2">First contact</legend>
            <TextField
              form={form}
              name="contact.name"
              label="Contact’s name"
              hint="Optional"
            />
            <TextField form={form} name="contact.position" label="Job title" />
            <TextField form={form} name="contact.email" label="Email" type="email" />
            <TextField form={form} name="contact.phone" label="Phone" />
          </fieldset>
        </>
      )}
    </CreatePage>
  );
}
