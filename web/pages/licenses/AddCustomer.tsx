// Adding a customer without leaving what one is at.
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { whyNot } from "../../lib/session.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { tell } from "../../ui/Toasts.tsx";
import { CustomerFields } from "../customers/CustomerFields.tsx";

export function AddCustomer(props: { isOpen: boolean; close(): void; added(id: number): void }) {
  return (
    <Dialog title="New customer" isOpen={props.isOpen} close={props.close}>
      <Fields close={props.close} added={props.added} />
    </Dialog>
  );
}

function Fields(props: { close(): void; added(id: number): void }) {
  const create = useChange("customers", "create");
  const form = createForm({
    schema: newCustomer,
    start: { name: "", email: "" },
    save: (checked) => create.run(checked),
    saved({ id, name }) {
      tell(`${name} is a customer.`);
      props.added(id);
      props.close();
    },
  });
  return (
    <FormFrame form={form} verb="Add customer" why={whyNot("manager")}>
      <CustomerFields form={form} isNew />
    </FormFrame>
  );
}
