// The page that creates a customer.
import { useNavigate } from "@solidjs/router";
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { CustomerFields } from "../../features/customers/CustomerFields.tsx";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { createForm } from "../../lib/form.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { toast } from "../../ui/Toasts.tsx";

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
    <CreatePage
      title="New customer"
      list={{ href: addresses.customers(), title: "Customers" }}
      form={form}
      verb="Create customer"
    >
      <CustomerFields form={form} isNew />
    </CreatePage>
  );
}
