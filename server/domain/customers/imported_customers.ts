// What a table of customers is imported as.
import type { ImportedKind } from "../imports/imported_kind.ts";
import { cleanLine } from "../text.ts";
import { type TableCustomer, tableCustomer } from "./columns.ts";
import { CustomerDuplicates } from "./import_duplicates.ts";
import { getOutdated, insertCustomers, updateFromRows } from "./import_save.ts";
import { customerHeadings } from "./inputs.ts";

export const importedCustomers: ImportedKind<TableCustomer> = {
  noun: "customer",
  jobKind: "import_customers",
  headings: customerHeadings,
  schema: tableCustomer,
  readCell(field, cell) {
    if (field === "notes") return cell.trim();
    return field === "tags" ? readTags(cell) : cleanLine(cell, Infinity);
  },
  createFinder: () => new CustomerDuplicates(),
  insert: insertCustomers,
  update: updateFromRows,
  getOutdated,
};

/** Tags as people write them, such as "VIP; Key account", in their form: "vip,key-account". */
function readTags(cell: string): string {
  return cell.split(/[,;|\n]/).map((tag) => tag.trim().toLowerCase().replace(/\s+/g, "-")).filter(Boolean)
    .join(",");
}
