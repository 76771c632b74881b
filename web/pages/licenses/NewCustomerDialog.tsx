// The dialog that creates a customer from within another form.
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { CustomerFields } from "../../features/customers/CustomerFields.tsx";

export function NewCustomerDialog(props: { isOpen: boolean; close(): void; added(id: number): void }) {
  return (
    <Dialog title="New customer" isOpen={props.isOpen} close={props.close}>
      <Fields close={props.close} added={props.added} />
    </Dialog>
  );
}

function Fields(props: { close(): void; added(id: number): void }) {
  const create = useApiMutation("customers", "create");
  const form = createForm({
    schema: newCustomer,
    start: { name: "", email: "" },
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      toast(`${name} is a customer.`);
      props.added(id);
      props.close();
    },
  });
  return (
    <FormLayout form={form} verb="Add customer" disabledReason={missingRoleReason("manager")}>
      <CustomerFields form={form} isNew />
    </FormLayout>
  );
}
