// The page that creates a lead, with its first contact.
import { useNavigate } from "@solidjs/router";
import { newLead } from "../../../server/domain/leads/inputs.ts";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { TextField } from "../../ui/Field.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { LeadFields } from "./LeadFields.tsx";
import { prepareNewLead } from "./lead_form.ts";

export function NewLead() {
  const navigate = useNavigate();
  const create = useApiMutation("leads", "create");
  const form = createForm({
    schema: newLead,
    start: {
      name: "",
      type: "company",
      stage: "new",
      website: "",
      city: "",
      country: "",
      notes: "",
      "contact.name": "",
      "contact.position": "",
      "contact.email": "",
      "contact.phone": "",
    },
    draft: "lead/new",
    prepare: prepareNewLead,
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      toast(`${name} is a lead.`);
      navigate(addresses.lead(id));
    },
  });
  return (
    <CreatePage
      title="New lead"
      list={{ href: addresses.leads(), title: "Leads" }}
      form={form}
      verb="Create lead"
    >
      <LeadFields form={form} isCustomer={false} isNew />
      <fieldset class="grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
        <legend class="float-left w-full text-sm font-semibold sm:col-span-2">First contact</legend>
        <TextField
          form={form}
          name="contact.name"
          label="Contact’s name"
          hint="Optional"
        />
        <TextField form={form} name="contact.position" label="Position" />
        <TextField form={form} name="contact.email" label="Email" type="email" />
        <TextField form={form} name="contact.phone" label="Phone" />
      </fieldset>
    </CreatePage>
  );
}
