// The import of customers from a table.
import { customerHeadings } from "../../../server/domain/customers/inputs.ts";
import { ImportPage } from "../../features/imports/ImportPage.tsx";
import type { ImportTarget } from "../../features/imports/import_target.ts";
import { addresses } from "../../lib/addresses.ts";

const target: ImportTarget = {
  one: "customer",
  many: "customers",
  headings: customerHeadings,
  required: { Name: "a name" },
  list: { href: addresses.customers(), title: "Customers" },
  href: addresses.customer,
  importAddress: addresses.uploadCustomers(),
  invalidRowsAddress: addresses.invalidCustomerRows(),
  duplicatesHint:
    "Rows with the same email as an existing customer or an earlier row; without an email, the same name.",
  handlings: [
    ["skip", "Skip", "Existing customers are unchanged."],
    ["update", "Update", "Values replace those of the existing customer; empty cells are ignored."],
    ["add", "Create", "Each row becomes a separate customer."],
  ],
};

export function ImportCustomers() {
  return <ImportPage target={target} />;
}
