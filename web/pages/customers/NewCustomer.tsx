// Adding a customer.
import { useNavigate } from "@solidjs/router";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { CustomerFields } from "../../features/customers/CustomerFields.tsx";

export function NewCustomer() {
  const navigate = useNavigate();
  const create = useApiMutation("customers", "create");
  const form = createForm({
    schema: newCustomer,
    start: { name: "", email: "" },
    draft: "customer/new",
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      toast(`${name} is a customer.`);
      navigate(addresses.customer(id));
    },
  });
  return (
    <Page title="New customer" back={{ href: addresses.customers(), title: "Customers" }}>
      <Card class="max-w-2xl">
        <FormLayout
          form={form}
          verb="Create customer"
          disabledReason={missingRoleReason("manager")}
          cancel={addresses.customers()}
        >
          <CustomerFields form={form} isNew />
        </FormLayout>
      </Card>
    </Page>
  );
}
