// Adding a lead, with the first person there.
import { useNavigate } from "@solidjs/router";
import { newLead } from "../../../server/domain/leads/inputs.ts";
import { addresses } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { whyNot } from "../../lib/session.ts";
import { Card } from "../../ui/Card.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { Page } from "../../ui/Page.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { LeadFields } from "./LeadFields.tsx";
import { prepareNewLead } from "./prepare.ts";

export function NewLead() {
  const navigate = useNavigate();
  const create = useChange("leads", "create");
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
      tell(`${name} is a lead.`);
      navigate(addresses.lead(id));
    },
  });
  return (
    <Page title="New lead" back={{ href: addresses.leads(), title: "Leads" }}>
      <Card class="max-w-3xl">
        <FormFrame form={form} verb="Create lead" why={whyNot("manager")} cancel={addresses.leads()}>
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
        </FormFrame>
      </Card>
    </Page>
  );
}
