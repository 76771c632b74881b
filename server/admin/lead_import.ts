// Import of leads from a table: the documented call.
import { importedLeads } from "../domain/leads/imported_leads.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { answerForm, leadDialect, redirect } from "./lead_fields.ts";
import { tableImportEndpoints } from "./table_import.ts";

export function leadImportEndpoints(guards: Guards): Endpoint[] {
  return tableImportEndpoints({
    kind: importedLeads,
    tag: "Leads",
    path: "/leads/import",
    dialect: leadDialect,
    guard: guards.manager,
    operations: { import: "importLeads", exportInvalidRows: "exportInvalidRows" },
    objects: "leads",
    columns: "the column Name is required",
    rules: {
      duplicates: {
        description:
          "Handling of a row that has the name of an earlier row or of a lead and no other email address: skip it, update " +
          "the lead by its values, or add it (the default)",
        choices: ["skip", "update", "add"],
        byDefault: "add",
      },
    },
    example:
      "Name,Type,Website,City,Country\nUniversity of Example,university,https://example.edu,Exampleton,DE\n",
    answerPage: {
      answer: redirect,
      reply: (request, query, json) => answerForm(request, `/leads/?${query}`, json),
    },
  });
}
