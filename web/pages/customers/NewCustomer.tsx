// Adding a customer.
import { useNavigate } from "@solidjs/router";
import { addresses } from "../../addresses.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { whyNot } from "../../lib/session.ts";
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { Card } from "../../ui/Card.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { Page } from "../../ui/Page.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { CustomerFields } from "./CustomerFields.tsx";

export function NewCustomer() {
  const navigate = useNavigate();
  const create = useChange("customers", "create");
  const form = createForm({
    schema: newCustomer,
    start: { name: "", email: "" },
    draft: "customer/new",
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      tell(`${name} is a customer.`);
      navigate(addresses.customer(id));
    },
  });
  return (
    <Page title="New customer" back={{ href: addresses.customers(), title: "Customers" }}>
      <Card class="max-w-2xl">
        <FormFrame form={form} verb="Create customer" why={whyNot("manager")} cancel={addresses.customers()}>
          <CustomerFields form={form} isNew />
        </FormFrame>
      </Card>
    </Page>
  );
}
