// The dialog that creates a customer from within another form.
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { CustomerFields } from "../../features/customers/CustomerFields.tsx";
import { useApiMutation } from "../../lib/queries.ts";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { toast } from "../../ui/Toasts.tsx";

export function NewCustomerDialog(props: { isOpen: boolean; close(): void; added(id: number): void }) {
  const create = useApiMutation("customers", "create");
  return (
    <FormDialog
      title="New customer"
      isOpen={props.isOpen}
      close={props.close}
      form={{
        schema: newCustomer,
        start: { name: "", email: "" },
        save: (checked) => create.run(checked),
        saved({ id, name }) {
          toast(`Customer “${name}” created.`);
          props.added(id);
        },
      }}
      verb="Create customer"
      disabledReason={() => missingRoleReason("manager")}
    >
      {(form) => <CustomerFields form={form} isNew />}
    </FormDialog>
  );
}
