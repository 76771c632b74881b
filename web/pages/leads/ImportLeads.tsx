// The import of leads from a table.
import { leadHeadings } from "../../../server/domain/leads/inputs.ts";
import { ImportPage } from "../../features/imports/ImportPage.tsx";
import type { ImportTarget } from "../../features/imports/import_target.ts";
import { addresses } from "../../lib/addresses.ts";

const target: ImportTarget = {
  one: "lead",
  many: "leads",
  headings: leadHeadings,
  required: { Name: "a name" },
  list: { href: addresses.leads(), title: "Leads" },
  href: addresses.lead,
  importAddress: addresses.importLeads(),
  invalidRowsAddress: addresses.invalidRows(),
  duplicatesHint:
    "Rows with the same name as an existing lead or an earlier row, unless their email addresses differ.",
  handlings: [
    ["skip", "Skip", "Existing leads are unchanged."],
    ["update", "Update", "Values replace those of the existing lead; empty cells are ignored."],
    ["add", "Create", "Each row becomes a separate lead."],
  ],
  note: "Rows with the stage won also create customers.",
};

export function ImportLeads() {
  return <ImportPage target={target} />;
}
