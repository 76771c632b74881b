// Adding a lead, with the first person there.
import { useNavigate } from "@solidjs/router";
import { newLead } from "../../../server/domain/leads/inputs.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
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
    <Page title="New lead" back={{ href: addresses.leads(), title: "Leads" }}>
      <Card class="max-w-3xl">
        <FormLayout
          form={form}
          verb="Create lead"
          disabledReason={missingRoleReason("manager")}
          cancel={addresses.leads()}
        >
          <LeadFields form={form} isCustomer={false} isNew />
          <fieldset class="grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
            <legend class="float-left w-full text-sm font-semibold sm:col-span-2">First contact</legend>
            <TextField
              form={form}
              name="contact.name"
              label="Contact’s name"
              hint="Leave it empty when you know nobody there yet."
            />
            <TextField form={form} name="contact.position" label="Position" />
            <TextField form={form} name="contact.email" label="Email" type="email" />
            <TextField form={form} name="contact.phone" label="Phone" />
          </fieldset>
        </FormLayout>
      </Card>
    </Page>
  );
}
