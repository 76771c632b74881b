// Leads: list, export, create, edit, delete and restore.
import { z } from "zod";
import { leadColumns } from "../domain/leads/columns.ts";
import { leadChanges, leadList, newLead } from "../domain/leads/inputs.ts";
import { createLead, deleteLead, getLead, restoreLead, updateLead } from "../domain/leads/leads.ts";
import { listLeads } from "../domain/leads/list.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { deletionTimes, integer, nullableText, revisionField, tagged, text, time } from "./schemas.ts";

export const lead = z.object({
  id: integer.describe("The lead's id"),
  name: text.describe("Name"),
  type: text.describe("Type"),
  stage: z.enum(["new", "contacted", "qualified", "proposal", "won", "lost"]).describe("Stage"),
  website: nullableText.describe("Website"),
  city: nullableText.describe("City"),
  country: nullableText.describe("Country"),
  ...tagged,
  customer_id: integer.nullable().describe("The customer created when the lead was won"),
  ...deletionTimes,
  updated_at: time,
  ...revisionField,
}).meta({ id: "Lead" });

export function leadEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "Lead", label: "lead" },
      path: "/api/admin/leads",
      tag: "Leads",
      reads: viewer,
      writes: manager,
      schema: lead,
      list: { input: leadList, verb: listLeads },
      columns: leadColumns,
      get: getLead,
      create: { input: newLead.omit({ contact: true }), verb: createLead },
      update: { input: leadChanges, verb: updateLead },
      delete: deleteLead,
      restore: restoreLead,
    }),
  ];
}
