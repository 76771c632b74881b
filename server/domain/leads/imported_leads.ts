// What a table of leads is imported as.
import type { ImportedKind } from "../imports/imported_kind.ts";
import { cleanLine } from "../text.ts";
import { type TableLead, tableLead } from "./columns.ts";
import { insertLeads } from "./import_batch.ts";
import { LeadDuplicates } from "./import_duplicates.ts";
import { getOutdated, updateFromRows } from "./import_update.ts";
import { leadHeadings } from "./inputs.ts";

export const importedLeads: ImportedKind<TableLead> = {
  noun: "lead",
  jobKind: "import_leads",
  headings: leadHeadings,
  required: ["name"],
  verbatim: ["name"],
  schema: tableLead,
  nameOf: ({ name }) => name,
  readCell(field, cell) {
    const value = field === "notes" ? cell.trim() : cleanLine(cell, Infinity);
    if (field === "stage") return value.toLowerCase();
    // A type is an identifier; people write "Public library".
    return field === "type" ? value.toLowerCase().replaceAll(" ", "_") : value;
  },
  createFinder: () => new LeadDuplicates(),
  insert: insertLeads,
  update: updateFromRows,
  getOutdated,
};
