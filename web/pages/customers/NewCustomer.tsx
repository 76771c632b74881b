// The page that creates a customer.
import { newCustomer } from "../../../server/domain/customers/inputs.ts";
import { CustomerFields } from "../../features/customers/CustomerFields.tsx";
import { NoteFields } from "../../features/tags/NoteFields.tsx";
import { CreatePage } from "../../features/details/CreatePage.tsx";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";

export function NewCustomer() {
  const create = useApiMutation("customers", "create");
  return (
    <CreatePage
      title="New customer"
      list={{ href: addresses.customers(), title: "Customers" }}
      form={{
        schema: newCustomer,
        start: { name: "", email: "", notes: "", tags: [] as string[] },
        draft: "customer/new",
        save: (checked) => create.run(checked),
      }}
      href={addresses.customer}
      message={({ name }) => `Customer “${name}” created.`}
      verb="Create customer"
    >
      {(form) => (
        <>
          <CustomerFields form={form} isNew />
          <NoteFields form={form} />
        </>
      )}
    </CreatePage>
  );
}
