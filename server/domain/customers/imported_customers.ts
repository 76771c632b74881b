// What a table of customers is imported as.
import type { ImportedKind } from "../imports/imported_kind.ts";
import { readTags } from "../imports/cells.ts";
import { cleanLine } from "../text.ts";
import { type TableCustomer, tableCustomer } from "./columns.ts";
import { CustomerDuplicates } from "./import_duplicates.ts";
import { getOutdated, insertCustomers, updateFromRows } from "./import_save.ts";
import { customerHeadings } from "./inputs.ts";

export const importedCustomers: ImportedKind<TableCustomer> = {
  noun: "customer",
  jobKind: "import_customers",
  headings: customerHeadings,
  required: ["name"],
  verbatim: ["name"],
  schema: tableCustomer,
  nameOf: ({ name }) => name,
  readCell(field, cell) {
    if (field === "notes" || field === "metadata") return cell.trim();
    return field === "tags" ? readTags(cell) : cleanLine(cell, Infinity);
  },
  createFinder: () => new CustomerDuplicates(),
  insert: insertCustomers,
  update: updateFromRows,
  getOutdated,
};
