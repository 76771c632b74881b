// Import of customers from a table.
import { importedCustomers } from "../domain/customers/imported_customers.ts";
import type { Endpoint } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { tableImportEndpoints } from "./table_import.ts";

export function customerImportEndpoints(guards: Guards): Endpoint[] {
  return tableImportEndpoints({
    kind: importedCustomers,
    tag: "Customers",
    path: "/api/admin/customers/import",
    dialect: documentedForm,
    guard: guards.manager,
    operations: { import: "importCustomers", exportInvalidRows: "exportInvalidCustomerRows" },
    objects: "customers",
    columns: "the column Name is required",
    rules: {
      duplicates: {
        description:
          "Handling of a row with the email address of an earlier row or of a customer, or without one with the name of one " +
          "that has none either: skip it (the default), update the customer by its values, or add it",
        choices: ["skip", "update", "add"],
        byDefault: "skip",
      },
    },
    example: 'Name,Email,Tags,Notes\nACME Corp,billing@acme.example,"vip, reseller",Pays by invoice\n',
  });
}
